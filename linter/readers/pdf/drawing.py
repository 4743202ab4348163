"""The straight rules drawn on a page: stroked edges, and thin rectangles filled, also inside forms."""

from collections.abc import Iterator
from ctypes import byref, c_float, c_int
from itertools import pairwise, repeat
from math import isfinite, sqrt
from struct import Struct

from linter.readers.pdf import pdfium
from linter.readers.pdf.lattice import Rule
from linter.readers.pdf.pdfium import Pointer, raw
from linter.readers.pdf.tally import Tally

MAX_DEPTH = 8
"""How deep forms (drawings in drawings) are searched for rules."""

MAX_THICKNESS = 4.0
"""Points: a filled rectangle up to this height or width is a rule, a larger one is shading."""

MAX_SLOPE = 1.0
"""Points by which a rule's ends may differ across it."""

Matrix = tuple[float, float, float, float, float, float]

_MATRIX = Struct("6f")  # as FS_MATRIX has it
_DRAWN = {raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM}


def rules(page: Pointer, matrix: Matrix, tally: Tally) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules of a page that `matrix` sets upright."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for path, placed in _paths(page, matrix, tally):
        for x0, y0, x1, y1 in _strokes(path, placed, tally):
            if not isfinite(x0 + y0 + x1 + y1):
                continue
            if abs(x1 - x0) >= abs(y1 - y0):
                horizontal.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            else:
                vertical.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return horizontal, vertical


def _paths(page: Pointer, matrix: Matrix, tally: Tally) -> Iterator[tuple[Pointer, Matrix]]:
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


def _strokes(path: Pointer, matrix: Matrix, tally: Tally) -> Iterator[tuple[float, float, float, float]]:
    """The ends of the straight rules that a path shows: its stroked edges, or the thin rectangles that it fills."""
    fill, stroke, thickness = c_int(), c_int(), c_float()
    pdfium.draw_mode(path, byref(fill), byref(stroke))
    if stroke.value:
        pdfium.stroke_width(path, byref(thickness))
        if thickness.value * sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) > MAX_THICKNESS:
            return  # shading drawn with a broad pen
    elif not fill.value:
        return
    for points in _subpaths(path, matrix, tally):
        if stroke.value:
            for (x0, y0), (x1, y1) in pairwise(points):
                if min(abs(x1 - x0), abs(y1 - y0)) <= MAX_SLOPE:
                    yield x0, y0, x1, y1
            continue
        (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
        if bottom - top <= MAX_THICKNESS and right - left > bottom - top:
            yield left, (top + bottom) / 2, right, (top + bottom) / 2
        elif right - left <= MAX_THICKNESS and bottom - top > right - left:
            yield (left + right) / 2, top, (left + right) / 2, bottom


def _subpaths(path: Pointer, matrix: Matrix, tally: Tally) -> Iterator[list[tuple[float, float]]]:
    """The points of each part of a path that has straight edges only."""
    a, b, c, d, e, f = matrix
    own_x, own_y = c_float(), c_float()
    into_x, into_y = byref(own_x), byref(own_y)
    count = pdfium.count_segments(path)
    tally.add(objects=count)
    points: list[tuple[float, float]] = []
    straight = True
    for segment in map(pdfium.path_segment, repeat(path), range(count)):
        kind = pdfium.segment_type(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if straight and points:
                yield points
            points, straight = [], True
        straight = straight and kind != raw.FPDF_SEGMENT_BEZIERTO
        pdfium.segment_point(segment, into_x, into_y)
        x, y = own_x.value, own_y.value
        points.append((a * x + c * y + e, b * x + d * y + f))
        if pdfium.segment_closes(segment):
            points.append(points[0])
    if straight and points:
        yield points
