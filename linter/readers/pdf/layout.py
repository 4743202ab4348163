"""A page's characters and rules → its lines and tables, without page numbers and running headers."""

import re
from collections import Counter
from typing import NamedTuple

from linter.readers.pdf.lattice import NO_BOX, Grid, TooManyRulesError, grids
from linter.readers.pdf.lines import Line, lines
from linter.readers.pdf.pages import Edges, Sheet
from linter.readers.pdf.runs import Run, single
from linter.readers.pdf.tables import Piece, piece
from linter.readers.pdf.tally import too_much

MARGIN = 0.12
"""The part of the page's height, at its top and its bottom, where page numbers and running headers stand."""

MARGIN_ITEMS = 3
"""How many of the first and of the last items of a page may be such lines."""

MIN_REPEATED = 0.4
"""A line on more than this part of the pages is a running line."""

SAME_PLACE = 4.0
"""Points: running lines stand at multiples of this that are equal after rounding."""

_PAGE_NUMBER = re.compile(
    r"[-—–－―·\s]*(?:第|page)?\s*(\d{1,4})\s*页?(?:\s*(?:[/／,，]|of)?\s*共?\s*\d{1,4}\s*页?)?[-—–－―·\s]*",
    re.IGNORECASE,
)

Item = Line | Piece


class Page(NamedTuple):
    number: int
    edges: Edges
    items: list[Item]  # from top to bottom


def lay_out(sheet: Sheet) -> Page:
    """What stands on a page. Text that is not upright counts in cells only: labels, but no stamps. Raises ReadError."""
    number = sheet.number
    try:
        skeletons = [grid for grid in grids(sheet.horizontal, sheet.vertical) if len(grid.boxes) > 1]
    except TooManyRulesError as error:
        raise too_much(f"第 {number} 页线条太多", f"page {number} has too many lines") from error
    upright, turned = sheet.upright, sheet.turned
    items: list[Item] = []
    for grid in skeletons:
        cells: dict[int, list[Run]] = {}
        upright, turned = _fill(cells, grid, upright), _fill(cells, grid, turned)
        if cells:
            items.append(piece(grid, cells, number))
    return Page(number, sheet.edges, sorted([*lines(upright, number), *items], key=_top))


def _fill(cells: dict[int, list[Run]], grid: Grid, runs: list[Run]) -> list[Run]:
    """The runs outside of the grid; the others are added to `cells`, by the index of their box."""
    top, bottom = grid.ys[0], grid.ys[-1]
    outside = []
    for run in runs:
        if run.lowest < top or run.highest[0] >= bottom:
            outside.append(run)
            continue
        first, last = run.chars[0], run.chars[-1]
        index = grid.find((first[1] + first[2]) / 2, run.highest[0])
        if index != NO_BOX and index == grid.find((last[1] + last[2]) / 2, run.lowest):
            cells.setdefault(index, []).append(run)
            continue
        for char in run.chars:
            index = grid.find((char[1] + char[2]) / 2, char[0])
            (outside if index == NO_BOX else cells.setdefault(index, [])).append(single(char))
    return outside


def _top(item: Item) -> float:
    return item.middle if isinstance(item, Line) else item.top


def without_running_lines(pages: list[Page]) -> list[Page]:
    """The pages without page numbers, and without headers and footers that come back on many pages."""
    margins = [_margin_lines(page) for page in pages]
    repeated = Counter(key for margin in margins for key in {_key(line) for line in margin})
    offsets = Counter(offset for margin in margins for line in margin if (offset := _offset(line)) is not None)

    def runs(line: Line) -> bool:
        offset = _offset(line)
        if offset is None:
            return repeated[_key(line)] > max(1, MIN_REPEATED * len(pages))
        return offset == 0 or offsets[offset] > 1 or not line.text.isdigit()

    running = [[line for line in margin if runs(line)] for margin in margins]
    return [
        page._replace(items=[item for item in page.items if not (isinstance(item, Line) and item in dropped)])
        for page, dropped in zip(pages, running, strict=True)
    ]


def _margin_lines(page: Page) -> list[Line]:
    reach = (0.5 - MARGIN) * page.edges.height
    outermost = page.items[:MARGIN_ITEMS] + page.items[MARGIN_ITEMS:][-MARGIN_ITEMS:]
    return [item for item in outermost if isinstance(item, Line) and abs(item.middle - page.edges.middle) > reach]


def _key(line: Line) -> tuple[str, int, int]:
    """What a running line has in common on all its pages: its words and its place, but not the page's own number."""
    words = re.sub(r"\d+", lambda match: "#" if match[0] == str(line.page) else match[0], line.text)
    return words, round(line.left / SAME_PLACE), round(line.middle / SAME_PLACE)


def _offset(line: Line) -> int | None:
    """By how much the page number that a line shows differs from the number of its page."""
    match = _PAGE_NUMBER.fullmatch(line.text)
    return int(match[1]) - line.page if match else None
