"""Reviewdog's diagnostic format (rdjson), for comments on changes in any forge that reviewdog knows."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from linter.diagnostic import Diagnostic, FileResult
from linter.document import Position
from linter.formatters import Context
from linter.identity import repository_path


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:  # noqa: ARG001 - all formatters' signature
    """One object, diagnostic by diagnostic."""
    yield '{"source": {"name": "nianbao-lint"},\n "diagnostics": ['
    separator = "\n  "
    for result in results:
        for diagnostic in result.diagnostics:
            yield separator + json.dumps(_diagnostic(diagnostic, result.lines), ensure_ascii=False)
            separator = ",\n  "
    yield "]}\n"


def _diagnostic(diagnostic: Diagnostic, lines: tuple[str, ...]) -> dict[str, Any]:
    path = repository_path(diagnostic.path)
    return {
        "message": diagnostic.message,
        "location": _location(path, diagnostic.at, lines),
        "severity": diagnostic.level.upper(),
        "code": {"value": diagnostic.rule},
        "related_locations": [
            {"message": related.at.where, "location": _location(path, related.at, lines)}
            for related in diagnostic.related
        ],
    }


def _location(path: str, at: Position, lines: tuple[str, ...]) -> dict[str, Any]:
    start = {"line": at.line, "column": _byte_column(lines, at.line, at.column)}
    end = {"line": at.end_line, "column": _byte_column(lines, at.end_line, at.end_column)}
    return {"path": path, "range": {"start": start, "end": end}}


def _byte_column(lines: tuple[str, ...], line: int, column: int) -> int:
    """The column counted in bytes of UTF-8, as rdjson counts it."""
    before = lines[line - 1][: column - 1] if 0 < line <= len(lines) else ""
    return len(before.encode("utf-8", "surrogatepass")) + 1
