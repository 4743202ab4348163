"""Plain text: paragraphs, and tables in the layouts that copies of reports come in.

The file is cut into regions of lines that are alike; each region goes to the layout that it has (`layouts`), and what
belongs to no table is a paragraph a line.
"""

from collections.abc import Iterator, Sequence

from linter.directives import read_around
from linter.document import Block, Document, Paragraph, Position, Table
from linter.encoding import decode, split_lines
from linter.readers.text import aligned, layouts
from linter.readers.text.lines import Line, Row

LONG = 60
"""Characters from which on the only cell of a row is prose that was indented with a tab."""


def read(data: bytes, path: str) -> Document:
    """The document in `data`. Raises ReadError for bytes that are no text."""
    return read_around(path, split_lines(decode(data)), _blocks)


def _blocks(source: Sequence[str]) -> Iterator[Block]:
    lines = [Line(number, text) for number, text in enumerate(source, 1)]
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
    cells = tuple(slot.cell(number, column) for number, row in enumerate(region) for column, slot in enumerate(row))
    if cells:
        first, last = cells[0].at, cells[-1].at
        at = Position(line=first.line, column=first.column, end_line=last.end_line, end_column=last.end_column)
        yield Table(cells=cells, at=at)
