"""The text of one HTML paragraph: entities decoded, white space collapsed as a browser does, each character placed."""

import html
import re
import unicodedata
from html.entities import html5

from linter.prose import Pieces

_SPACE = " \t\n\f"
_PLAIN = re.compile(r"[^ \t\n\f&]++(?: [^ \t\n\f&]++)*+")
_LEGACY = "|".join(sorted((name for name in html5 if not name.endswith(";")), key=len, reverse=True))
_PIECE = re.compile(
    r"(?P<space>[ \t\n\f]+)"
    rf"|(?P<entity>&(?:\#0{{0,9}}[0-9]{{1,8}}(?![0-9]);?|\#[xX]0{{0,9}}[0-9a-fA-F]{{1,8}}(?![0-9a-fA-F]);?"
    rf"|[a-zA-Z][a-zA-Z0-9]{{0,31}};|(?:{_LEGACY})))"
    rf"|(?P<plain>{_PLAIN.pattern}|&)"
)
_WIDE = frozenset("WFHA")


class Flow:
    """Gathers one paragraph."""

    __slots__ = ("_last", "_line_blank", "_space", "blank", "pieces")

    def __init__(self) -> None:
        self.pieces: Pieces = []  # none if nothing but collapsible white space has come
        self.blank = True  # nothing to see yet, no-break spaces at most
        self._last = ""  # the last character
        self._line_blank = True
        self._space: tuple[int, int, bool] | None = None  # (start, end, holds a line end), not yet written

    def feed(self, source: str, start: int, end: int, *, limit: int, verbatim: bool) -> int:
        """Add `source[start:end]`, character data; `verbatim` (<pre>) keeps its white space.

        Returns the number of its pieces; beyond `limit` it stops.
        """
        piece = source[start:end]
        if not verbatim and not piece.strip(_SPACE):
            self._collapse(start, end, "\n" in piece)
            return 1
        if _PLAIN.fullmatch(piece):
            self._add(piece, start, end)
            return 1
        count = 0
        for count, match in enumerate(_PIECE.finditer(source, start, end), 1):
            if count > limit:
                break
            piece = html.unescape(match[0]) if match.lastgroup == "entity" else match[0]
            if match.lastgroup == "plain" or piece.strip(_SPACE):
                self._add(piece, match.start(), match.end())
            elif verbatim:
                self._keep(piece, match.start())
            elif piece:
                self._collapse(match.start(), match.end(), "\n" in piece)
        return count

    def line_break(self, start: int, end: int) -> bool:
        """End the line, as a <br> at `start` does; False if the line is blank, so that the break ends the paragraph."""
        self._space = None
        if self._line_blank:
            return False
        self._write("\n", start, end)
        self._line_blank = True
        return True

    def note(self, sign: str, start: int, end: int) -> None:
        """Put `sign` for the tag at `start` behind text that stands directly before it."""
        if self._last.strip() and not self._space:
            self._write(sign, start, end)

    def _collapse(self, start: int, end: int, line_end: bool) -> None:
        if self._space:
            start, line_end = self._space[0], line_end or self._space[2]
        if self.pieces:
            self._space = (start, end, line_end)

    def _keep(self, piece: str, start: int) -> None:
        _, line_end, tail = piece.rpartition("\n")
        if line_end:
            first = start + piece.index("\n")
            self.line_break(first, first + 1)
        if tail:
            end = start + len(piece)
            self._write(tail, end - len(tail), end)

    def _add(self, piece: str, start: int, end: int) -> None:
        if self._space and self._last != "\n" and not (self._space[2] and _joins(self._last, piece[0])):
            self._write(" ", *self._space[:2])
        self._space = None
        self._write(piece, start, end)
        if piece.strip():
            self.blank = self._line_blank = False

    def _write(self, piece: str, start: int, end: int) -> None:
        self.pieces.append((piece, start, end))
        self._last = piece[-1]


def _joins(before: str, after: str) -> bool:
    """Whether a line end in the source between the two shows nothing: between Chinese characters, not a space.

    Source: CSS Text 3, segment break transformation; ambiguous width counts as wide, as in any Chinese text.
    """
    return unicodedata.east_asian_width(before) in _WIDE and unicodedata.east_asian_width(after) in _WIDE
