"""The straight rules drawn on a page: stroked edges, and thin rectangles filled, also inside forms."""

from collections.abc import Iterator
from ctypes import byref, c_float, c_int
from itertools import pairwise, repeat
from math import isfinite, sqrt
from struct import Struct

import pypdfium2_raw as raw  # type: ignore[import-untyped]  # has no stubs

from linter.readers.pdf import pdfium
from linter.readers.pdf.lattice import Rule
from linter.readers.pdf.pdfium import Pointer
from linter.readers.pdf.tally import Tally

MAX_DEPTH = 8
"""How deep forms (drawings in drawings) are searched for rules."""

MAX_THICKNESS = 4.0
"""Points: a filled rectangle up to this height or width is a rule, a larger one is shading."""

MAX_SLOPE = 1.0
"""Points by which a rule's ends may differ across it."""

Matrix = tuple[float, float, float, float, float, float]

Point = tuple[float, float]
Ends = list[tuple[float, float, float, float]]  # x0, y0, x1, y1 of each stroke

_MATRIX = Struct("6f")  # as FS_MATRIX has it
_DRAWN = {raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM}


def rules(page: Pointer, matrix: Matrix, tally: Tally) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules of a page that `matrix` sets upright."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    paths = _Paths(tally)
    for path, placed in _placed(page, matrix, tally):
        for x0, y0, x1, y1 in paths.strokes(path, placed):
            if not isfinite(x0 + y0 + x1 + y1):
                continue
            if abs(x1 - x0) >= abs(y1 - y0):
                horizontal.append(((y0 + y1) / 2, x0, x1) if x0 < x1 else ((y0 + y1) / 2, x1, x0))
            else:
                vertical.append(((x0 + x1) / 2, y0, y1) if y0 < y1 else ((x0 + x1) / 2, y1, y0))
    return horizontal, vertical


def _placed(page: Pointer, matrix: Matrix, tally: Tally) -> Iterator[tuple[Pointer, Matrix]]:
    """The page's path objects, each with the matrix from its own space to the upright page."""
    buffer = raw.FS_MATRIX()
    into = byref(buffer)
    waiting = [(page, raw.FPDFPage_CountObjects(page), pdfium.page_object, matrix, 0)]
    while waiting:
        holder, count, get, outer, depth = waiting.pop()
        last, placed = None, outer
        items = list(map(get, repeat(holder), range(count)))
        for item, kind in zip(items, map(pdfium.object_type, items), strict=True):
            if kind not in _DRAWN:
                continue
            pdfium.object_matrix(item, into)
            own = _MATRIX.unpack(buffer)
            if own != last:  # most have the same
                last, placed = own, _times(own, outer)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                yield item, placed
            elif depth < MAX_DEPTH:
                inside = pdfium.count_form_objects(item)
                tally.add(objects=inside)
                waiting.append((item, inside, pdfium.form_object, placed, depth + 1))


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


class _Paths:
    """Reads paths, through places in memory that pdfium fills anew at every call."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._fill, self._stroke = c_int(), c_int()
        self._modes = byref(self._fill), byref(self._stroke)
        self._float, self._other = c_float(), c_float()
        self._floats = byref(self._float), byref(self._other)

    def strokes(self, path: Pointer, matrix: Matrix) -> Ends:
        """The straight rules that a path shows: its stroked edges, or the thin rectangles that it fills."""
        pdfium.draw_mode(path, *self._modes)
        if self._stroke.value:
            pdfium.stroke_width(path, self._floats[0])
            if self._float.value * sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) > MAX_THICKNESS:
                return []  # shading drawn with a broad pen
            return [
                (x0, y0, x1, y1)
                for points in self._subpaths(path, matrix)
                for (x0, y0), (x1, y1) in pairwise(points)
                if abs(x1 - x0) <= MAX_SLOPE or abs(y1 - y0) <= MAX_SLOPE
            ]
        if self._fill.value:
            return [line for points in self._subpaths(path, matrix) for line in _thin(points)]
        return []

    def _subpaths(self, path: Pointer, matrix: Matrix) -> list[list[Point]]:
        """The points of each part of a path that has straight edges only."""
        a, b, c, d, e, f = matrix
        into_x, into_y = self._floats
        count = pdfium.count_segments(path)
        self._tally.add(objects=count)
        found: list[list[Point]] = []
        points: list[Point] = []
        curved = False
        for segment in map(pdfium.path_segment, repeat(path), range(count)):
            kind = pdfium.segment_type(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                if points and not curved:
                    found.append(points)
                points, curved = [], False
            elif kind == raw.FPDF_SEGMENT_BEZIERTO:
                curved = True
            pdfium.segment_point(segment, into_x, into_y)
            x, y = self._float.value, self._other.value
            points.append((a * x + c * y + e, b * x + d * y + f))
            if pdfium.segment_closes(segment):
                points.append(points[0])
        if points and not curved:
            found.append(points)
        return found


def _thin(points: list[Point]) -> Ends:
    """The rule that a filled rectangle stands for."""
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    if bottom - top <= MAX_THICKNESS and right - left > bottom - top:
        return [(left, (top + bottom) / 2, right, (top + bottom) / 2)]
    if right - left <= MAX_THICKNESS and bottom - top > right - left:
        return [((left + right) / 2, top, (left + right) / 2, bottom)]
    return []
