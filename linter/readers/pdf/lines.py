"""Characters → lines of text: pure geometry.

Here and in `lattice`, `tables`, `layout` and `flow` places are in points, x growing along the text and y downward.
"""

from math import inf
from typing import NamedTuple

OVERPRINT = 0.3
"""The same character again within this part of its width is the same character printed twice, to look bold."""

NOTE_SIZE = 0.75
NOTE_RAISE = 0.12
"""A digit below this part of the line's height, raised by this part of it, is the mark of a note."""

FIRST_IDEOGRAPH = "\u2e80"
"""From here on characters are as wide as high, and written without spaces between words."""


class Char(NamedTuple):
    """A character: the middle of its height first, so that characters sort from top to bottom."""

    middle: float
    left: float
    right: float
    height: float
    text: str


class Line(NamedTuple):
    """A line of text without the space around it."""

    text: str
    page: int
    left: float
    right: float
    middle: float
    size: float  # the width of an ideograph, or the nearest guess
    word: float  # the width of what cannot be parted from the line's beginning


def lines(chars: list[Char], page: int) -> list[Line]:
    """The lines of text that the characters of a page, or a part of it, form, from top to bottom."""
    usual = _median([char.height for char in chars])
    groups: list[list[Char]] = []
    limit = -inf
    for char in sorted(chars):
        if char.middle > limit:
            groups.append([])
            limit = char.middle + max(char.height, usual) / 2
        groups[-1].append(char)
    return [line for group in groups if (line := _line(group, page)).text]


def _median(numbers: list[float]) -> float:
    """The middle number, or the higher one of two; `statistics` takes 5 ms to import."""
    return sorted(numbers)[len(numbers) // 2] if numbers else 0.0


def _line(chars: list[Char], page: int) -> Line:
    chars.sort(key=lambda char: char.left)
    height = _median([char.height for char in chars])
    middle = _median([char.middle for char in chars])
    raised = middle - NOTE_RAISE * height
    text = blank = ""
    last: Char | None = None
    left = 0.0
    for char in chars:
        if char.text.isspace():
            blank += char.text
            continue
        if char.middle < raised and char.height < NOTE_SIZE * height and (char.text.isdigit() or char.text == "*"):
            continue  # the mark of a note: 22¹ is not 221
        if last is None:
            left, blank = char.left, ""
        elif char.text == last.text and char.left - last.left < OVERPRINT * (last.right - last.left):
            continue  # bold by printing twice
        elif not blank and char.left - last.right > _gap(last.text, char.text) * height:
            blank = " "
        text += blank + char.text
        blank = ""
        last = char
    return Line(text, page, left, last.right if last else left, middle, *_widths(chars, height))


def _gap(text: str, following: str) -> float:
    """The gap between two characters, in heights, that makes a space; ideographs and digits may be spaced out."""
    if text >= FIRST_IDEOGRAPH and following >= FIRST_IDEOGRAPH:
        return 1.2
    return 0.3 if text.isdigit() and following.isdigit() else 0.12


def _widths(chars: list[Char], height: float) -> tuple[float, float]:
    """`Line.size` and `Line.word`."""
    visible = [char for char in chars if not char.text.isspace()]
    size = _median([char.right - char.left for char in visible if char.text >= FIRST_IDEOGRAPH]) or 0.8 * height
    word = size
    for char in visible:
        if char.text >= FIRST_IDEOGRAPH or char.left > visible[0].left + word + size / 4:
            break
        word = max(word, char.right - visible[0].left)
    return size, word
