"""Which cell of a row stands in which column: windows of values behind the label, and the order a header prints."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from linter.folding import label_core
from linter.number import is_blank, is_numeric
from linter.template import ColumnForm, TableForm, leaves

CLEAR = 1.5
"""How many times the evidence for one place must outweigh that for the next, to be believed."""

SAME_SHAPE = 3
"""How many times more a certain row of the same shape weighs."""


class Window(NamedTuple):
    """Where the values of a row may begin: at cell `start`, `width` cells long."""

    start: int
    width: int
    label: int  # index of the row's label cell


def candidates(cells: Sequence[str], label: int, width: int) -> list[Window]:
    """The windows behind the label that hold all that the row says; none where it has too few or too many values."""
    filled = [index for index in range(label + 1, len(cells)) if cells[index]]
    if filled and filled[-1] - filled[0] >= width:  # a remark behind the numbers is no value
        filled = [index for index in filled if is_numeric(cells[index]) or is_blank(cells[index])]
    low = max(label + 1, filled[-1] - width + 1) if filled else label + 1
    high = min(len(cells) - width, filled[0]) if filled else len(cells) - width
    return [Window(start=start, width=width, label=label) for start in range(low, high + 1)]


def choose(options: Sequence[Sequence[Window]], rows: Sequence[Sequence[str]]) -> list[Window | None]:
    """For each row the window that the rows around it speak for; None where that cannot be told.

    A row with one possible window is certain. One with several (a blank at the edge of a row that has spare cells) goes
    by the certain rows: where all begin their values in the same cell, or all right behind the label, that decides;
    else near rows and rows of the same shape weigh more.
    """
    certain = [(number, windows[0]) for number, windows in enumerate(options) if len(windows) == 1]
    starts = {window.start for _, window in certain}
    gaps = {window.start - window.label for _, window in certain}
    chosen: list[Window | None] = []
    for number, windows in enumerate(options):
        fitting = windows
        if len(windows) > 1 and (len(starts) == 1 or len(gaps) == 1):
            agreeing = [w for w in windows if (w.start in starts if len(starts) == 1 else w.start - w.label in gaps)]
            fitting = agreeing or windows
        blank = bool(windows) and not any(rows[number][windows[0].label + 1 :])
        if len(fitting) < 2 or blank:
            chosen.append(fitting[0] if fitting else None)
            continue
        votes = [_support(window, number, certain, rows) for window in fitting]
        best = max(range(len(fitting)), key=votes.__getitem__)
        rest = max(vote for index, vote in enumerate(votes) if index != best)
        chosen.append(fitting[best] if votes[best] > CLEAR * rest else None)
    return chosen


def _support(
    window: Window, number: int, certain: Sequence[tuple[int, Window]], rows: Sequence[Sequence[str]]
) -> float:
    """How much the certain rows speak for a window of row `number`: those that begin likewise."""
    total = 0.0
    for other, known in certain:
        alike = _shape(rows[other], known) == _shape(rows[number], window)
        same = (known.start == window.start) + (known.start - known.label == window.start - window.label)
        total += same * (SAME_SHAPE if alike else 1) / (1 + abs(other - number))
    return total


def _shape(cells: Sequence[str], window: Window) -> tuple[int, tuple[bool, ...]]:
    """A row's length, and which of its cells up to the label are filled."""
    return len(cells), tuple(map(bool, cells[: window.label + 1]))


def split_values(cells: Sequence[str], label: int, width: int) -> list[tuple[int, int]] | None:
    """(cell, word) of each value of a row whose cells ran together with spaces between (`0 0 0`).

    None where behind the label there is more, or less, than `width` numbers.
    """
    words = [(cell, *word) for cell in range(label + 1, len(cells)) for word in enumerate(cells[cell].split())]
    if len(words) != width or not all(is_numeric(text) for _, _, text in words):
        return None
    return [(cell, number) for cell, number, _ in words]


class Wording(NamedTuple):
    """The words of a block's header, as label cores."""

    names: Mapping[str, ColumnForm]  # of columns and of headings over columns
    leaves: tuple[ColumnForm, ...]  # the columns that hold values, ignored ones among them
    labels: frozenset[str]  # of the columns that hold cells
    own: frozenset[str]  # … as the edition words them, no aliases


@lru_cache(maxsize=64)
def wording_of(form: TableForm, block: int) -> Wording:
    """The words of the header of one of a table's blocks."""
    columns, cells = form.blocks[block].columns, form.columns[block]
    names = {name: column for column in _all(columns) for name in map(label_core, (column.label, *column.aliases))}
    labels = frozenset(label_core(name) for column in cells for name in (column.label, *column.aliases))
    return Wording(names, tuple(leaves(columns)), labels, frozenset(label_core(column.label) for column in cells))


@lru_cache(maxsize=64)
def own_words(form: TableForm) -> frozenset[str]:
    """The words of all headers of a table, as the edition has them."""
    return frozenset().union(*(wording_of(form, block).own for block in range(len(form.blocks))))


def column_order(header: Iterable[Sequence[str]], words: Wording) -> list[ColumnForm] | None:
    """The columns that hold values, as the header prints them: the template's, and those ignored ones that it names.

    `header`: the label cores of its rows.

    A header may name columns in another order than the template's, and then must name all of them in one row (a heading
    over columns stands for its columns); where it does not, the order cannot be told: None.
    """
    names = words.names
    printed = [[names[core] for core in row if core in names] for row in header]
    named = {id(column) for row in printed for column in row}
    usual = [column for column in words.leaves if not column.ignored or id(column) in named]
    for row in printed:
        order = list(dict.fromkeys(leaf for column in row for leaf in _spread(column, printed) if leaf in usual))
        if order == [column for column in usual if column in order]:
            continue
        if set(map(id, order)) != set(map(id, usual)):
            return None
        usual = order
    return usual


def _spread(column: ColumnForm, printed: Sequence[Sequence[ColumnForm]]) -> Sequence[ColumnForm]:
    """A heading's columns in the order in which some row prints them; another column as it is."""
    if not column.columns:
        return (column,)
    below = ([leaf for leaf in row if leaf in column.columns] for row in printed)
    return max(below, key=len, default=[]) or column.columns


def _all(columns: Sequence[ColumnForm]) -> Iterable[ColumnForm]:
    for column in columns:
        yield column
        yield from _all(column.columns)
