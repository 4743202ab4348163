"""Places in a text: ours (1-based lines and code points) and the protocol's (0-based, in units that are agreed on)."""

import re
from bisect import bisect_right
from collections.abc import Callable

from lsprotocol import types

from linter.document import Position
from linter.encoding import line_starts

_LINE_END = re.compile("\r\n|\n|\r")
"""What ends a line in the protocol; for the readers NEL does, too."""

_MARK = "\ufeff"


class Coordinates:
    """Translates the places of one text; `units` counts the client's units (UTF-16 unless agreed otherwise)."""

    def __init__(self, text: str, units: Callable[[str], int]) -> None:
        self._text, self._units = text, units
        self.length = len(text)
        self._mark = len(_MARK) if text.startswith(_MARK) else 0  # which no reader counts
        self._ours = line_starts(text[self._mark :])
        self._theirs = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def offset(self, line: int, column: int) -> int:
        """The offset in the text of one of our places; the end of the text for one behind it."""
        if line > len(self._ours):
            return len(self._text)
        return min(self._mark + self._ours[line - 1] + column - 1, len(self._text))

    def position(self, offset: int) -> types.Position:
        """The protocol's position at an offset in the text."""
        line = bisect_right(self._theirs, offset) - 1
        return types.Position(line, self._units(self._text[self._theirs[line] : offset]))

    def span(self, start: int, end: int) -> types.Range:
        """The protocol's range between two offsets."""
        return types.Range(self.position(start), self.position(max(start, end)))

    def range(self, at: Position) -> types.Range:
        """The protocol's range of one of our places."""
        return self.span(self.offset(at.line, at.column), self.offset(at.end_line, at.end_column))

    def rest_of_line(self, line: int, column: int) -> types.Range:
        """From one of our places to the last character of its line."""
        start = self.offset(line, column)
        end = self._text.find("\n", start)
        return self.span(start, start + len(self._text[start : end if end >= 0 else None].rstrip()))

    def everything(self) -> types.Range:
        """The whole text."""
        return self.span(0, self.length)


def before(one: types.Position, other: types.Position) -> bool:
    """Whether a position stands before another."""
    return (one.line, one.character) < (other.line, other.character)


def touch(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges share a character, or at least meet."""
    return not before(one.end, other.start) and not before(other.end, one.start)
