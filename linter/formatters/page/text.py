"""The text of a report, and where the places of findings begin and end in it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from linter.diagnostic import Level
from linter.document import Block, Heading, Position, Table, rows

BETWEEN_CELLS = " ｜ "


class TextLine(NamedTuple):
    """A paragraph, a row of a table, or a line of the file."""

    number: int  # of the file's line where it begins
    text: str
    runs: tuple[tuple[int, int, int], ...]  # (offset, line, column): as `document.Marks`, never empty
    heading: bool = False


class Mark(NamedTuple):
    """A place in the text."""

    at: Position
    number: int  # of the finding
    level: Level
    anchor: str  # the id that links lead to
    related: bool = False  # not the finding's own place


class Span(NamedTuple):
    """What a mark covers of one line: offsets, `end` exclusive; nothing for a place between two characters."""

    start: int
    end: int
    mark: Mark
    first: bool  # whether the mark begins here


class Piece(NamedTuple):
    """A stretch of a line under the same marks."""

    text: str
    marks: tuple[Mark, ...]  # those that cover it, the gravest first
    begins: tuple[Mark, ...]  # those that begin with it: it bears their anchors
    ends: tuple[Mark, ...]  # those whose number is shown behind it


def lines_of_file(lines: Sequence[str], first: int, last: int) -> Iterator[TextLine]:
    """The lines `first` to `last` (1-based) that hold anything."""
    for number in range(first, last + 1):
        if lines[number - 1].strip():
            yield TextLine(number, lines[number - 1], ((0, number, 1),))


def lines_of_blocks(blocks: Iterable[Block], first: int, last: int) -> Iterator[TextLine]:
    """The blocks that begin on the lines `first` to `last`: what their reader made of the file, without its markup."""
    for block in blocks:
        if not first <= block.at.line <= last:
            continue
        if isinstance(block, Table):
            yield from _rows(block)
        elif block.text.strip():
            runs = block.marks or ((0, block.at.line, block.at.column),)
            yield TextLine(block.at.line, block.text, runs, heading=isinstance(block, Heading))


def _rows(table: Table) -> Iterator[TextLine]:
    for number, row in enumerate(rows(table)):
        text = ""
        runs: list[tuple[int, int, int]] = []
        for cell in row:
            if cell.row == number and cell.text.strip():
                text += BETWEEN_CELLS if text else ""
                runs.append((len(text), cell.at.line, cell.at.column))
                text += cell.text
        if runs:
            yield TextLine(runs[0][1], text, tuple(runs))


def spans(marks: Iterable[Mark], lines: Sequence[TextLine]) -> dict[int, list[Span]]:
    """Index of a line → what is marked on it. A place that is not in the text is shown at the text before it."""
    places = sorted(
        (line, column, index, offset, end - offset)
        for index, shown in enumerate(lines)
        for (offset, line, column), (end, _, _) in pairwise((*shown.runs, (len(shown.text), 0, 0)))
    )
    starts = [place[:2] for place in places]

    def locate(line: int, column: int) -> tuple[int, int]:
        """(index of the line, offset in it) of a character of the file, or of what stands before it."""
        nearest = bisect_right(starts, (line, column)) - 1
        if nearest < 0:
            return 0, 0
        first_line, first_column, index, offset, length = places[nearest]
        inside = column - first_column if line == first_line else length
        return index, offset + min(inside, length)

    found: dict[int, list[Span]] = {}
    for mark in marks:
        if not lines:
            break
        at = mark.at
        first, start = locate(at.line, at.column)
        last, end = locate(at.end_line, at.end_column - 1) if at.end_column > 1 else (first, start)
        if (at.end_line, at.end_column) > (at.line, at.column):
            end = min(end + 1, len(lines[last].text))
        last, end = max((last, end), (first, start))
        for index in range(first, last + 1):
            from_here = start if index == first else 0
            to_here = end if index == last else len(lines[index].text)
            found.setdefault(index, []).append(Span(from_here, to_here, mark, index == first))
    return found


def pieces(text: str, marked: Iterable[Span]) -> Iterator[Piece]:
    """The text in pieces, so that no mark begins or ends within one."""
    marked = sorted(marked, key=lambda span: (span.mark.related, span.mark.level.rank, span.mark.number))
    cuts = sorted({0, len(text), *(cut for span in marked for cut in (span.start, span.end))})
    at_front = tuple(span.mark for span in marked if span.first and span.start == span.end == 0)
    if at_front:
        yield Piece("", (), at_front, at_front)
    for start, end in pairwise(cuts):
        points = tuple(span.mark for span in marked if span.first and span.start == span.end == end)
        yield Piece(
            text=text[start:end],
            marks=tuple(span.mark for span in marked if span.start <= start and end <= span.end),
            begins=tuple(span.mark for span in marked if span.first and span.start == start < span.end) + points,
            ends=tuple(span.mark for span in marked if span.first and span.start < end == span.end) + points,
        )
