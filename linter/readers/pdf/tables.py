"""Grids filled with text → tables, also over several pages: pure geometry."""

import re
from typing import NamedTuple

from linter.readers.pdf.lattice import Grid
from linter.readers.pdf.lines import Line, lines
from linter.readers.pdf.runs import FIRST_IDEOGRAPH, Run

COLUMN = 4.0
"""Points by which the column edges of one table may differ from page to page."""

PADDING = 5.4
"""Points between a cell's rule and its text: what Word and WPS keep unless told otherwise."""

_NUMBER = re.compile(r"[-+]?[\d.,，]+")
_ITEM = re.compile(r"[（(]?[\d一二三四五六七八九十]+[)）、.．]")


class Place(NamedTuple):
    """A table's cell with its lines of text."""

    row: int
    column: int
    rowspan: int
    colspan: int
    width: float
    lines: list[Line]
    page: int

    @property
    def columns(self) -> tuple[int, int]:
        """Which columns the cell covers."""
        return self.column, self.colspan


class Piece(NamedTuple):
    """A table, or the part of it that stands on one page."""

    edges: list[float]
    places: list[Place]  # in reading order
    top: float
    last_page: int


def piece(grid: Grid, cells: dict[int, list[Run]], page: int) -> Piece:
    """The grid filled with the runs in each of its boxes."""
    places = [Place(*box, lines(cells.get(index, []), page), page) for index, box in enumerate(grid.boxes)]
    return Piece(grid.edges, places, top=grid.ys[0], last_page=page)


def label(parts: list[Line]) -> str:
    """A cell's text: its lines, but a label written downward as one. Never joins digits of different lines."""
    vertical = len(parts) > 2 and all(
        len(part.text) < 3 and min(part.text) >= FIRST_IDEOGRAPH and not _NUMBER.fullmatch(part.text) for part in parts
    )
    return ("" if vertical else "\n").join([part.text for part in parts])


def fuse(upper: Piece, lower: Piece) -> Piece | None:
    """Both as one table when `lower`, on the next page, has the columns of `upper`; else None.

    A row that the page break has cut is one row again, and so is a merged label that goes on.
    """
    edges = _common(upper.edges, lower.edges)
    if edges is None or upper.last_page + 1 != lower.last_page:
        return None
    above, below = _regrid(upper, edges), _regrid(lower, edges)
    height = max(place.row + place.rowspan for place in above)
    ends = {place.columns: place for place in above if place.row + place.rowspan == height}
    starts = {place.columns: place for place in below if place.row == 0}
    cut = ends.keys() == starts.keys() and _one_row([(ends[key], starts[key]) for key in ends])
    joined = {key for key in ends.keys() & starts.keys() if cut or _one_label(ends[key], starts[key])}
    shift = height - cut
    places = [place for place in above if place.row + place.rowspan < height or place.columns not in joined]
    for key in joined:
        end, start = ends[key], starts[key]
        places.append(end._replace(rowspan=shift + start.rowspan - end.row, lines=end.lines + start.lines))
    places += [place._replace(row=place.row + shift) for place in below if place.row or place.columns not in joined]
    return Piece(edges, sorted(places, key=lambda place: place[:5]), upper.top, lower.last_page)


def _common(upper: list[float], lower: list[float]) -> list[float] | None:
    """The column edges of both pieces, if the outer ones and at least half of the inner ones of either are the same."""
    if abs(upper[0] - lower[0]) > COLUMN or abs(upper[-1] - lower[-1]) > COLUMN:
        return None
    new = [edge for edge in lower[1:-1] if abs(_nearest(upper, edge) - edge) > COLUMN]
    shared = len(lower) - 2 - len(new)
    if 2 * shared < min(len(upper), len(lower)) - 2:
        return None
    return sorted(upper + new)


def _nearest(edges: list[float], edge: float) -> float:
    return min(edges, key=lambda other: abs(other - edge))


def _regrid(part: Piece, edges: list[float]) -> list[Place]:
    """The piece's places with their columns counted between `edges`."""
    index = [edges.index(_nearest(edges, edge)) for edge in part.edges]
    if index == list(range(len(part.edges))):
        return part.places
    return [
        place._replace(
            column=index[place.column],
            colspan=max(1, index[place.column + place.colspan] - index[place.column]),
        )
        for place in part.places
    ]


def _one_row(pairs: list[tuple[Place, Place]]) -> bool:
    """Whether a page break cut a row in these halves: the numbers are all in one, and a label's text in both."""
    figures = [sum(map(_is_number, side)) for side in zip(*pairs, strict=True)]
    return (
        min(figures) == 0 < max(figures)
        and all(_reads_on(end, start) for end, start in pairs)
        and any(end.lines and start.lines for end, start in pairs)
    )


def _one_label(end: Place, start: Place) -> bool:
    """Whether a page break cut a merged label in these two; a place of one row in both halves is no merged one."""
    merged = end.rowspan + start.rowspan > 2 and not _is_number(end) and not _is_number(start)
    return merged and _reads_on(end, start)


def _is_number(place: Place) -> bool:
    return bool(_NUMBER.fullmatch(label(place.lines)))


def _reads_on(end: Place, start: Place) -> bool:
    """Whether the text in `start` can be the rest of that in `end`: its last line is full and no new item begins."""
    if not end.lines or not start.lines:
        return True
    if _is_number(end) or _is_number(start) or _ITEM.match(start.lines[0].text):
        return False
    last = end.lines[-1]
    room = end.width - (last.right - last.left) - 2 * PADDING
    return room < start.lines[0].word + 0.3 * last.size
