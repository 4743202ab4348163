"""Tables with one template row a printed row: how an edition fits the printed rows, and the figures in it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from linter.columns import Window, Wording, candidates, choose, column_order, own_words, split_values, wording_of
from linter.document import Cell, Position
from linter.errors import Phrase
from linter.figure import Figure, figure
from linter.folding import label_core, label_key
from linter.matching import Match, PrintedRow
from linter.tables import PrintedTable, Unreadable
from linter.template import ColumnForm, RowSlot, TableForm

MISSING, STRAY = 0.5, 0.5
"""Taken off an edition's score for each row that it has and that is not printed, and for each that it lacks."""

HEADER, READABLE = 0.3, 0.5
"""Added for each column label that the header prints as the edition words it, and for each row whose values fit."""


class Block(NamedTuple):
    """A block of a template's table as printed."""

    matches: Sequence[Match]
    columns: Sequence[ColumnForm] | None  # in printed order, ignored ones among them; None where that cannot be told
    windows: Sequence[Sequence[Window]]  # where the values of each match may stand
    absent: Sequence[ColumnForm]  # of the template, and not printed
    labels: Sequence[tuple[str, Position]]  # label cores of the columns that its header names


class Fit(NamedTuple):
    """How well an edition's table fits the printed rows."""

    form: TableForm
    matches: Sequence[Match]
    blocks: Sequence[Block]
    repeated: tuple[tuple[RowSlot, Position], ...]
    unmatched: tuple[PrintedRow, ...]
    score: float


def highest(form: TableForm, printed: Sequence[PrintedRow], matches: Sequence[Match]) -> float:
    """What `fit` can score at most: if each row were readable, and each word of a column stood in its header."""
    matched = {match.printed for match in matches}
    own = own_words(form)
    others = (row.cells for number, row in enumerate(printed) if number not in matched)
    words = sum(label_core(cell.text) in own for cells in others for cell in cells)
    return _of_rows(form, matches) + HEADER * words + READABLE * len(matches)


def _of_rows(form: TableForm, matches: Sequence[Match]) -> float:
    return sum(match.score for match in matches) - MISSING * (len(form.rows) - len(matches))


def fit(form: TableForm, printed: Sequence[PrintedRow], matches: Sequence[Match]) -> Fit:
    """How the table, of which these rows were found, fits the printed rows."""
    slots, blocks = form.rows, list[Block]()
    wording = fitting = 0
    matched = {match.printed for match in matches}
    above = 0
    for number, columns in enumerate(form.columns):
        inside = [match for match in matches if slots[match.form].block == number]
        below = inside[-1].printed if inside else above
        cells = [printed[row].cells for row in range(above, below) if row not in matched]
        header = [[label_core(cell.text) for cell in row] for row in cells]
        above = below + 1 if inside else above
        words = wording_of(form, number)
        named = [
            (core, cell.at)
            for row, cores in zip(cells, header, strict=True)
            for cell, core in zip(row, cores, strict=True)
            if core in words.labels
        ]
        order = _columns(header, words, printed, inside)
        absent = [column for column in columns if inside and order is not None and column not in order]
        wording += sum(core in words.own for core, _ in named)
        width = len(order or ())
        windows = [candidates(printed[m.printed].cells, m.label, width) if width else [] for m in inside]
        fitting += sum(map(bool, windows))
        blocks.append(Block(inside, order, windows, absent, named))
    repeated, unmatched = _left_over(form, printed, matches)
    score = _of_rows(form, matches) + HEADER * wording + READABLE * fitting - STRAY * len(unmatched)
    return Fit(form, matches, blocks, repeated, unmatched, score)


def read_rows(fit: Fit, printed: Sequence[PrintedRow]) -> PrintedTable:
    """The table with its figures, in the edition that was fitted."""
    form, matches = fit.form, fit.matches
    read = list(_read_values(form, printed, [block for block in fit.blocks if block.columns]))
    labels = [label for block in fit.blocks for label in block.labels]
    labels += [(label_core(form.rows[m.form].label), _label_at(printed, m)) for m in matches]
    misordered = [block.matches[0] for block in fit.blocks if block.columns is None]
    first, last = printed[matches[0].printed].cells[0].at, printed[matches[-1].printed].cells[-1].at
    return PrintedTable(
        form=form,
        edition=None,
        at=first._replace(end_line=last.end_line, end_column=last.end_column, where=form.name),
        figures={item.address: item for item in read if isinstance(item, Figure)},
        labels=tuple(labels),
        missing_rows=tuple(_missing_rows(form, printed, matches)),
        missing_columns=tuple(column for block in fit.blocks for column in block.absent),
        repeated=fit.repeated,
        unmatched=fit.unmatched,
        unreadable=(
            *(_misordered(form, _label_at(printed, match)) for match in misordered),
            *(item for item in read if isinstance(item, Unreadable)),
        ),
    )


