"""Tables whose rows stand side by side in one printed row, as in the table of reviews."""

from collections.abc import Sequence

from linter.document import Cell
from linter.errors import Phrase
from linter.figure import figure
from linter.folding import label_core
from linter.matching import PrintedRow, match_rows
from linter.number import is_blank, is_numeric
from linter.rowwise import fit, read_rows
from linter.tables import PrintedTable, Unreadable
from linter.template import TableForm

VALUES = 0.6
"""The share of a row's filled cells that must be numbers or blanks for the row to be one of values."""


def read_across(form: TableForm, printed: Sequence[PrintedRow]) -> PrintedTable | None:
    """A table whose rows stand side by side: in one printed row, in several one after the other, or under labels."""
    columns = form.columns[0]
    names = {label_core(name): column.key for column in columns for name in (column.label, *column.aliases)}
    seen = {
        names[core]
        for row in printed
        for cell in row.cells
        for word in _words(cell)
        if (core := label_core(word)) in names
    }
    if len(seen) < 2:
        return None
    matches = match_rows(printed, form, loosely=False)
    if len(matches) == len(form.rows):
        labelled = read_rows(fit(form, printed, matches), printed)
        if labelled.figures:
            return labelled
    width = len(columns)
    lines = [cells for row in printed if _is_values(cells := _behind_labels(row), width)]
    filled = [cells for cells in lines if any(cell.text for cell in cells)]
    values = _in_sequence(filled or lines[-1:], width, len(form.rows))
    if values is None and not filled:
        return None
    first, last = printed[0].cells[0].at, printed[-1].cells[-1].at
    at = first._replace(end_line=last.end_line, end_column=last.end_column, where=form.name)
    addresses = list(form.addresses())
    slots = [(row, column) for row in form.rows for column in columns]
    figures = {
        address: figure(address, cell, f"{form.name} {row.label} {column.label}")
        for address, cell, (row, column) in zip(addresses, values or (), slots, strict=False)
    }
    reason = Phrase(
        zh=f"应有 {len(addresses)} 个数，各格与栏目对不上",
        en=f"{len(addresses)} numbers are expected, but the cells do not fit the columns",
    )
    return PrintedTable(
        form=form,
        edition=None,
        at=at,
        figures=figures,
        labels=(),
        missing_rows=(),
        missing_columns=(),
        repeated=(),
        unmatched=(),
        unreadable=() if values else (Unreadable(table=form.key, at=at, reason=reason),),
    )


def _behind_labels(row: PrintedRow) -> Sequence[Cell]:
    """The values of a row: all of it, or what stands behind its labels."""
    return row.cells[row.first_value :] if row.labels else row.cells


def _words(cell: Cell) -> set[str]:
    """A cell's text, and its words: damaged headers hold several labels in one cell."""
    return {cell.text, *cell.text.split()}


def _is_values(cells: Sequence[Cell], width: int) -> bool:
    filled = [cell for cell in cells if cell.text]
    numeric = sum(is_numeric(cell.text) or is_blank(cell.text) for cell in filled)
    return len(cells) >= width and numeric >= VALUES * len(filled)


def _in_sequence(lines: Sequence[Sequence[Cell]], width: int, rows_wanted: int) -> list[Cell] | None:
    """The values of the lines one behind the other, if they are just as many as the table has cells."""
    total = width * rows_wanted
    whole = [cells for cells in lines if sum(bool(cell.text) for cell in cells) == total or len(cells) == total]
    if len(whole) == 1:
        filled = [cell for cell in whole[0] if cell.text]
        return filled if len(filled) == total else list(whole[0])
    values: list[Cell] = []
    for cells in lines:
        last = max(index for index, cell in enumerate(cells) if cell.text) if any(c.text for c in cells) else -1
        needed = total if len(lines) == 1 else -(-(last + 1) // width) * width
        if not last < needed <= len(cells):
            return None
        values.extend(cells[:needed])
    return values if len(values) == total else None
