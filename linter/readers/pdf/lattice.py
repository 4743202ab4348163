"""Ruled lines → grids of cells: pure geometry."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

TOUCH = 3.0
"""Points by which two rules may miss each other and still be one rule or meet; rows are three times as high."""

MIN_CELL = 5.0
"""Cells narrower or lower than this hold no text: they are the space inside a double border."""

MAX_CROSSINGS = 1_000_000
"""The most pairs of a horizontal and a vertical rule that are looked at on a page; a full table has below 1,000."""

MAX_PLACES = 40_000
"""The most grid places of one page's grids; a full table has below 300."""


class TooManyRulesError(Exception):
    """A page has more rules than any table: a drawing, or a file made to keep us busy."""


class Rule(NamedTuple):
    """A straight rule: horizontal at y = `at` from x = `start` to `end`, or vertical the other way round."""

    at: float
    start: float
    end: float


class Box(NamedTuple):
    """A cell's place in its grid."""

    row: int
    column: int
    rowspan: int
    colspan: int
    width: float


class Grid(NamedTuple):
    """A table's skeleton; its columns lie between `edges`."""

    boxes: list[Box]  # in reading order
    edges: list[float]
    xs: list[float]  # every vertical rule, also those inside a double border
    ys: list[float]
    places: dict[tuple[int, int], int]  # (row between ys, column between xs) -> index in boxes

    def find(self, x: float, y: float) -> int | None:
        """The index of the box around a point."""
        return self.places.get((bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1))

    @property
    def top(self) -> float:
        return self.ys[0]

    @property
    def bottom(self) -> float:
        return self.ys[-1]

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])


def grids(horizontal: Iterable[Rule], vertical: Iterable[Rule]) -> list[Grid]:
    """A grid for each connected group of rules that encloses cells, the smallest first. Raises TooManyRulesError."""
    found = []
    budget = MAX_PLACES
    for rows, columns in _groups(_join(horizontal), _join(vertical)):
        across, down = rows + _lids(rows, columns), columns + _lids(columns, rows)
        xs, ys = _positions(down), _positions(across)
        budget -= len(xs) * len(ys)
        if budget < 0:
            raise TooManyRulesError
        found.append(_grid(xs, ys, _walls(down, xs, ys), _walls(across, ys, xs)))
    return sorted((grid for grid in found if grid.boxes), key=lambda grid: grid.area)


def _positions(rules: Iterable[Rule]) -> list[float]:
    positions: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not positions or at - positions[-1] > TOUCH:
            positions.append(at)
    return positions


def _join(rules: Iterable[Rule]) -> list[Rule]:
    """The rules with those that are drawn in pieces, or twice, made one."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules):
        if not lines or rule.at - lines[-1][0].at > TOUCH:
            lines.append([])
        lines[-1].append(rule)
    joined = []
    for line in lines:
        at = sum(rule.at for rule in line) / len(line)
        line.sort(key=lambda rule: rule.start)
        start, end = line[0].start, line[0].end
        for rule in line[1:]:
            if rule.start > end + TOUCH:
                joined.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        joined.append(Rule(at, start, end))
    return [rule for rule in joined if rule.end - rule.start >= MIN_CELL]


def _groups(across: list[Rule], down: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The horizontal and the vertical rules of each connected group."""
    if len(across) * len(down) > MAX_CROSSINGS:
        raise TooManyRulesError
    meeting = [
        [
            j
            for j, (x, top, bottom) in enumerate(down)
            if left - TOUCH <= x <= right + TOUCH and top - TOUCH <= y <= bottom + TOUCH
        ]
        for y, left, right in across
    ]
    met: list[list[int]] = [[] for _ in down]
    for i, others in enumerate(meeting):
        for j in others:
            met[j].append(i)
    seen: set[int] = set()
    for first in range(len(across)):
        if first in seen:
            continue
        rows, columns, waiting = {first}, set[int](), [first]
        while waiting:
            for j in meeting[waiting.pop()]:
                if j not in columns:
                    columns.add(j)
                    waiting += [i for i in met[j] if i not in rows]
                    rows.update(met[j])
        seen |= rows
        if columns:
            yield [across[i] for i in sorted(rows)], [down[j] for j in sorted(columns)]


