"""The tables of a report as read: figures with their addresses, and what is missing, spare or unreadable."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from linter.document import Position
from linter.errors import Phrase
from linter.figure import Figure
from linter.folding import label_core
from linter.template import ColumnForm, RowSlot, TableForm


class Unreadable(NamedTuple):
    """A table, or a row of one, that is there but cannot be read with certainty."""

    table: str
    at: Position
    reason: Phrase
    row: str = ""  # its label; empty for the whole table


class PrintedTable(NamedTuple):
    form: TableForm
    edition: str | None  # None where it is the same in all templates, or where that cannot be told
    at: Position
    figures: Mapping[str, Figure]  # by address
    numbers: Mapping[str, Decimal]  # the values of those that have one
    labels: tuple[tuple[str, Position], ...]  # label cores of its printed rows and columns
    missing_rows: tuple[tuple[RowSlot, Position], ...]  # with the place of the printed row before each, or of the first
    missing_columns: tuple[ColumnForm, ...]
    repeated: tuple[tuple[RowSlot, Position], ...]  # rows that are printed a second time
    unreadable: tuple[Unreadable, ...]

    @property
    def unread(self) -> list[Figure]:
        """The figures without a number: blanks, and what is none."""
        if len(self.numbers) == len(self.figures):  # in most tables
            return []
        return [figure for figure in self.figures.values() if figure.value is None]

    def why_unread(self, address: str) -> Phrase:
        """Why the cell at `address` gives no number."""
        figure = self.figures.get(address)
        cell = self.form.cell_label(address)
        if figure is None:
            return Phrase(zh=f"缺{cell}", en=f"{cell} is missing")
        if figure.text:
            return Phrase(zh=f"{cell}填的是“{figure.text}”", en=f"{cell} holds '{figure.text}'")
        return Phrase(zh=f"{cell}空白", en=f"{cell} is blank")

    def evidence(self, other: TableForm) -> Position:
        """Where the table first shows that it is not `other`: a row or column label that `other` does not have."""
        known = {core for row in other.rows for core in row.cores}
        known |= {label_core(name) for group in other.columns for c in group for name in (c.label, *c.aliases)}
        return next((at for core, at in self.labels if core not in known), self.at)
