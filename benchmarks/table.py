"""The table: one row a figure, with its target and whether it is met."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from processes import Median

HEAD = ("measurement", "figure", "median", "lowest–highest", "processor time", "target", "met")
START, END = "<!-- measured -->", "<!-- /measured -->"


class Row(NamedTuple):
    what: str
    median: str
    spread: str = ""  # of the runs
    processor: str = ""  # on all cores; a ratio of it beside a ratio
    target: str = ""
    met: str = ""


def timed(what: str, took: Median) -> Row:
    """The row of a process."""
    unit, factor = ("ms", 1000.0) if took.seconds < 1 else ("s", 1.0)
    digits = max(0, 3 - len(f"{took.seconds * factor:.0f}"))
    median, low, high, processor = (
        f"{value * factor:.{digits}f}" for value in (took.seconds, took.low, took.high, took.processor)
    )
    return Row(what, f"{median} {unit}", f"{low}–{high} {unit}", f"{processor} {unit}")


def ratio(what: str, value: float, *, at_most: float | None = None, below: float | None = None) -> Row:
    """The row of a ratio, beside its target where it has one."""
    row = Row(what, f"**{value:.2f}**")
    if at_most is not None:
        return row._replace(target=f"at most {at_most:g}", met=_met(value <= at_most))
    if below is not None:
        return row._replace(target=f"below {below:.3g}", met=_met(value < below))
    return row


def compared(
    what: str, ours: Median, other: Median, *, at_most: float | None = None, below: float | None = None
) -> Row:
    """The row of the ratio of two processes by the clock, which the target is for, and of their processor time."""
    row = ratio(what, ours.seconds / other.seconds, at_most=at_most, below=below)
    return row._replace(processor=f"{ours.processor / other.processor:.2f}")


def equal(what: str, counts: Mapping[str, int], wanted: int) -> Row:
    """The row of counts that must all be as wanted: else the times beside them are not of equal work."""
    shown = ", ".join(f"{name} {count}" for name, count in counts.items())
    return Row(what, shown, target=f"{wanted} each", met=_met(set(counts.values()) == {wanted}))


def _met(met: bool) -> str:
    return "yes" if met else "**no**"


def table(measured: Mapping[str, Sequence[Row]]) -> str:
    """The rows of each measurement as a Markdown table, aligned for a terminal."""
    lines = [HEAD, *((name, *row) for name, rows in measured.items() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = [
        "| " + " | ".join(cell.ljust(wide) for cell, wide in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([shown[0], "|" + "|".join("-" * (wide + 2) for wide in widths) + "|", *shown[1:]])


def put(page: Path, text: str) -> None:
    """Puts the text between the page's marks."""
    before, _, rest = page.read_text("utf-8").partition(START)
    page.write_text(f"{before}{START}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