def _lids(rules: list[Rule], crossing: list[Rule]) -> list[Rule]:
    """What closes a side that is left open, as official statistics print it: the ends of the crossing rules, joined."""
    lids = []
    for side in (min(rule.start for rule in crossing), max(rule.end for rule in crossing)):
        if any(abs(rule.at - side) <= TOUCH for rule in rules):
            continue
        reaching = [rule.at for rule in crossing if min(abs(rule.start - side), abs(rule.end - side)) <= TOUCH]
        if len(reaching) > 1:
            lids.append(Rule(side, min(reaching), max(reaching)))
    return lids


def _walls(rules: Iterable[Rule], positions: list[float], crossing: list[float]) -> set[tuple[int, int]]:
    """(position, step) for every step between crossing lines whose middle is covered by a rule at that position."""
    middles = [(low + high) / 2 for low, high in pairwise(crossing)]
    return {
        (max(0, bisect_right(positions, rule.at) - 1), step)
        for rule in rules
        for step in range(bisect_left(middles, rule.start), bisect_right(middles, rule.end))
    }


def _grid(xs: list[float], ys: list[float], upright: set[tuple[int, int]], level: set[tuple[int, int]]) -> Grid:
    rows, columns = len(ys) - 1, len(xs) - 1
    taken = _outside(rows, columns, upright, level)
    spans = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            right = column + 1
            while right < columns and (right, row) not in upright and (row, right) not in taken:
                right += 1
            bottom = row + 1
            while bottom < rows and all(
                (bottom, c) not in level and (bottom, c) not in taken and (c == column or (c, bottom) not in upright)
                for c in range(column, right)
            ):
                bottom += 1
            taken.update((r, c) for r in range(row, bottom) for c in range(column, right))
            if xs[right] - xs[column] >= MIN_CELL and ys[bottom] - ys[row] >= MIN_CELL:
                spans.append((row, column, bottom, right))
    return _number(spans, xs, ys)


def _outside(
    rows: int, columns: int, upright: set[tuple[int, int]], level: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    """The places from which one gets out of the grid without crossing a rule."""
    waiting = [(row, 0) for row in range(rows) if (0, row) not in upright]
    waiting += [(row, columns - 1) for row in range(rows) if (columns, row) not in upright]
    waiting += [(0, column) for column in range(columns) if (0, column) not in level]
    waiting += [(rows - 1, column) for column in range(columns) if (rows, column) not in level]
    outside: set[tuple[int, int]] = set()
    while waiting:
        row, column = waiting.pop()
        if (row, column) in outside or not (0 <= row < rows and 0 <= column < columns):
            continue
        outside.add((row, column))
        waiting += [(row, column - 1)] if (column, row) not in upright else []
        waiting += [(row, column + 1)] if (column + 1, row) not in upright else []
        waiting += [(row - 1, column)] if (row, column) not in level else []
        waiting += [(row + 1, column)] if (row + 1, column) not in level else []
    return outside


def _number(spans: list[tuple[int, int, int, int]], xs: list[float], ys: list[float]) -> Grid:
    """The grid of `spans`, its rows and columns counted only where a cell begins."""
    tops = sorted({top for top, _, _, _ in spans})
    lefts = sorted({left for _, left, _, _ in spans})
    boxes: list[Box] = []
    places: dict[tuple[int, int], int] = {}
    for top, left, bottom, right in spans:
        places.update(((row, column), len(boxes)) for row in range(top, bottom) for column in range(left, right))
        row, column = bisect_left(tops, top), bisect_left(lefts, left)
        rowspan, colspan = bisect_left(tops, bottom) - row, bisect_left(lefts, right) - column
        boxes.append(Box(row, column, rowspan, colspan, xs[right] - xs[left]))
    outer = max((right for _, _, _, right in spans), default=0)
    return Grid(boxes, [xs[edge] for edge in (*lefts, outer)], xs, ys, places)
