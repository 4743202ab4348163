"""Finding a table of the template among the rows of a document, in the edition that fits it best."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from linter.across import read_across
from linter.alignment import Alignment, Rows, Shape, shape, size, table
from linter.document import Block, Table
from linter.errors import Phrase
from linter.folding import label_core, label_key
from linter.matching import Match, PrintedRow, match_rows, printed_rows
from linter.rowwise import Fit, fit, highest, read_rows
from linter.tables import PrintedTable, Unreadable
from linter.template import TableForm

Forms = tuple[tuple[str, TableForm], ...]
"""(edition, its table), the likeliest edition first."""

Matched = tuple[str, TableForm, Sequence[Match]]
"""An edition, its table, and where rows of it are printed."""

ENOUGH = 0.3
"""The share of a table's rows that must be found outside its own section for the table to be taken for it."""

LARGEST = 20_000
"""Characters and cells up to which rows are remembered with what was found among them: a report's have some 1,500."""

LABELS = 4
"""Labels of a table that plain lines must hold to be taken for the table run together."""


def read_table(forms: Forms, own: Rows, everywhere: Callable[[], Rows]) -> PrintedTable | None:
    """The table in the edition that fits it best, or None where it is not there.

    It is looked for among its own section's rows, and where too little is found there, among those of the document.
    """
    best, rows = _find(forms, own), own
    if best is None or not _enough(best, forms):
        others = everywhere()
        elsewhere = _find(forms, others)
        if elsewhere is not None and _enough(elsewhere, forms):
            best, rows = elsewhere, others
    return None if best is None else table(best, rows)


def _enough(found: Alignment, forms: Forms) -> bool:
    return found.form.across or found.found >= ENOUGH * min(len(form.rows) for _, form in forms)


def _find(forms: Forms, rows: Rows) -> Alignment | None:
    """The table among the rows. Reports are made with few tools: most have the shape of one that was seen before."""
    seen = shape(rows)
    return remembered(forms, seen) if size(seen) <= LARGEST else _align(forms, seen)


def _align(forms: Forms, shape: Shape) -> Alignment | None:
    printed = printed_rows(shape)
    first = forms[0][1]
    if first.across:
        return read_across(first, printed)
    best = _best(forms, printed)
    return None if best is None else read_rows(best[1], printed, edition=best[0])


remembered = lru_cache(maxsize=64)(_align)


def _best(forms: Forms, printed: Sequence[PrintedRow]) -> tuple[str | None, Fit] | None:
    """(edition, how it fits) of the best; no edition where another fits as well, or all have the same table."""
    found = _matched(forms, printed, loosely=False)
    if not any(len(matches) == len(form.rows) for _, form, matches in found):
        # No edition is there as it should be: look for misprinted labels.
        found = _matched(forms, printed, loosely=True)
    fits = _fits(found, printed)
    if not fits:
        return None
    score = max(fitting.score for _, fitting in fits)
    edition, best = next(pair for pair in fits if pair[1].score == score)
    tie = sum(fitting.score == score for _, fitting in fits) > 1
    certain = not tie and not all(_same(form, best.form) for _, form in forms)
    return edition if certain else None, best


def _matched(forms: Forms, printed: Sequence[PrintedRow], *, loosely: bool) -> list[Matched]:
    """The editions of which rows are found; of editions with the same table the first."""
    found: list[Matched] = []
    for edition, form in forms:
        if not any(_same(other, form) for _, other, _ in found):
            matches = match_rows(printed, form, loosely=loosely)
            if matches:
                found.append((edition, form, matches))
    return found


def _fits(found: Sequence[Matched], printed: Sequence[PrintedRow]) -> list[tuple[str, Fit]]:
    """(edition, how it fits) of each edition, in their order, without those whose rows show that they fit worse."""
    fits: dict[str, Fit] = {}
    bounds = {edition: highest(form, printed, matches) for edition, form, matches in found}
    for edition, form, matches in sorted(found, key=lambda matched: -bounds[matched[0]]):
        if bounds[edition] >= max((fitting.score for fitting in fits.values()), default=bounds[edition]):
            fits[edition] = fit(form, printed, matches)
    return [(edition, fits[edition]) for edition, _, _ in found if edition in fits]


@lru_cache(maxsize=64)
def _same(one: TableForm, other: TableForm) -> bool:
    """Whether two editions have the same table (forms hash by identity, so each pair is compared once)."""
    return one.blocks == other.blocks and one.across == other.across


def run_together(form: TableForm, blocks: Sequence[Block]) -> Iterator[Unreadable]:
    """The place where a section prints its table in plain lines, labels and digits with no boundary between cells.

    Prose that speaks of the same things says 件 behind its numbers; a table run together does not.
    """
    names = {label_core(row.label) for row in form.rows} | {
        label_core(c.label) for group in form.columns for c in group
    }
    lines = [block for block in blocks if not isinstance(block, Table)]
    telling = [line for line in lines if any(name in label_key(line.text) for name in names)]
    text = "".join(label_key(line.text) for line in telling)
    labels = sum(name in text for name in names)
    digits = sum(char.isdecimal() for char in text)
    if labels >= LABELS and digits >= labels and text.count("件") * 3 < digits:
        yield Unreadable(
            table=form.key,
            at=telling[0].at,
            reason=Phrase(
                zh="格子之间没有分隔，无法确定每个数是多少、属于哪一格",
                en="nothing parts the cells, so that neither the numbers nor their places can be told",
            ),
        )
