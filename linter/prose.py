"""Text gathered from pieces of a source whose markup is left out, each character with its place in the source."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from linter.document import Marks, Position

Pieces = list[tuple[str, int, int]]
"""Of one paragraph: (text, start, end), where `source[start:end]` is what the file says for the text.

Where both have one length they are the same characters; else the text stands for it as a whole (`&nbsp;`, `<br>`)."""


class Source:
    """Source lines as one text with "\\n" between them; `first` is the 1-based number of the first line."""

    def __init__(self, lines: Sequence[str], first: int = 1) -> None:
        self.text = "\n".join(lines)
        self.first = first
        self.starts = list(accumulate((len(line) + 1 for line in lines), initial=0))[:-1] or [0]

    def place(self, offset: int) -> tuple[int, int]:
        """The 1-based (line, column) of the character at `offset`."""
        index = bisect_right(self.starts, offset) - 1
        return self.first + index, offset - self.starts[index] + 1

    def span(self, start: int, end: int) -> Position:
        """The position of `text[start:end]`."""
        index = bisect_right(self.starts, start) - 1
        line, column = self.first + index, start - self.starts[index] + 1
        last = max(start, end - 1)
        if last < (self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)):
            end_line, end_column = line, column + last - start
        else:
            end_line, end_column = self.place(last)
        return Position(line, column, end_line, end_column + (end > start))


def settle(pieces: Pieces, source: Source, blank: str | None = None) -> tuple[str, Position, Marks] | None:
    """The text without outer white space (the characters of `blank`), its position and its marks; None if empty."""
    text, places = _trimmed(pieces, blank)
    if not text:
        return None
    at = source.span(places[0][1], places[-1][2])
    marks = _marks([(offset, *source.place(start)) for offset, start, _ in places]) if len(places) > 1 else ()
    return text, at, marks


def locate(pieces: Pieces, source: Source, blank: str | None = None) -> tuple[str, Position] | None:
    """What `settle` gives, without the marks."""
    text, places = _trimmed(pieces, blank)
    return (text, source.span(places[0][1], places[-1][2])) if text else None


def _trimmed(pieces: Pieces, blank: str | None) -> tuple[str, list[tuple[int, int, int]]]:
    """The text without outer white space, and (offset in it, start, end in the source) of the pieces of it."""
    whole = pieces[0][0] if len(pieces) == 1 else "".join([piece for piece, _, _ in pieces])
    text = whole.strip(blank)
    if text == whole and len(pieces) == 1:
        _, start, end = pieces[0]
        return text, [(0, start, end)]
    begin = len(whole) - len(whole.lstrip(blank))
    return text, _cut(pieces, begin, begin + len(text))


def _cut(pieces: Pieces, begin: int, stop: int) -> list[tuple[int, int, int]]:
    """(offset in the text from `begin` to `stop`, start, end in the source) of the pieces that it is made of."""
    places: list[tuple[int, int, int]] = []
    offset = -begin
    for piece, start, end in pieces:
        head = max(0, -offset)
        tail = max(0, offset + len(piece) - (stop - begin))
        if head + tail < len(piece):
            verbatim = end - start == len(piece)
            places.append((offset + head, start + head, end - tail) if verbatim else (offset + head, start, end))
        offset += len(piece)
    return places


def _marks(places: list[tuple[int, int, int]]) -> Marks:
    """One mark for each place that does not go on where the last mark leads; none where one would do."""
    kept = places[:1]
    for offset, line, column in places[1:]:
        last, last_line, last_column = kept[-1]
        if (line, column) != (last_line, last_column + offset - last):
            kept.append((offset, line, column))
    return tuple(kept) if len(kept) > 1 else ()
