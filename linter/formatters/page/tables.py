"""A template's table as a report fills it, ready to be drawn."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from linter.diagnostic import Level, TablePlace
from linter.figure import Figure
from linter.number import is_blank
from linter.template import ColumnForm, RowForm, TableForm, leaves


class Flag(NamedTuple):
    """A finding at a cell, a row or a table."""

    number: int
    level: Level
    related: bool = False  # not the finding's own place


class HeadCell(NamedTuple):
    label: str
    colspan: int
    rowspan: int


class DrawnCell(NamedTuple):
    address: str
    text: str
    state: Literal["number", "blank", "notnumber", "missing", "unread"]
    flags: tuple[Flag, ...]  # the gravest own one first


class DrawnRow(NamedTuple):
    label: str
    depth: int  # how many headings it stands under
    address: str
    flags: tuple[Flag, ...]
    cells: tuple[DrawnCell, ...]  # none for a heading over rows


class DrawnBlock(NamedTuple):
    title: str
    header: tuple[tuple[HeadCell, ...], ...]
    width: int  # columns of numbers
    rows: tuple[DrawnRow, ...]


class DrawnTable(NamedTuple):
    place: TablePlace
    name: str
    section: str  # the section's label
    flags: tuple[Flag, ...]  # of findings about all of it
    blocks: tuple[DrawnBlock, ...]


Flags = Mapping[str, list[Flag]]


def draw(form: TableForm, section: str, place: TablePlace, figures: Mapping[str, Figure], flags: Flags) -> DrawnTable:
    """The table, its rows and columns as in the form; without blocks where none of it was read."""
    filled = _Filled(figures, flags, place.unreadable)
    blocks = zip(form.blocks, form.columns, strict=True) if place.state == "read" else ()
    drawn = tuple(
        DrawnBlock(
            title=block.title,
            header=tuple(_header(block.columns)),
            width=len(columns),
            rows=tuple(_rows(block.rows, 0, form.key, columns, filled)),
        )
        for block, columns in blocks
    )
    return DrawnTable(place=place, name=form.name, section=section, flags=_flags(flags, form.key), blocks=drawn)


def drawn_addresses(form: TableForm) -> set[str]:
    """The addresses of the cells and rows that `draw` gives a place."""
    return {*form.addresses(), *(f"{form.key}.{row.key}" for row in form.rows)}


class _Filled(NamedTuple):
    figures: Mapping[str, Figure]
    flags: Flags
    unreadable: tuple[str, ...]


def _header(columns: tuple[ColumnForm, ...]) -> Iterator[tuple[HeadCell, ...]]:
    """The header's rows; a column that has no columns below it reaches down to the last."""
    level = [column for column in columns if not column.ignored]
    depth = max(map(_depth, level))
    while level:
        yield tuple(
            HeadCell(
                label=column.label,
                colspan=sum(not leaf.ignored for leaf in leaves((column,))),
                rowspan=1 if column.columns else depth,
            )
            for column in level
        )
        level = [below for column in level for below in column.columns if not below.ignored]
        depth -= 1


def _depth(column: ColumnForm) -> int:
    return 1 + max(map(_depth, column.columns), default=0)


def _rows(
    rows: tuple[RowForm, ...], depth: int, prefix: str, columns: tuple[ColumnForm, ...], filled: _Filled
) -> Iterator[DrawnRow]:
    for row in rows:
        address = f"{prefix}.{row.key}" if row.key else prefix
        if row.rows:
            yield DrawnRow(row.label, depth, "", (), ())
            yield from _rows(row.rows, depth + 1, address, columns, filled)
            continue
        unread = row.label in filled.unreadable or "" in filled.unreadable
        cells = tuple(_cell(f"{address}.{column.key}", filled, unread) for column in columns)
        yield DrawnRow(row.label, depth, address, _flags(filled.flags, address), cells)


def _cell(address: str, filled: _Filled, unread: bool) -> DrawnCell:
    figure = filled.figures.get(address)
    flags = _flags(filled.flags, address)
    if figure is None:
        return DrawnCell(address, "", "unread" if unread else "missing", flags)
    if figure.value is not None:
        return DrawnCell(address, figure.text, "number", flags)
    return DrawnCell(address, figure.text, "blank" if is_blank(figure.text) else "notnumber", flags)


def _flags(flags: Flags, address: str) -> tuple[Flag, ...]:
    return tuple(sorted(flags.get(address, ()), key=lambda flag: (flag.related, flag.level.rank, flag.number)))
