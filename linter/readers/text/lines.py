"""Lines of a text file, and the slots of table rows found on them."""

from typing import NamedTuple

from linter.document import Marks, Paragraph, Position, new

_NUMERALS = "一二三四五六七八九十0123456789"


Row = list["Slot"]


class Line:
    """One line of the file: `text` as it is, `bare` without outer white space."""

    __slots__ = ("_is_heading", "bare", "number", "text", "tokens")

    def __init__(self, number: int, text: str) -> None:
        self.number, self.text, self.bare = number, text, text.strip()
        self.tokens: Row | None = None  # the slots that white space parts, once a layout has asked for them
        self._is_heading: bool | None = None

    def slot(self, start: int, end: int) -> "Slot":
        """The slot that holds `text[start:end]` without outer white space; an empty one stands at its start."""
        piece = self.text[start:end]
        text = piece.strip()
        return self._slot(text, start + 1 + _indent(piece, text))

    def whole(self) -> "Slot":
        """The slot that holds the whole line."""
        return self._slot(self.bare, 1 + _indent(self.text, self.bare))

    def parts(self, separator: str, start: int = 0, end: int | None = None) -> "Row":
        """The slots between the separators in `text[start:end]`; none where it ends before it starts."""
        number, column = self.number, start + 1
        row: Row = []
        if end is not None and end < start:
            return row
        # Cells by the hundred: what `slot` does, without a call for each.
        for piece in self.text[start:end].split(separator):
            text = piece.strip()
            first = column if text == piece else column + _indent(piece, text)
            row.append(new(Slot, (text, new(Position, (number, first, number, first + len(text), None, "")), ())))
            column += len(piece) + len(separator)
        return row

    def _slot(self, text: str, column: int) -> "Slot":
        at = new(Position, (self.number, column, self.number, column + len(text), None, ""))
        return new(Slot, (text, at, ()))

    def paragraph(self) -> Paragraph:
        """The whole line as a paragraph."""
        slot = self.whole()
        return Paragraph(text=slot.text, at=slot.at)

    @property
    def is_heading(self) -> bool:
        """Whether the line is numbered like a heading (一、 （一） 1.) or marked as one (#)."""
        if self._is_heading is None:
            self._is_heading = self._looks_like_heading()
        return self._is_heading

    def _looks_like_heading(self) -> bool:
        text = self.text.lstrip(" \t\u3000*")
        number = text.lstrip("(（")
        behind = number.lstrip(_NUMERALS)
        return text.startswith("#") or (len(behind) < len(number) and behind[:1] in {"、", ".", "．", ")", "）"})


def _indent(piece: str, text: str) -> int:
    """How many characters stand before `text`, which is `piece` without outer white space; none where it is empty."""
    return piece.index(text[0]) if text else 0


class Slot(NamedTuple):
    """What stands between two separators, not yet placed in a grid."""

    text: str
    at: Position
    marks: Marks = ()

    def joined(self, other: "Slot") -> "Slot":
        """This slot with `other` below it in the same cell."""
        offset = len(self.text) + 1
        marks = self.marks or ((0, self.at.line, self.at.column),)
        at = Position(
            line=self.at.line, column=self.at.column, end_line=other.at.end_line, end_column=other.at.end_column
        )
        text = f"{self.text}\n{other.text}" if self.text else other.text
        return Slot(text=text, at=at, marks=(*marks, (offset, other.at.line, other.at.column)))


class Region(NamedTuple):
    """The table rows found from some line on, up to the line at index `end`."""

    rows: list[Row]
    end: int
