"""Outputs: a run's results → pieces of text. Nothing here prints."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from linter.diagnostic import FileResult

FORMATTERS = {
    "text": "text",
    "json": "json_v1",
    "statistics": "statistics",
}
"""Name of `--format` → module of this package, with `render(results, lang, color)`."""

Formatter = Callable[[Iterable[FileResult], str, bool], Iterator[str]]


def formatter(name: str) -> Formatter:
    """The formatter of that name, imported when it is first asked for."""
    render: Formatter = import_module(f"linter.formatters.{FORMATTERS[name]}").render
    return render
