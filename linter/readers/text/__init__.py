"""Plain text: paragraphs, and tables in the layouts that copies of reports come in.

The file is cut into regions of lines that are alike; each region goes to the layout that it has (`layouts`), and what
belongs to no table is a paragraph a line.
"""

import re
from collections.abc import Iterator, Sequence

from linter.directives import read_around
from linter.document import Block, Cell, Document, Paragraph, Position, Table, new
from linter.encoding import decode, split_lines
from linter.errors import Phrase, ReadError
from linter.readers.text import aligned, layouts
from linter.readers.text.lines import Line, Row

LONG = 60
"""Characters from which on the only cell of a row is prose that was indented with a tab."""


_FIRST, _LAST = frozenset("-—–－―第"), frozenset("-—–－―页)）")
_PAGE_NUMBER = r"([-—–－―])\1*\s*\d{1,3}\s*\1+|第\s*\d{1,3}\s*页(?:\s*[/，,（(]?\s*共\s*\d{1,3}\s*页\s*[)）]?)?"
"""- 4 -, — 4 —, 第 4 页 共 9 页: no cell of a table says that. Compiled only for a text that seems to have one."""

MAX_LINES = 20_000
"""The most lines that are read; the longest real reports have some 2,000."""

MAX_SEPARATORS = 200_000
"""The most tabs and pipes that are read: each makes a cell."""


def read(data: bytes, path: str) -> Document:
    """The document in `data`. Raises ReadError for bytes that are no text, or too much of it."""
    text = decode(data)
    source = split_lines(text)
    if len(source) > MAX_LINES or text.count("\t") + text.count("|") > MAX_SEPARATORS:
        raise ReadError(
            Phrase(
                zh=f"超过 {MAX_LINES} 行，或超过 {MAX_SEPARATORS} 个制表符和竖线",
                en=f"more than {MAX_LINES} lines, or more than {MAX_SEPARATORS} tabs and pipes",
            ),
            Phrase(
                zh="年报通常不到 2000 行：请确认选对了文件", en="reports have some 2,000 lines: is this the right file?"
            ),
        )
    return read_around(path, source, _blocks)


def _blocks(source: Sequence[str]) -> Iterator[Block]:
    lines = _without_page_numbers([Line(number, text) for number, text in enumerate(source, 1)])
    start = 0
    while start < len(lines):
        region = (
            next((found for find in _LAYOUTS if (found := find(lines, start))), None) if lines[start].text else None
        )
        if region is not None:
            yield from _region_blocks(region.rows)
            start = region.end
            continue
        if lines[start].bare:
            yield lines[start].paragraph()
        start += 1


def _without_page_numbers(lines: list[Line]) -> list[Line]:
    """The lines without those that show a page's number, and without the empty ones around these.

    A page breaks where it will, in the midst of a row too: the lines above and below belong together.
    """
    likely = [index for index, line in enumerate(lines) if line.bare[:1] in _FIRST and line.bare[-1] in _LAST]
    numbers = [index for index in likely if re.fullmatch(_PAGE_NUMBER, lines[index].bare)]
    if not numbers:
        return lines
    dropped = set(numbers)
    for number in numbers:
        for around in (range(number - 1, -1, -1), range(number + 1, len(lines))):
            for index in around:
                if lines[index].text.strip(" \f"):
                    break
                dropped.add(index)
    return [line for index, line in enumerate(lines) if index not in dropped]


_LAYOUTS = (
    layouts.piped,
    layouts.tabbed,
    aligned.spaced,
    aligned.bare,
)
"""In order of certainty: a separator that can be seen before one that must be inferred."""


def _region_blocks(region: list[Row]) -> Iterator[Block]:
    """A table of the rows, cut where a row is prose."""
    pending: list[Row] = []
    for row in region:
        texts = [cell for cell in row if cell.text]
        if len(texts) == 1 and len(texts[0].text) > LONG:
            yield from _table(pending)
            pending = []
            yield Paragraph(text=texts[0].text, at=texts[0].at, marks=texts[0].marks)
        else:
            pending.append(row)
    yield from _table(pending)


def _table(region: list[Row]) -> Iterator[Table]:
    cells = tuple(
        [
            new(Cell, (slot.text, number, column, slot.at, 1, 1))
            for number, row in enumerate(region)
            for column, slot in enumerate(row)
        ]
    )
    if cells:
        first, last = cells[0].at, cells[-1].at
        at = Position(line=first.line, column=first.column, end_line=last.end_line, end_column=last.end_column)
        yield Table(cells=cells, at=at)
