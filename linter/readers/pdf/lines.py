"""Runs of characters → lines of text: pure geometry."""

from math import inf
from operator import attrgetter
from typing import NamedTuple

from linter.readers.pdf.runs import FIRST_IDEOGRAPH, Char, Run, gap, single

OVERPRINT = 0.3
"""The same character again within this part of its width is the same character printed twice, to look bold."""

NOTE_SIZE = 0.75
NOTE_RAISE = 0.12
"""A digit below this part of the line's height, raised by this part of it, is the mark of a note."""


class Line(NamedTuple):
    """A line of text without the space around it."""

    text: str
    page: int
    left: float
    right: float
    middle: float
    height: float
    runs: list[Run]  # also those that are not in the text

    @property
    def size(self) -> float:
        """The width of an ideograph, or the nearest guess."""
        widths = [right - left for _, left, right, _, text in self._visible() if text >= FIRST_IDEOGRAPH]
        return _median(widths) or 0.8 * self.height

    @property
    def word(self) -> float:
        """The width of what cannot be parted from the line's beginning."""
        size = word = self.size
        visible = self._visible()
        begin = visible[0][1]
        for _, left, right, _, text in visible:
            if text >= FIRST_IDEOGRAPH or left > begin + word + size / 4:
                break
            word = max(word, right - begin)
        return word

    def _visible(self) -> list[Char]:
        return [char for run in self.runs if not run.text.isspace() for char in run.chars]


def lines(runs: list[Run], page: int) -> list[Line]:
    """The lines of text that the runs of a page, or a part of it, form, from top to bottom."""
    return [line for group in _groups(runs) if (line := _line(group, page)).text]


def _groups(runs: list[Run]) -> list[list[Run]]:
    """The runs of each line."""
    if not runs:
        return []
    if len(runs) == 1 and runs[0].even:
        return [runs]
    usual = _median([char[3] for run in runs for char in run.chars])
    groups: list[list[Run]] = []
    limit = -inf
    for run in sorted(runs):
        if run.highest[0] > limit:
            groups.append([])
            limit = run.highest[0] + max(run.highest[3], usual) / 2
        if run.lowest > limit and not run.even:  # it is on more than one line
            return _groups(_singles(runs))
        groups[-1].append(run)
    return groups


def _singles(runs: list[Run]) -> list[Run]:
    return [single(char) for run in runs for char in run.chars]


def _median(numbers: list[float]) -> float:
    """The middle number, or the higher one of two; `statistics` takes 5 ms to import."""
    return sorted(numbers)[len(numbers) // 2] if numbers else 0.0


def _line(runs: list[Run], page: int) -> Line:
    if len(runs) == 1 and runs[0].even:
        (middle, _, _, height, _), _, left, right, _, _, text, _ = runs[0]
        return Line(text.strip(), page, left, right, middle, height, runs)
    runs.sort(key=attrgetter("left"))
    height = _median([char[3] for run in runs for char in run.chars])
    middle = _median([char[0] for run in runs for char in run.chars])
    raised = middle - NOTE_RAISE * height
    if not _are_parts(runs, height) or any(_has_note(run, raised, height) for run in runs):
        # Sorted as a whole first: of characters that begin at one place the highest comes first.
        runs = sorted(sorted(_singles(runs)), key=attrgetter("left"))
    text = blank = ""
    last: Char | None = None
    left = 0.0
    for run in runs:
        if run.text.isspace():
            blank += run.text
            continue
        if _has_note(run, raised, height):
            continue
        if last is None:
            left, blank = run.left, ""
        elif run.text == last[4] and run.left - last[1] < OVERPRINT * (last[2] - last[1]):
            continue  # bold by printing twice
        elif not blank and run.left - last[2] > gap(last[4], run.text[0]) * height:
            blank = " "
        text += blank + run.text
        blank = ""
        last = run.chars[-1]
    return Line(text, page, left, last[2] if last else left, middle, height, runs)


def _has_note(run: Run, raised: float, height: float) -> bool:
    """Whether there is the mark of a note in a run, of a line of this height: 22¹ is not 221."""
    return run.highest[0] < raised and any(
        middle < raised and own < NOTE_SIZE * height and (text.isdigit() or text == "*")
        for middle, _, _, own, text in run.chars
    )


def _are_parts(runs: list[Run], height: float) -> bool:
    """Whether the runs of a line of this height can be read one by one: each whole, and none over the next."""
    last_left = last_right = -inf
    for run in runs:
        if run.pitch > height or run.left - last_left < OVERPRINT * (last_right - last_left):
            return False
        _, last_left, last_right, _, _ = run.chars[-1]
    return True
