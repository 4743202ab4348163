"""A template: the sections, tables, rows and columns that a report of some years must have, as data.

Templates are YAML (`rules/templates/`); nothing here knows one of them.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from linter.folding import label_core, label_key


class Aspect(NamedTuple):
    """One of the aspects that a section must speak of."""

    label: str
    aliases: tuple[str, ...] = ()


class SectionForm(NamedTuple):
    key: str
    label: str
    aliases: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()


class ColumnForm(NamedTuple):
    """A column, or a heading over columns; one without a key that is no heading is `ignored`: it may stand there."""

    label: str
    key: str = ""
    aliases: tuple[str, ...] = ()
    number: Literal["count", "signed", "decimal"] = "count"
    ignored: bool = False
    columns: tuple["ColumnForm", ...] = ()


class RowForm(NamedTuple):
    """A row, or a heading over rows; a heading's key, where it has one, is the first part of its rows' keys."""

    label: str
    key: str = ""
    aliases: tuple[str, ...] = ()
    rows: tuple["RowForm", ...] = ()


class RowSlot(NamedTuple):
    """A leaf row as alignment needs it."""

    key: str  # "denied.law"
    label: str
    block: int  # index of its block
    keys: frozenset[str]  # label_key of the label and of each alias
    cores: frozenset[str]  # label_core of the same


class BlockForm(NamedTuple):
    """Rows under one header."""

    columns: tuple[ColumnForm, ...]
    rows: tuple[RowForm, ...]
    title: str = ""


class TableForm(NamedTuple):
    key: str
    section: str  # key of the section that holds it
    name: str  # 表三
    blocks: tuple[BlockForm, ...]
    across: bool = False  # the rows stand side by side in one printed row

    @property
    def rows(self) -> tuple[RowSlot, ...]:
        """The leaf rows of all blocks."""
        return _rows_of(self)

    @property
    def columns(self) -> tuple[tuple[ColumnForm, ...], ...]:
        """The columns of each block that hold cells, without ignored ones."""
        return _columns_of(self)

    def addresses(self) -> Iterator[str]:
        """The address of each cell: `table.row.column`."""
        for row in self.rows:
            for column in self.columns[row.block]:
                yield f"{self.key}.{row.key}.{column.key}"

    def cell_label(self, address: str) -> str:
        """How people name the cell at an address of this table: its row and its column."""
        return f"“{self.label_of(address)}”的“{self.column_of(address).label}”"

    def label_of(self, address: str) -> str:
        """The label of the row that an address of this table lies in."""
        return self._row_of(address).label

    def column_of(self, address: str) -> ColumnForm:
        """The column that an address of this table lies in."""
        key = address.rpartition(".")[2]
        return next(column for column in self.columns[self._row_of(address).block] if column.key == key)

    def _row_of(self, address: str) -> RowSlot:
        key = address.partition(".")[2].rpartition(".")[0]
        return next(row for row in self.rows if row.key == key)

    def __hash__(self) -> int:
        """By identity: forms are few, live as long as the ruleset, and are keys of what is derived from them."""
        return id(self)


class Template(NamedTuple):
    edition: str
    basis: str
    first_year: int
    sections: tuple[SectionForm, ...]
    tables: tuple[TableForm, ...]
    last_year: int | None = None

    def covers(self, year: int) -> bool:
        """Whether the reports of `year` follow this template."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def table(self, key: str) -> TableForm | None:
        """The table of that key."""
        return next((table for table in self.tables if table.key == key), None)

    def section(self, key: str) -> SectionForm | None:
        """The section of that key."""
        return next((section for section in self.sections if section.key == key), None)


def in_force(templates: Sequence[Template], edition: str) -> tuple[Template, ...]:
    """The templates, changed so that the reports of every year follow `edition`; tables of others are still known."""
    others = [template._replace(last_year=-1) for template in templates if template.edition != edition]
    fixed = [template._replace(first_year=0, last_year=None) for template in templates if template.edition == edition]
    return (*others, *fixed)


@lru_cache(maxsize=64)
def _rows_of(form: TableForm) -> tuple[RowSlot, ...]:
    return tuple(slot for number, block in enumerate(form.blocks) for slot in _row_slots(block.rows, number, ""))


@lru_cache(maxsize=64)
def _columns_of(form: TableForm) -> tuple[tuple[ColumnForm, ...], ...]:
    return tuple(tuple(c for c in leaves(block.columns) if not c.ignored) for block in form.blocks)


def _row_slots(rows: tuple[RowForm, ...], block: int, prefix: str) -> Iterator[RowSlot]:
    for row in rows:
        key = f"{prefix}.{row.key}" if prefix and row.key else prefix or row.key
        if row.rows:
            yield from _row_slots(row.rows, block, key)
        else:
            labels = (row.label, *row.aliases)
            yield RowSlot(
                key=key,
                label=row.label,
                block=block,
                keys=frozenset(map(label_key, labels)),
                cores=frozenset(map(label_core, labels)),
            )


def leaves(columns: tuple[ColumnForm, ...]) -> Iterator[ColumnForm]:
    """The columns that hold cells, ignored ones among them, from left to right."""
    for column in columns:
        if column.columns:
            yield from leaves(column.columns)
        else:
            yield column
