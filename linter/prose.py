"""Text gathered from pieces of a source whose markup is left out, each character with its place in the source."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from linter.document import Marks, Position


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
        line, column = self.place(start)
        end_line, end_column = self.place(max(start, end - 1))
        return Position(line=line, column=column, end_line=end_line, end_column=end_column + (end > start))


@dataclass(slots=True)
class Prose:
    """Pieces of one paragraph: (text, start, end), where `source[start:end]` is what the file says for the text.

    Where both have one length they are the same characters; else the text stands for it as a whole (`&nbsp;`, `<br>`).
    """

    pieces: list[tuple[str, int, int]] = field(default_factory=list)

    def settle(self, source: Source, blank: str | None = None) -> tuple[str, Position, Marks] | None:
        """The text without outer white space (the characters of `blank`), its position and its marks; None if empty."""
        whole = "".join(piece for piece, _, _ in self.pieces)
        text = whole.strip(blank)
        if not text:
            return None
        begin = len(whole) - len(whole.lstrip(blank))
        places = _cut(self.pieces, begin, begin + len(text))
        at = source.span(places[0][1], places[-1][2])
        return text, at, _marks([(offset, *source.place(start)) for offset, start, _ in places])


def _cut(pieces: list[tuple[str, int, int]], begin: int, stop: int) -> list[tuple[int, int, int]]:
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
