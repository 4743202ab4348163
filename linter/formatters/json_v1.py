"""JSON, version 1: a contract. Members are only ever added, never renamed or removed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from linter.diagnostic import Diagnostic, FileResult, Hint, NotChecked, Related, Suppressed
from linter.formatters import Context
from linter.number import plain_number

VERSION = 1


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:  # noqa: ARG001 - all formatters' signature
    """One JSON object for the whole run, file by file."""
    counts: Counter[str] = Counter()
    yield f'{{"version": {VERSION},\n "files": ['
    for number, result in enumerate(results):
        counts.update(diagnostic.level for diagnostic in result.diagnostics)
        counts["files"] += 1
        counts["unchecked"] += len(result.unchecked)
        counts["suppressed"] += len(result.suppressed)
        yield ("," if number else "") + "\n  " + json.dumps(file_object(result), ensure_ascii=False)
    summary = {
        "files": counts["files"],
        "errors": counts["error"],
        "warnings": counts["warning"],
        "infos": counts["info"],
        "unchecked": counts["unchecked"],
        "suppressed": counts["suppressed"],
    }
    yield f'],\n "summary": {json.dumps(summary)}}}\n'


def file_object(result: FileResult) -> dict[str, Any]:
    """A file's member of `files`."""
    return {
        **result.facts,
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in result.diagnostics],
        "held": [
            {
                "rule": item.rule,
                "text": item.text,
                "line": item.at.line,
                "column": item.at.column,
                "page": item.at.page,
                "where": item.at.where,
                "related": [_related(related) for related in item.related],
            }
            for item in result.held
        ],
        "unchecked": [_unchecked(item) for item in result.unchecked],
        "suppressed": [_suppressed(item) for item in result.suppressed],
    }


def _suppressed(item: Suppressed) -> dict[str, Any]:
    diagnostic = item.diagnostic
    return {
        "rule": diagnostic.rule,
        "address": diagnostic.address,
        "line": diagnostic.at.line,
        "reason": item.reason,
        "kind": item.kind,
    }


def _unchecked(item: NotChecked) -> dict[str, Any]:
    return {"rule": item.rule, "reason": item.reason, "address": item.address, "hint": _hint(item.hint)}


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    at = diagnostic.at
    return {
        "rule": diagnostic.rule,
        "level": diagnostic.level.value,
        "message": diagnostic.message,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
        "page": at.page,
        "where": at.where,
        "address": diagnostic.address,
        "related": [_related(related) for related in diagnostic.related],
        "hint": _hint(diagnostic.hint),
    }


def _hint(hint: Hint | None) -> dict[str, Any] | None:
    if hint is None:
        return None
    sets = [
        [
            {"address": c.address, "printed": plain_number(c.printed), "expected": plain_number(c.expected)}
            for c in changes
        ]
        for changes in hint.sets
    ]
    return {"certain": hint.certain, "sets": sets, "text": hint.text}


def _related(related: Related) -> dict[str, Any]:
    at = related.at
    return {"line": at.line, "column": at.column, "page": at.page, "where": at.where, "address": related.address}
