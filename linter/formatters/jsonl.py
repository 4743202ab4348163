"""JSON lines: the file objects of JSON version 1, one a line, each as soon as its file is checked."""

import json
from collections.abc import Iterable, Iterator

from linter.diagnostic import FileResult
from linter.formatters import Context
from linter.formatters.json_v1 import file_object


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:  # noqa: ARG001 - all formatters' signature
    """One line a file, also for a file in which nothing was found."""
    for result in results:
        yield json.dumps(file_object(result), ensure_ascii=False) + "\n"
