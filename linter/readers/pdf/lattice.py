"""Ruled lines → grids of cells: pure geometry."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import inf
from typing import NamedTuple

TOUCH = 3.0
"""Points by which two rules may miss each other and still be one rule or meet; rows are three times as high."""

MIN_CELL = 5.0
"""Cells narrower or lower than this hold no text: they are the space inside a double border."""

MAX_CROSSINGS = 1_000_000
"""The most pairs of a horizontal and a vertical rule that are looked at on a page; a full table has below 1,000."""

MAX_PLACES = 40_000
"""The most grid places of one page's grids; a full table has below 300."""


NO_BOX = -1
"""The index of the box around a point that is in none."""


class TooManyRulesError(Exception):
    """A page has more rules than any table: a drawing, or a file made to keep us busy."""


Rule = tuple[float, float, float]
"""(at, start, end) of a straight rule: horizontal at y = at from x = start to end, or vertical the other way round."""

Walls = list[bytearray]
"""For each position of a rule and each step between crossing lines: whether a rule is there."""


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
    places: list[list[int]]  # row between ys → column between xs → index in boxes, or NO_BOX

    def find(self, x: float, y: float) -> int:
        """The index of the box around a point, or NO_BOX."""
        _, _, xs, ys, places = self
        if ys[0] <= y < ys[-1] and xs[0] <= x < xs[-1]:
            return places[bisect_right(ys, y) - 1][bisect_right(xs, x) - 1]
        return NO_BOX

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
    last = -inf
    for at in sorted([at for at, _, _ in rules]):
        if at - last > TOUCH:
            positions.append(at)
            last = at
    return positions


def _join(rules: Iterable[Rule]) -> list[Rule]:
    """The rules with those that are drawn in pieces, or twice, made one."""
    lines: list[list[Rule]] = []
    limit = -inf
    for rule in sorted(rules):
        if rule[0] - limit > TOUCH:
            limit = rule[0]
            lines.append([])
        lines[-1].append(rule)
    joined: list[Rule] = []
    for line in lines:
        middle = sum([at for at, _, _ in line]) / len(line)
        pieces = sorted([(start, end) for _, start, end in line])
        start, end = pieces[0]
        for low, high in pieces:
            if low > end + TOUCH:
                joined.append((middle, start, end))
                start, end = low, high
            elif high > end:
                end = high
        joined.append((middle, start, end))
    return [rule for rule in joined if rule[2] - rule[1] >= MIN_CELL]


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
    for side in (min([start for _, start, _ in crossing]), max([end for _, _, end in crossing])):
        if any(abs(at - side) <= TOUCH for at, _, _ in rules):
            continue
        reaching = [at for at, start, end in crossing if min(abs(start - side), abs(end - side)) <= TOUCH]
        if len(reaching) > 1:
            lids.append((side, min(reaching), max(reaching)))
    return lids


def _walls(rules: Iterable[Rule], positions: list[float], crossing: list[float]) -> Walls:
    """The walls at `positions`: each step between crossing lines whose middle is covered by a rule."""
    middles = [(low + high) / 2 for low, high in pairwise(crossing)]
    walls = [bytearray(len(middles)) for _ in positions]
    for at, start, end in rules:
        low, high = bisect_left(middles, start), bisect_right(middles, end)
        walls[max(0, bisect_right(positions, at) - 1)][low:high] = b"\1" * (high - low)
    return walls


def _grid(xs: list[float], ys: list[float], upright: Walls, level: Walls) -> Grid:
    rows, columns = len(ys) - 1, len(xs) - 1
    taken = _outside(rows, columns, upright, level)
    spans = []
    for row in range(rows):
        column = taken[row].find(0)
        while column >= 0:
            right = column + 1
            while right < columns and not upright[right][row] and not taken[row][right]:
                right += 1
            bottom = row + 1
            while bottom < rows and not (
                any(level[bottom][column:right])
                or any(taken[bottom][column:right])
                or any(wall[bottom] for wall in upright[column + 1 : right])
            ):
                bottom += 1
            for covered in taken[row:bottom]:
                covered[column:right] = b"\1" * (right - column)
            if xs[right] - xs[column] >= MIN_CELL and ys[bottom] - ys[row] >= MIN_CELL:
                spans.append((row, column, bottom, right))
            column = taken[row].find(0, right)
    return _number(spans, xs, ys)


def _outside(rows: int, columns: int, upright: Walls, level: Walls) -> list[bytearray]:
    """For each row and column, whether one gets out of the grid from there without crossing a rule."""
    waiting = [(row, 0) for row in range(rows) if not upright[0][row]]
    waiting += [(row, columns - 1) for row in range(rows) if not upright[columns][row]]
    waiting += [(0, column) for column in range(columns) if not level[0][column]]
    waiting += [(rows - 1, column) for column in range(columns) if not level[rows][column]]
    outside = [bytearray(columns) for _ in range(rows)]
    while waiting:
        row, column = waiting.pop()
        if not (0 <= row < rows and 0 <= column < columns) or outside[row][column]:
            continue
        outside[row][column] = True
        waiting += [(row, column - 1)] if not upright[column][row] else []
        waiting += [(row, column + 1)] if not upright[column + 1][row] else []
        waiting += [(row - 1, column)] if not level[row][column] else []
        waiting += [(row + 1, column)] if not level[row + 1][column] else []
    return outside


def _number(spans: list[tuple[int, int, int, int]], xs: list[float], ys: list[float]) -> Grid:
    """The grid of `spans`, its rows and columns counted only where a cell begins."""
    tops = sorted({top for top, _, _, _ in spans})
    lefts = sorted({left for _, left, _, _ in spans})
    boxes: list[Box] = []
    places = [[NO_BOX] * (len(xs) - 1) for _ in ys[1:]]
    for index, (top, left, bottom, right) in enumerate(spans):
        for row in places[top:bottom]:
            row[left:right] = [index] * (right - left)
        row_number, column_number = bisect_left(tops, top), bisect_left(lefts, left)
        rowspan, colspan = bisect_left(tops, bottom) - row_number, bisect_left(lefts, right) - column_number
        boxes.append(Box(row_number, column_number, rowspan, colspan, xs[right] - xs[left]))
    outer = max((right for _, _, _, right in spans), default=0)
    return Grid(boxes, [xs[edge] for edge in (*lefts, outer)], xs, ys, places)
