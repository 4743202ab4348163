"""Tables with one template row a printed row: how an edition fits the printed rows, and which cells its figures are."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from linter.alignment import Alignment, Doubt, Spot, Value
from linter.columns import Window, Wording, candidates, choose, column_order, own_words, split_values, wording_of
from linter.errors import Phrase
from linter.folding import label_core, label_key
from linter.matching import Match, PrintedRow
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
    labels: Sequence[tuple[str, Spot]]  # label cores of the columns that its header names


class Fit(NamedTuple):
    """How well an edition's table fits the printed rows."""

    form: TableForm
    matches: Sequence[Match]
    blocks: Sequence[Block]
    repeated: tuple[tuple[RowSlot, Spot], ...]  # rows that are printed a second time
    score: float


def highest(form: TableForm, printed: Sequence[PrintedRow], matches: Sequence[Match]) -> float:
    """What `fit` can score at most: if each row were readable, and each word of a column stood in its header."""
    matched = {match.printed for match in matches}
    own = own_words(form)
    others = (row.cells for number, row in enumerate(printed) if number not in matched)
    words = sum(label_core(text) in own for cells in others for text in cells)
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
        heads = [row for row in range(above, below) if row not in matched]
        header = [list(map(label_core, printed[row].cells)) for row in heads]
        above = below + 1 if inside else above
        words = wording_of(form, number)
        named = [
            (core, (row, cell))
            for row, cores in zip(heads, header, strict=True)
            for cell, core in enumerate(cores)
            if core in words.labels
        ]
        order = _columns(header, words, printed, inside)
        absent = [column for column in columns if inside and order is not None and column not in order]
        wording += sum(core in words.own for core, _ in named)
        width = len(order or ())
        windows = [candidates(printed[m.printed].cells, m.label, width) if width else [] for m in inside]
        fitting += sum(map(bool, windows))
        blocks.append(Block(inside, order, windows, absent, named))
    repeated, stray = _left_over(form, printed, matches)
    score = _of_rows(form, matches) + HEADER * wording + READABLE * fitting - STRAY * stray
    return Fit(form, matches, blocks, repeated, score)


def read_rows(fit: Fit, printed: Sequence[PrintedRow], edition: str | None = None) -> Alignment:
    """The table as it was fitted, with the places of its figures."""
    form, matches = fit.form, fit.matches
    read = list(_read_values(form, printed, [block for block in fit.blocks if block.columns]))
    labels = [label for block in fit.blocks for label in block.labels]
    labels += [(label_core(form.rows[match.form].label), _label(match)) for match in matches]
    misordered = [block.matches[0] for block in fit.blocks if block.columns is None]
    return Alignment(
        form=form,
        edition=edition,
        found=len(matches),
        first=matches[0].printed,
        last=matches[-1].printed,
        values=tuple(item for item in read if isinstance(item, Value)),
        labels=tuple(labels),
        missing_rows=tuple(_missing_rows(form, matches)),
        missing_columns=tuple(column for block in fit.blocks for column in block.absent),
        repeated=fit.repeated,
        doubts=(
            *(Doubt(_MISORDERED, _label(match)) for match in misordered),
            *(item for item in read if isinstance(item, Doubt)),
        ),
    )


def _missing_rows(form: TableForm, matches: Sequence[Match]) -> Iterator[tuple[RowSlot, Spot]]:
    by_form = {match.form: match for match in matches}
    before = matches[0]
    for number, row in enumerate(form.rows):
        before = by_form.get(number, before)
        if number not in by_form:
            yield row, _label(before)


def _label(match: Match) -> Spot:
    return match.printed, max(match.label, 0)


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
    counts = Counter(sum(map(bool, printed[m.printed].cells[m.label + 1 :])) for m in matches)
    usual = max(counts, key=counts.__getitem__, default=0)
    return there if usual == len(there) > 1 else order


_MISORDERED = Phrase(
    zh="表头各列的次序与格式不同，无法确定各数属于哪一列",
    en="the header names its columns in another order; which number belongs to which cannot be told",
)


def _read_values(form: TableForm, printed: Sequence[PrintedRow], blocks: Sequence[Block]) -> Iterator[Value | Doubt]:
    """Where the figures of the matched rows are, each row with its columns in printed order."""
    ordered = [(match, block.columns or ()) for block in blocks for match in block.matches]
    cells = [printed[match.printed].cells for match, _ in ordered]
    windows = choose([options for block in blocks for options in block.windows], cells)
    for row, (match, order), window in zip(cells, ordered, windows, strict=True):
        slot = form.rows[match.form]
        below = printed[match.printed + 1] if match.printed + 1 < len(printed) else None
        alone = below is not None and below.is_numbered and not below.labels
        values = _values(row, match.label, window, len(order), numbers_below=alone)
        if values is None:
            yield _uncertain(slot, match)
            continue
        for column, (cell, word) in zip(order, values, strict=True):
            if not column.ignored:
                address = f"{form.key}.{slot.key}.{column.key}"
                yield Value(address, match.printed, cell, word, form.name, column.label)


def _values(
    row: Sequence[str], label: int, window: Window | None, width: int, *, numbers_below: bool
) -> Sequence[tuple[int, int | None]] | None:
    """(cell, word) of each value of a row; None where they cannot be told.

    So where too few blanks stand behind the label, and numbers without a label below it.
    """
    if window is not None:
        return [(cell, None) for cell in range(window.start, window.start + width)]
    behind = row[label + 1 :]
    if len(behind) < width and not any(behind) and not numbers_below:
        return [(cell, None) for cell in range(label + 1, label + 1 + width)]
    return split_values(row, label, width)


def _uncertain(slot: RowSlot, match: Match) -> Doubt:
    return Doubt(
        reason=Phrase(
            zh=f"“{slot.label}”一行的数与各列对不上，无法确定哪个数属于哪一列",
            en=f"the numbers of row '{slot.label}' do not fit the columns; which belongs to which cannot be told",
        ),
        at=_label(match),
        row=slot.label,
    )


def _left_over(
    form: TableForm, printed: Sequence[PrintedRow], matches: Sequence[Match]
) -> tuple[tuple[tuple[RowSlot, Spot], ...], int]:
    """(rows printed again, how many others have a label and numbers) among the rows that were not matched."""
    taken = {match.printed for match in matches}
    by_key = {key: row for row in form.rows for key in row.keys}
    found = {match.form for match in matches}
    repeated, stray = [], 0
    for number, row in enumerate(printed):
        if number in taken or not row.is_numbered:
            continue
        label = next(iter(row.labels), None)
        if label is None:
            continue
        slot = by_key.get(label_key(row.cells[label]))
        if slot is not None and any(form.rows[index] is slot for index in found):
            repeated.append((slot, (number, label)))
        else:
            stray += 1
    return tuple(repeated), stray
