"""GitLab's Code Quality report: a JSON array with one object a diagnostic."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from linter.diagnostic import Diagnostic, FileResult, Level
from linter.formatters import Context
from linter.identity import fingerprints, repository_path

SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor", Level.INFO: "info"}


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:  # noqa: ARG001 - all formatters' signature
    """The array, object by object."""
    yield "["
    separator = "\n "
    for result in results:
        for diagnostic, fingerprint in fingerprints(result):
            yield separator + json.dumps(_issue(diagnostic, fingerprint), ensure_ascii=False)
            separator = ",\n "
    yield "]\n"


def _issue(diagnostic: Diagnostic, fingerprint: str) -> dict[str, Any]:
    return {
        "description": diagnostic.message,
        "check_name": diagnostic.rule,
        "fingerprint": fingerprint,
        "severity": SEVERITIES[diagnostic.level],
        "location": {
            "path": repository_path(diagnostic.path),
            "lines": {"begin": diagnostic.at.line, "end": diagnostic.at.end_line},
        },
    }
