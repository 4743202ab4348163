"""The lines and tables of all pages → paragraphs and whole tables."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from linter.document import NOWHERE, Block, Cell, Paragraph, Position, Table
from linter.readers.pdf.layout import Item, Page, lay_out, without_running_lines
from linter.readers.pdf.lines import Line
from linter.readers.pdf.pages import Sheet
from linter.readers.pdf.tables import Piece, fuse, label

MAX_PITCH = 1.7
"""A line further below the one before than this times the usual distance begins a paragraph."""

MAX_INDENT = 1.2
"""A line indented by more than this, in ideographs, begins a paragraph."""

MAX_GROWTH = 1.25
"""A line larger or smaller than the one before by more than this factor begins a paragraph."""

MIN_FULL = 0.75
"""A line is not full below this part of the width between equal margins."""

MAX_ROOM = 0.9
"""A line that leaves room for the next line's first word and this, in ideographs, ends a paragraph."""


_ENDS = ("。", "！", "？")
_NUMBERED = re.compile("[一二三四五六七八九十]{1,2}、")


class Frame(NamedTuple):
    """The edges of a page's running text and the usual distance of its lines."""

    left: float
    right: float
    pitch: float


def blocks(sheets: Iterable[Sheet]) -> Iterator[Block]:
    """The paragraphs and tables of all pages, in reading order. Raises ReadError."""
    pages = without_running_lines([lay_out(sheet) for sheet in sheets])
    frames = _frames(pages)
    tables = 0
    paragraph: list[Line] = []
    for item in _fused(pages):
        if paragraph and not (isinstance(item, Line) and _goes_on(paragraph[-1], item, frames[item.page])):
            yield _paragraph(paragraph)
            paragraph = []
        if isinstance(item, Line):
            paragraph.append(item)
        else:
            tables += 1
            yield _table(item, tables)
    if paragraph:
        yield _paragraph(paragraph)


def _frames(pages: list[Page]) -> dict[int, Frame]:
    """The frame of each page, by its number: equal for pages of equal width."""
    by_width: dict[int, list[Page]] = {}
    for page in pages:
        by_width.setdefault(round(page.edges.right - page.edges.left), []).append(page)
    return {page.number: frame for group in by_width.values() for frame in [_frame(group)] for page in group}


def _frame(pages: list[Page]) -> Frame:
    lines_of = [[item for item in page.items if isinstance(item, Line)] for page in pages]
    every = [line for page in lines_of for line in page]
    pitches = sorted(below.middle - above.middle for page in lines_of for above, below in pairwise(page))
    left = _shared([line.left for line in every], tolerance=2.0)
    left = min((line.left for line in every), default=0.0) if left is None else left
    # Without two full lines the right margin is taken to be as wide as the left one.
    mirrored = pages[0].edges.right - (left - pages[0].edges.left)
    long = [-line.right for line in every if line.right > left + MIN_FULL * (mirrored - left)]
    right = -(_shared(long, tolerance=8.0) or -mirrored)
    return Frame(left, right, pitches[(len(pitches) - 1) // 2] if pitches else 0.0)


def _shared(edges: list[float], tolerance: float) -> float | None:
    """The least edge that two lines share."""
    return next((low for low, high in pairwise(sorted(edges)) if high - low <= tolerance), None)


def _fused(pages: list[Page]) -> list[Item]:
    """All pages' items; a table that ends one page and goes on atop of the next is one, a ruled box is its lines."""
    items: list[Item] = []
    for item in (item for page in pages for item in page.items):
        last = items[-1] if items else None
        whole = fuse(last, item) if isinstance(item, Piece) and isinstance(last, Piece) else None
        if whole:
            items[-1] = whole
        else:
            items.append(item)
    return [part for item in items for part in _unboxed(item)]


def _unboxed(item: Item) -> list[Item]:
    """A table of one column is prose in a frame."""
    if isinstance(item, Line) or len(item.edges) > 2:
        return [item]
    return [line for place in item.places for line in place.lines]


def _goes_on(above: Line, below: Line, frame: Frame) -> bool:
    """Whether a line goes on with the paragraph of the line before: full, of one size, no indent and no gap between.

    A numbered heading behind the end of a sentence does not, though the sentence may happen to fill its line.
    """
    if above.text.endswith(_ENDS) and _NUMBERED.match(below.text):
        return False
    if above.page == below.page and below.middle - above.middle > MAX_PITCH * frame.pitch:
        return False
    size, upper = below.size, above.size
    if max(upper, size) >= MAX_GROWTH * min(upper, size):
        return False
    if abs(below.left - frame.left) > MAX_INDENT * size:
        return False
    return frame.right - above.right < below.word + MAX_ROOM * size


def _paragraph(lines: list[Line]) -> Paragraph:
    text = ""
    for line in lines:
        first = line.text[0]
        words = text[-1:].isascii() and text[-1:] not in "-/" and first.isascii() and first.isalnum()
        text += (" " if words else "") + line.text
    return Paragraph(text=text, at=_at(lines[0].page))


def _table(whole: Piece, number: int) -> Table:
    cells = tuple(
        [
            Cell(
                text=label(place.lines),
                row=place.row,
                column=place.column,
                rowspan=place.rowspan,
                colspan=place.colspan,
                at=_at(place.page, f" 表{number} 第{place.row + 1}行第{place.column + 1}列"),
            )
            for place in whole.places
        ]
    )
    return Table(cells=cells, at=_at(whole.places[0].page, f" 表{number}"))


def _at(page: int, where: str = "") -> Position:
    line, column, end_line, end_column, *_ = NOWHERE
    return Position(line, column, end_line, end_column, page, f"第{page}页{where}")
