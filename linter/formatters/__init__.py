"""Outputs: a run's results → pieces of text. Nothing here prints."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import NamedTuple

from linter.diagnostic import FileResult, Level
from linter.ruleset import Rule
from linter.template import Template

FORMATTERS = {
    "text": "text",
    "json": "json_v1",
    "jsonl": "jsonl",
    "csv": "csv_table",
    "sarif": "sarif",
    "junit": "junit",
    "checkstyle": "checkstyle",
    "github": "github",
    "github-summary": "github_summary",
    "gitlab": "gitlab",
    "rdjson": "rdjson",
    "statistics": "statistics",
    "html": "page",
}
"""Name of `--format` → module of this package, with `render(results, context)`."""


DRAWING = frozenset({"html"})
"""Formats that show the figures and all of a report's text."""


class Context(NamedTuple):
    """What an output may need to know besides the results."""

    lang: str
    color: bool = False
    rules: tuple[Rule, ...] = ()  # all that a diagnostic may name
    templates: tuple[Template, ...] = ()  # oldest first
    fail_on: Level = Level.ERROR  # from which level on a diagnostic is a failure
    quiet: bool = False  # nothing for people but the diagnostics


Formatter = Callable[[Iterable[FileResult], Context], Iterator[str]]


def formatter(name: str) -> Formatter:
    """The formatter of that name, imported when it is first asked for."""
    render: Formatter = import_module(f"linter.formatters.{FORMATTERS[name]}").render
    return render
