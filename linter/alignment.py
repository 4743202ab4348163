"""Which cells of a document's rows are a table of the template, and the table that they make.

What the numbers are does not matter to it: an alignment is found on the rows' shape, and holds for all rows of that
shape.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from linter.document import Cell, Position, new
from linter.errors import Phrase
from linter.figure import Figure
from linter.number import parse
from linter.remember import remembered
from linter.tables import PrintedTable, Unreadable
from linter.template import ColumnForm, RowSlot, TableForm

Rows = Sequence[Sequence[Cell]]
"""The rows of all tables of a part of a document: the distinct cells of each, from left to right."""

Shape = tuple[tuple[str, ...], ...]
"""The texts of rows, each number as the same one."""

Spot = tuple[int, int]
"""(row, cell) among the rows, 0-based; a cell beyond the row's last one is a blank right behind that."""

NUMBER = "0"
"""What stands for each number in a shape. A number is never a label."""


class Value(NamedTuple):
    """Where the figure of an address stands."""

    address: str
    row: int
    cell: int
    word: int | None  # which word of the cell, where the cells of a row ran together; None for all of it
    table: str  # how people name the place: the table's name …
    column: str  # … and behind the row's number the column's; empty where the table's says all


class Doubt(NamedTuple):
    """Why a row, or where it has no label the whole table, cannot be read."""

    reason: Phrase
    at: Spot | None  # None for the whole table
    row: str = ""


class Alignment(NamedTuple):
    """A table found among rows."""

    form: TableForm
    edition: str | None  # None where it is the same in all templates, or where that cannot be told
    found: int  # rows of the template that are printed
    first: int  # among the printed rows
    last: int
    values: tuple[Value, ...]
    labels: tuple[tuple[str, Spot], ...] = ()
    missing_rows: tuple[tuple[RowSlot, Spot], ...] = ()
    missing_columns: tuple[ColumnForm, ...] = ()
    repeated: tuple[tuple[RowSlot, Spot], ...] = ()
    doubts: tuple[Doubt, ...] = ()


def shape(rows: Rows) -> Shape:
    """What alignment sees of rows."""
    return tuple([tuple([_seen(cell.text) for cell in row]) for row in rows])


def size(shape: Shape) -> int:
    """Characters and cells of a shape: what it takes to keep it."""
    return sum(map(len, shape)) + sum(map(len, chain.from_iterable(shape)))


@remembered(1024)
def _seen(text: str) -> str:
    return text if parse(text) is None else NUMBER


def table(alignment: Alignment, rows: Rows) -> PrintedTable:
    """The table that the alignment finds in rows of its shape."""
    form = alignment.form
    start, end = rows[alignment.first][0].at, rows[alignment.last][-1].at
    at = start._replace(end_line=end.end_line, end_column=end.end_column, where=form.name)
    figures = {figure.address: figure for figure in _figures(alignment.values, rows)}
    return PrintedTable(
        form=form,
        edition=alignment.edition,
        at=at,
        figures=figures,
        numbers={address: figure.value for address, figure in figures.items() if figure.value is not None},
        labels=tuple([(core, rows[row][cell].at) for core, (row, cell) in alignment.labels]),
        missing_rows=tuple([(slot, rows[row][cell].at) for slot, (row, cell) in alignment.missing_rows]),
        missing_columns=alignment.missing_columns,
        repeated=tuple([(slot, rows[row][cell].at) for slot, (row, cell) in alignment.repeated]),
        unreadable=tuple([_unreadable(doubt, form, at, rows) for doubt in alignment.doubts]),
    )


def _figures(values: Iterable[Value], rows: Rows) -> list[Figure]:
    figures: list[Figure] = []
    for address, row, number, word, name, column in values:  # by the hundred: no call for each
        cells = rows[row]
        if word is not None:
            cell = cells[number]._replace(text=cells[number].text.split()[word])
        elif number < len(cells):
            cell = cells[number]
        else:
            cell = _blank_behind(cells[-1])
        text, grid_row, _, (line, start, end_line, end, page, _), _, _ = cell
        where = f"{name} 第{grid_row + 1}行 {column}" if column else name
        at = new(Position, (line, start, end_line, end, page, where))
        figures.append(new(Figure, (address, text, parse(text), at)))
    return figures


def _blank_behind(cell: Cell) -> Cell:
    at = cell.at._replace(line=cell.at.end_line, column=cell.at.end_column)
    return cell._replace(text="", at=at)


def _unreadable(doubt: Doubt, form: TableForm, whole: Position, rows: Rows) -> Unreadable:
    at = whole if doubt.at is None else rows[doubt.at[0]][doubt.at[1]].at
    return Unreadable(table=form.key, at=at, reason=doubt.reason, row=doubt.row)
