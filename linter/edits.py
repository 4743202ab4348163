"""Edits: what stands at a place of a document is replaced by other text, and every other byte of the file stays."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from linter.document import Document, Position
from linter.encoding import line_starts, written_in
from linter.readers import READERS, is_old_word

SOURCES = frozenset({"text", "markdown", "html"})
"""The readers whose lines are the file's own."""

WRITABLE = SOURCES | {"docx"}


class Edit(NamedTuple):
    """The characters at `at`, on one line, become `text`; a place without characters is where it is inserted."""

    at: Position
    text: str


def spot(at: Position, line: int, start: int, end: int) -> Position:
    """The place of the characters with the offsets `start` to `end` in a line, on the page of `at`."""
    return at._replace(line=line, column=start + 1, end_line=line, end_column=end + 1)


def reader_of(path: str) -> str:
    """The name of the reader for files of this format."""
    return READERS.get(os.path.splitext(path)[1].lower(), "")


def writable(path: str) -> bool:
    """Whether files of this format are ever written."""
    return reader_of(path) in WRITABLE and not is_old_word(path)


def apply(data: bytes, document: Document, edits: Sequence[Edit]) -> bytes:
    """`data` with the edits made, those of overlapping ones that stand first; as it was where it cannot be written."""
    chosen = _apart(edits)
    if reader_of(document.path) not in SOURCES:
        from linter.readers.docx.editing import edit  # only for Word files

        return edit(data, chosen)
    encoded = written_in(data, document.lines)
    if encoded is None:
        return data
    mark, codec = encoded
    text = data[len(mark) :].decode(codec)
    starts = line_starts(text)
    for at, new in reversed(chosen):
        start, end = (starts[at.line - 1] + column - 1 for column in (at.column, at.end_column))
        text = text[:start] + new + text[end:]
    return mark + text.encode(codec)


def _apart(edits: Sequence[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(edits):
        last = kept[-1].at if kept else None
        if last is None or (last.line, last.end_column) <= (edit.at.line, edit.at.column):
            kept.append(edit)
    return kept