def _missing_rows(
    form: TableForm, printed: Sequence[PrintedRow], matches: Sequence[Match]
) -> Iterator[tuple[RowSlot, Position]]:
    by_form = {match.form: match for match in matches}
    before = matches[0]
    for number, row in enumerate(form.rows):
        before = by_form.get(number, before)
        if number not in by_form:
            yield row, _label_at(printed, before)


def _label_at(printed: Sequence[PrintedRow], match: Match) -> Position:
    return printed[match.printed].cells[max(match.label, 0)].at


def _columns(
    header: Sequence[Sequence[str]], words: Wording, printed: Sequence[PrintedRow], matches: Sequence[Match]
) -> list[ColumnForm] | None:
    """The columns of a block as printed; fewer than the template's where both the header and the rows lack some.

    `header`: the label cores of the rows above the block's.
    """
    order = column_order(header, words)
    if order is None or len(order) == 1:
        return order
    named = set(chain.from_iterable(header))
    there = [c for c in order if named & {label_core(name) for name in (c.label, *c.aliases)}]
    if len(there) == len(order):
        return order
    counts = Counter(sum(bool(cell.text) for cell in printed[m.printed].cells[m.label + 1 :]) for m in matches)
    usual = max(counts, key=counts.__getitem__, default=0)
    return there if usual == len(there) > 1 else order


def _misordered(form: TableForm, at: Position) -> Unreadable:
    return Unreadable(
        table=form.key,
        at=at,
        reason=Phrase(
            zh="表头各列的次序与格式不同，无法确定各数属于哪一列",
            en="the header names its columns in another order; which number belongs to which cannot be told",
        ),
    )


def _read_values(
    form: TableForm, printed: Sequence[PrintedRow], blocks: Sequence[Block]
) -> Iterator[Figure | Unreadable]:
    """The figures of the matched rows, each with its columns in printed order."""
    ordered = [(match, block.columns or ()) for block in blocks for match in block.matches]
    cells = [printed[match.printed].cells for match, _ in ordered]
    windows = choose([options for block in blocks for options in block.windows], cells)
    slots = form.rows
    for row, (match, order), window in zip(cells, ordered, windows, strict=True):
        slot = slots[match.form]
        below = printed[match.printed + 1] if match.printed + 1 < len(printed) else None
        alone = below is not None and below.is_numbered and not below.labels
        values = _values(row, match.label, window, len(order), numbers_below=alone)
        if values is None:
            yield _uncertain(form, slot, _label_at(printed, match))
            continue
        for column, cell in zip(order, values, strict=True):
            if not column.ignored:
                where = f"{form.name} 第{cell.row + 1}行 {column.label}"
                yield figure(f"{form.key}.{slot.key}.{column.key}", cell, where)


def _values(
    row: Sequence[Cell], label: int, window: Window | None, width: int, *, numbers_below: bool
) -> list[Cell] | None:
    """The value cells of a row; None where they cannot be told, as where numbers without a label stand below it."""
    if window is not None:
        return list(row[window.start : window.start + width])
    behind = row[label + 1 :]
    if len(behind) < width and not any(cell.text for cell in behind) and not numbers_below:
        return [*behind, *[_blank_behind(row[-1])] * (width - len(behind))]
    words = split_values(row, label, width)
    if words is None:
        return None
    filled = (cell for cell in behind for _ in cell.text.split())
    return [cell._replace(text=word) for cell, word in zip(filled, words, strict=True)]


def _blank_behind(cell: Cell) -> Cell:
    at = cell.at._replace(line=cell.at.end_line, column=cell.at.end_column)
    return cell._replace(text="", at=at)


def _uncertain(form: TableForm, slot: RowSlot, at: Position) -> Unreadable:
    return Unreadable(
        table=form.key,
        row=slot.label,
        at=at,
        reason=Phrase(
            zh=f"“{slot.label}”一行的数与各列对不上，无法确定哪个数属于哪一列",
            en=f"the numbers of row '{slot.label}' do not fit the columns; which belongs to which cannot be told",
        ),
    )


def _left_over(
    form: TableForm, printed: Sequence[PrintedRow], matches: Sequence[Match]
) -> tuple[tuple[tuple[RowSlot, Position], ...], tuple[PrintedRow, ...]]:
    """(rows printed again, other rows with a label and numbers) among the rows that were not matched."""
    taken = {match.printed for match in matches}
    by_key = {key: row for row in form.rows for key in row.keys}
    found = {match.form for match in matches}
    repeated, unmatched = [], []
    for number, row in enumerate(printed):
        if number in taken or not row.is_numbered:
            continue
        label = next(iter(row.labels), None)
        if label is None:
            continue
        slot = by_key.get(label_key(row.cells[label].text))
        if slot is not None and any(form.rows[index] is slot for index in found):
            repeated.append((slot, row.cells[label].at))
        else:
            unmatched.append(row)
    return tuple(repeated), tuple(unmatched)
