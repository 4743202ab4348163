"""Which printed row is which row of the template: a monotone alignment on label similarity.

The order of rows is the same in print and in the template, so the best matching is the heaviest chain of pairs that
grows on both sides. A noise row, a missing row, a repeated header or a broken label then moves nothing else.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from operator import lt
from typing import NamedTuple

from linter.alignment import Shape
from linter.folding import label_core, label_key
from linter.number import is_blank, is_numeric
from linter.template import RowSlot, TableForm

EXACT, CORE, PREFIX = 1.0, 0.95, 0.85
"""Similarity of a label that is the template's or an alias; that differs by its number; that is cut short."""

NOT_LAST = 0.3
"""Taken off where another label stands between the matched one and the values."""

FUZZY = 0.6
"""The least similarity (0 to 1) at which a misprinted label is believed, between rows that are certain."""

MIN_PREFIX = 4
"""Characters from which on the beginning of a label stands for the label."""

MAX_LOOSE = 300
"""Rows between two certain ones from which on none of them is taken for a misprint: no report has as many."""


class PrintedRow(NamedTuple):
    """A row of a table in the document, the texts of its distinct cells from left to right."""

    cells: Sequence[str]
    first_value: int  # index of the first cell that holds a number; len(cells) where none does
    labels: tuple[int, ...]  # indices of the cells that can be labels, nearest to the values first

    @property
    def is_numbered(self) -> bool:
        """Whether a cell holds a number."""
        return self.first_value < len(self.cells)


class Match(NamedTuple):
    """Printed row `printed` is template row `form`; its values begin behind cell `label`."""

    printed: int
    form: int
    label: int
    score: float


def printed_rows(shape: Shape) -> list[PrintedRow]:
    """The rows of that shape, each with the cells that can be labels."""
    return list(map(_printed_row, shape))


def _printed_row(cells: Sequence[str]) -> PrintedRow:
    labels: list[int] = []
    for index, text in enumerate(cells):
        if is_numeric(text):
            return PrintedRow(cells, index, tuple(labels[::-1]))
        if not is_blank(text):
            labels.append(index)
    return PrintedRow(cells, len(cells), tuple(labels[::-1]))


def match_rows(printed: Sequence[PrintedRow], form: TableForm, *, loosely: bool = True) -> list[Match]:
    """The best matching of printed rows with the table's rows, in order: certain labels first, then what lies between.

    Without `loosely` only the certain ones: misprinted labels are not looked for.
    """
    forms = form.rows
    by_key, by_core = _index(form)
    pairs = [match for number, row in enumerate(printed) for match in _certain(number, row, by_key, by_core)]
    matches = heaviest_chain(pairs)
    if loosely and len(matches) < len(forms):
        matches = sorted([*matches, *_between(printed, forms, matches)], key=lambda match: match.form)
    return matches


@lru_cache(maxsize=64)
def _index(form: TableForm) -> tuple[dict[str, int], dict[str, int]]:
    """(number of the first row by each label key, by each label core)."""
    numbered = list(enumerate(form.rows))[::-1]
    by_key = {key: number for number, form in numbered for key in form.keys}
    return by_key, {core: number for number, form in numbered for core in form.cores}


def _certain(number: int, row: PrintedRow, by_key: dict[str, int], by_core: dict[str, int]) -> Iterator[Match]:
    for place, label in enumerate(row.labels):
        text = row.cells[label]
        form = by_key.get(label_key(text))
        score = EXACT
        if form is None:
            # A header cell (其他, 总计) is no row: without its number a label counts only in front of values.
            form = by_core.get(label_core(text)) if row.is_numbered or label + 1 < len(row.cells) else None
            score = CORE if row.is_numbered else CORE / 2
        if form is not None:
            yield Match(printed=number, form=form, label=label, score=score - NOT_LAST * (place > 0))


def heaviest_chain(pairs: Sequence[Match]) -> list[Match]:
    """The pairs of greatest total score that grow in both `printed` and `form`.

    Time is that of pairs times forms: a report may have a hundred thousand rows with one label.
    """
    rows, forms = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if all(map(lt, rows, rows[1:])) and all(map(lt, forms, forms[1:])):  # most tables are printed in order
        return list(pairs)
    pairs = sorted(pairs)
    best: list[tuple[float, int]] = []  # (score of the best chain that ends with the pair, index of the pair before it)
    ends: dict[int, tuple[float, int]] = {}  # form -> (score, index) of the best chain that ends there, of rows above
    for _, group in groupby(enumerate(pairs), key=lambda numbered: numbered[1].printed):
        row = list(group)
        for _, pair in row:
            before = max((end for form, end in ends.items() if form < pair.form), default=(0.0, -1))
            best.append((before[0] + pair.score, before[1]))
        for index, pair in row:
            ends[pair.form] = max(ends.get(pair.form, (0.0, -1)), (best[index][0], index))
    chain: list[Match] = []
    at = max(range(len(pairs)), key=lambda index: best[index][0], default=-1)
    while at >= 0:
        chain.append(pairs[at])
        at = best[at][1]
    return chain[::-1]


def _between(printed: Sequence[PrintedRow], forms: Sequence[RowSlot], matches: Sequence[Match]) -> Iterator[Match]:
    """Matches of the rows between certain ones, where a label is misprinted, cut short or split over rows."""
    bounds = [(-1, -1), *((match.printed, match.form) for match in matches), (len(printed), len(forms))]
    for (row_before, form_before), (row_after, form_after) in pairwise(bounds):
        missing = range(form_before + 1, form_after)
        loose = [row for row in range(row_before + 1, row_after) if printed[row].is_numbered]
        if missing and 0 < len(loose) < MAX_LOOSE:
            yield from heaviest_chain(
                [
                    match
                    for row in loose
                    for form in missing
                    if (match := _similar(printed, row, form, forms[form])) is not None
                ]
            )


def _similar(printed: Sequence[PrintedRow], row: int, number: int, form: RowSlot) -> Match | None:
    label = next(iter(printed[row].labels), -1)
    own = label_core(printed[row].cells[label]) if label >= 0 else ""
    above, below = _fragment(printed, row - 1), _fragment(printed, row + 1)
    texts = {own, above + own, own + below, above + own + below} - {""}
    score = max((_similarity(text, core) for text in texts for core in form.cores), default=0.0)
    if score < FUZZY:
        return None
    return Match(printed=row, form=number, label=label, score=score)


def _fragment(printed: Sequence[PrintedRow], row: int) -> str:
    """The text of a row that holds nothing but a label: it may belong to the row beside it."""
    if not 0 <= row < len(printed) or printed[row].is_numbered:
        return ""
    return "".join(label_core(printed[row].cells[label]) for label in reversed(printed[row].labels))


def _similarity(text: str, core: str) -> float:
    if text == core:
        return CORE
    if len(text) >= MIN_PREFIX and core.startswith(text):
        return PREFIX
    if min(len(text), len(core)) < MIN_PREFIX:
        return 0.0
    # Imported here: most reports have no misprinted label and need not pay for it.
    from rapidfuzz.fuzz import ratio

    return ratio(text, core) / 100 * PREFIX
