"""Tables whose rows stand side by side in one printed row, as in the table of reviews."""

from collections.abc import Sequence
from typing import NamedTuple

from linter.alignment import Alignment, Doubt, Spot, Value
from linter.errors import Phrase
from linter.folding import label_core
from linter.matching import PrintedRow, match_rows
from linter.number import is_blank, is_numeric
from linter.rowwise import fit, read_rows
from linter.template import TableForm

VALUES = 0.6
"""The share of a row's filled cells that must be numbers or blanks for the row to be one of values."""


def read_across(form: TableForm, printed: Sequence[PrintedRow]) -> Alignment | None:
    """A table whose rows stand side by side: in one printed row, in several one after the other, or under labels."""
    columns = form.columns[0]
    names = {label_core(name): column.key for column in columns for name in (column.label, *column.aliases)}
    seen = {
        names[core]
        for row in printed
        for text in row.cells
        for word in _words(text)
        if (core := label_core(word)) in names
    }
    if len(seen) < 2:
        return None
    matches = match_rows(printed, form, loosely=False)
    if len(matches) == len(form.rows):
        labelled = read_rows(fit(form, printed, matches), printed)
        if labelled.values:
            return labelled
    width = len(columns)
    lines = [line for number, row in enumerate(printed) if (line := _line(number, row)).is_values(width)]
    filled = [line for line in lines if any(line.texts)]
    spots = _in_sequence(filled or lines[-1:], width, len(form.rows))
    if spots is None and not filled:
        return None
    slots = [f"{form.name} {row.label} {column.label}" for row in form.rows for column in columns]
    reason = Phrase(
        zh=f"应有 {len(slots)} 个数，各格与栏目对不上",
        en=f"{len(slots)} numbers are expected, but the cells do not fit the columns",
    )
    return Alignment(
        form=form,
        edition=None,
        found=len(matches),
        first=0,
        last=len(printed) - 1,
        values=tuple(
            Value(address, row, cell, None, slot, "")
            for address, (row, cell), slot in zip(form.addresses(), spots or (), slots, strict=False)
        ),
        doubts=() if spots else (Doubt(reason, None),),
    )


class _Line(NamedTuple):
    """What can be values of a printed row: all of it, or what stands behind its labels."""

    texts: Sequence[str]
    spots: Sequence[Spot]

    def is_values(self, width: int) -> bool:
        filled = list(filter(None, self.texts))
        numeric = sum(is_numeric(text) or is_blank(text) for text in filled)
        return len(self.texts) >= width and numeric >= VALUES * len(filled)


def _line(number: int, row: PrintedRow) -> _Line:
    first = row.first_value if row.labels else 0
    return _Line(row.cells[first:], [(number, cell) for cell in range(first, len(row.cells))])


def _words(text: str) -> set[str]:
    """A cell's text, and its words: damaged headers hold several labels in one cell."""
    return {text, *text.split()}


def _in_sequence(lines: Sequence[_Line], width: int, rows_wanted: int) -> list[Spot] | None:
    """The values of the lines one behind the other, if they are just as many as the table has cells."""
    total = width * rows_wanted
    whole = [line for line in lines if total in (sum(map(bool, line.texts)), len(line.texts))]
    if len(whole) == 1:
        spots, texts = whole[0].spots, whole[0].texts
        filled = [spot for spot, text in zip(spots, texts, strict=True) if text]
        return filled if len(filled) == total else list(spots)
    values: list[Spot] = []
    for texts, spots in lines:
        last = max((index for index, text in enumerate(texts) if text), default=-1)
        needed = total if len(lines) == 1 else -(-(last + 1) // width) * width
        if not last < needed <= len(texts):
            return None
        values.extend(spots[:needed])
    return values if len(values) == total else None
