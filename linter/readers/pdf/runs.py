"""Characters → runs of characters printed in one go: pure geometry.

What a page costs is what its characters cost, and most of what is to be known of a character is to be known of its run.
Here and in the modules that build on it places are in points, x growing along the text and y downward.
"""

from collections.abc import Iterable
from typing import NamedTuple

FIRST_IDEOGRAPH = "\u2e80"
"""From here on characters are as wide as high, and written without spaces between words."""

Char = tuple[float, float, float, float, str]
"""(middle of its height, left, right, height, text) of a character: so characters sort from top to bottom."""

MIN_GAP = 0.12
"""The gap between any two characters, in heights, below which there is no space."""


class Run(NamedTuple):
    """Characters beside one another, each behind the middle of the one before; a space is a run of its own."""

    highest: Char  # runs sort from top to bottom
    lowest: float  # the lowest middle of a character
    left: float
    right: float
    pitch: float  # no space is between its characters in a line as high as this
    even: bool  # its characters have one middle and one height
    text: str
    chars: list[Char]


def runs(chars: Iterable[Char]) -> list[Run]:
    """The runs that characters in the order of their printing form."""
    found: list[Run] = []
    group: list[Char] = []
    widest = last_middle = last_left = last_right = last_height = 0.0
    last_text = ""
    last_blank = even = True
    for char in chars:
        middle, left, _, height, text = char
        blank = text.isspace()
        pitch = (left - last_right) / MIN_GAP
        if pitch > height and not blank:
            pitch = (left - last_right) / gap(last_text, text)
        if (
            pitch <= height
            and not blank
            and not last_blank
            and left - last_left >= (last_right - last_left) / 2
            and -height <= 2 * (middle - last_middle) <= height
        ):
            group.append(char)
            widest = max(widest, pitch)
            if middle != last_middle or height != last_height:
                even = False
        else:
            if group:
                found.append(_run(group, widest, even))
            group = [char]
            widest, even = 0.0, True
        last_middle, last_left, last_right, last_height, last_text = char
        last_blank = blank
    if group:
        found.append(_run(group, widest, even))
    return found


def single(char: Char) -> Run:
    """A run of one character."""
    middle, left, right, _, text = char
    return Run(char, middle, left, right, 0.0, True, text, [char])


def _run(chars: list[Char], pitch: float, even: bool) -> Run:
    first = chars[0]
    if len(chars) == 1:
        return single(first)
    text = "".join([char[4] for char in chars])
    highest, lowest = (first, first[0]) if even else (min(chars), max(chars)[0])
    return Run(highest, lowest, first[1], chars[-1][2], pitch * (1 + 1e-6), even, text, chars)


def gap(text: str, following: str) -> float:
    """The gap between two characters, in heights, that makes a space; ideographs and digits may be spaced out."""
    if text >= FIRST_IDEOGRAPH and following >= FIRST_IDEOGRAPH:
        return 1.2
    return 0.3 if text.isdigit() and following.isdigit() else MIN_GAP
