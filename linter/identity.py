"""What identifies a diagnostic to other programs, from one run to the next: its file's path and a fingerprint."""

import os
from collections import Counter
from collections.abc import Iterator

from linter.diagnostic import Diagnostic, FileResult


def repository_path(path: str) -> str:
    """The path as repositories and web addresses write it: with slashes, without `./`."""
    return os.path.normpath(path).replace(os.sep, "/")


def fingerprints(result: FileResult) -> Iterator[tuple[Diagnostic, str]]:
    """Each diagnostic with its fingerprint: 32 hexadecimal digits, unique in the file.

    It stays the same when lines are added above, and when a wrong figure is replaced by another wrong one: it is made
    of the path, the rule, and the address or, where there is none, the text at the place.
    """
    from hashlib import sha256  # only for outputs that have fingerprints

    seen: Counter[tuple[str, str]] = Counter()
    for diagnostic in result.diagnostics:
        anchor = diagnostic.address or _text_at(diagnostic, result.lines)
        number = seen[diagnostic.rule, anchor]
        seen[diagnostic.rule, anchor] += 1
        parts = (repository_path(diagnostic.path), diagnostic.rule, anchor, str(number))
        yield diagnostic, sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _text_at(diagnostic: Diagnostic, lines: tuple[str, ...]) -> str:
    at = diagnostic.at
    line = lines[at.line - 1] if 0 < at.line <= len(lines) else ""
    marked = line[at.column - 1 : at.end_column - 1] if at.line == at.end_line else line[at.column - 1 :]
    return marked.strip() or line.strip()
