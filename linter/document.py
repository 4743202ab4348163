"""A document as its reader saw it: blocks of text and tables, each with its place.

Lines and columns are 1-based and count characters (code points) of `Document.lines`; an end column is exclusive.
Formats with source lines (text, Markdown, HTML) number the lines of the file; the others get a text view (`typeset`).
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

new = tuple.__new__
"""`new(Position, (…))` makes a named tuple of all its fields in half the time: for what a file has by the hundred."""

MAX_SPAN = 1000
"""The largest colspan and rowspan that is believed, as in the HTML standard's table model."""


class Position(NamedTuple):
    """A span of `Document.lines`; `page` and `where` point into the original."""

    line: int
    column: int
    end_line: int
    end_column: int
    page: int | None = None  # 1-based, for formats with pages
    where: str = ""  # for people: "表三 第5行 自然人", "第12段"


NOWHERE = Position(line=1, column=1, end_line=1, end_column=1)
"""Where a reader without source lines puts its blocks until `typeset` gives them their place."""

Marks = tuple[tuple[int, int, int], ...]
"""(offset, line, column): from `offset` on, the text stands at `line`, `column` of the source, until the next mark.

Empty where the text stands in one piece on one line at its position."""


class Heading(NamedTuple):
    text: str
    level: int  # 1 is the highest
    at: Position
    marks: Marks = ()


class Paragraph(NamedTuple):
    text: str
    at: Position
    marks: Marks = ()


class Cell(NamedTuple):
    """A table cell; `row` and `column` are 0-based places in the table's grid."""

    text: str
    row: int
    column: int
    at: Position
    rowspan: int = 1
    colspan: int = 1


class Table(NamedTuple):
    cells: tuple[Cell, ...]  # in reading order
    at: Position


Block = Heading | Paragraph | Table


class Directive(NamedTuple):
    """A comment in the file that speaks to this program."""

    text: str | None  # behind `nianbao:`; None where the comment does not end on its line
    at: Position
    line: int  # the line it speaks of: its own, or the next one where nothing else is on its own


class Document(NamedTuple):
    path: str
    lines: tuple[str, ...]  # the numbered text view that every line number indexes
    blocks: tuple[Block, ...]
    directives: tuple[Directive, ...] = ()


def place(block: Heading | Paragraph, start: int, end: int) -> Position:
    """The position of `block.text[start:end]`, offsets in characters."""
    marks = block.marks or ((0, block.at.line, block.at.column),)
    line, column = _locate(marks, start)
    end_line, end_column = _locate(marks, max(start, end - 1))
    return block.at._replace(line=line, column=column, end_line=end_line, end_column=end_column + (end > start))


def _locate(marks: Marks, offset: int) -> tuple[int, int]:
    """(line, column) of the character at `offset`."""
    start, line, column = max((mark for mark in marks if mark[0] <= offset), default=marks[0])
    return line, column + offset - start


_COLUMN = attrgetter("column")


def rows(table: Table) -> list[list[Cell]]:
    """The table's rows: the distinct cells that cover each, from left to right; a merged cell is in all of its rows."""
    if not table.cells:
        return []
    grid: list[list[Cell]] = [[] for _ in range(max(cell.row for cell in table.cells) + 1)]
    merged = False
    for cell in table.cells:
        grid[cell.row].append(cell)
        if cell.rowspan > 1:
            merged = True
            for below in grid[cell.row + 1 : cell.row + cell.rowspan]:
                below.append(cell)
    if merged:
        for row in grid:
            row.sort(key=_COLUMN)
    return grid


def expand_spans(source: Iterable[Sequence[Cell]]) -> Iterator[Cell]:
    """The cells of each source row with `row` and `column` set as the HTML table model lays out row and column spans.

    A cell's own `row` and `column` are ignored; spans are cut to MAX_SPAN. Source: HTML, section 4.9.12.
    """
    taken: dict[int, int] = {}  # grid column -> first row that is free below a cell spanning down into it
    for row, cells in enumerate(source):
        column = 0
        for cell in cells:
            while taken.get(column, 0) > row:
                column += 1
            colspan = cell.colspan if 1 <= cell.colspan <= MAX_SPAN else max(1, min(cell.colspan, MAX_SPAN))
            rowspan = cell.rowspan if 1 <= cell.rowspan <= MAX_SPAN else max(1, min(cell.rowspan, MAX_SPAN))
            for covered in range(column, column + colspan):
                taken[covered] = row + rowspan
            yield Cell(cell.text, row, column, cell.at, rowspan, colspan)
            column += colspan


def typeset(blocks: Iterable[Block]) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    """The text view of blocks that have no source lines, and the blocks with their places in it.

    A paragraph is one line (one more for each line break in it); a table row is one line, its cells behind `| `, with
    line breaks shown as spaces; a merged cell is printed where it begins. An empty line parts blocks.
    """
    lines: list[str] = []
    placed: list[Block] = []
    for block in blocks:
        if lines and not (isinstance(block, Paragraph) and isinstance(placed[-1], Paragraph)):
            lines.append("")
        if isinstance(block, Table):
            placed.append(_typeset_table(block, lines))
            continue
        marks = []
        offset = 0
        first = len(lines) + 1
        for part in block.text.split("\n"):
            lines.append(part)
            marks.append((offset, len(lines), 1))
            offset += len(part) + 1
        at = block.at._replace(line=first, column=1, end_line=len(lines), end_column=len(lines[-1]) + 1)
        placed.append(block._replace(at=at, marks=tuple(marks)))
    return tuple(lines), tuple(placed)


def _typeset_table(table: Table, lines: list[str]) -> Table:
    cells: list[Cell] = []
    first = len(lines) + 1
    for number, row in enumerate(rows(table)):
        own = len(lines) + 1
        line = "|"
        for text, begins, column, (_, _, _, _, page, where), rowspan, colspan in row:
            if begins != number:
                line += " |"
                continue
            shown = text.replace("\n", " ")
            start = len(line) + 2
            line += f" {shown} |"
            at = new(Position, (own, start, own, start + len(shown), page, where))
            cells.append(new(Cell, (text, number, column, at, rowspan, colspan)))
        lines.append(line)
    at = table.at._replace(line=first, column=1, end_line=len(lines), end_column=len(lines[-1]) + 1 if lines else 1)
    return table._replace(cells=tuple(cells), at=at)


def width(text: str) -> int:
    """How many terminal columns `text` takes: East Asian wide and full-width characters two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_WIDTHS.__getitem__, text))


class _Widths(dict[str, int]):
    """The width of each character that was asked for."""

    def __missing__(self, char: str) -> int:
        wide = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        self[char] = 0 if unicodedata.combining(char) else wide
        return self[char]


_WIDTHS = _Widths()
