"""Years and spans of dates as reports print them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from linter.remember import remembered

_DAY = r"(?:(?P<y{n}>(?:19|20)\d\d)[年./-])?(?P<m{n}>\d{{1,2}})(?:月(?!\d)|[月./-](?P<d{n}>\d{{1,2}})日?)"
_RANGE = re.compile(
    r"(?<!\d)"
    + _DAY.format(n=1)
    + r"(?:零时|0时|起|开始|,)*(?:一?直?至|一?直?到|[—–~～-]+)(?:本年度?|当年)?"
    + _DAY.format(n=2)
    + r"(?:24时)?(?:期?间?止)?"
)
_MARKS = "月./-"
"""One of these stands between a month and its day, or behind the month."""

_WHOLE_YEAR = re.compile(r"(?<=[为是:在])(20[0-4]\d)年(?:度|全年)?(?=$|[。,;)])")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?=年)")


Day = tuple[int, int, int]
"""(year, month, day). Days are only compared; `datetime` would cost 2 ms at every start for that."""


class Span(NamedTuple):
    """A span of dates printed at `start:end` of a folded text; a date that does not exist is None."""

    first: Day | None
    last: Day | None
    start: int
    end: int


@remembered(64)
def spans(folded: str) -> tuple[Span, ...]:
    """The spans of dates in a folded text. The year may be left out of either date: it is then the other's."""
    return tuple(_spans(folded))  # several rules ask for those of one paragraph


def _spans(folded: str) -> Iterator[Span]:
    if not any(mark in folded for mark in _MARKS):
        return
    for match in _RANGE.finditer(folded):
        year = match["y1"] or match["y2"]
        if year is None:
            continue
        yield Span(
            first=_day(match["y1"] or year, match["m1"], match["d1"], last=False),
            last=_day(match["y2"] or year, match["m2"], match["d2"], last=True),
            start=match.start(),
            end=match.end(),
        )


@remembered(64)
def whole_years(folded: str) -> tuple[Span, ...]:
    """The years that stand for their whole span (统计期限为2021年度) in a folded text."""
    return tuple(
        Span(first=(int(match[1]), 1, 1), last=(int(match[1]), 12, 31), start=match.start(), end=match.end())
        for match in _WHOLE_YEAR.finditer(folded)
    )


def _day(year: str, month: str, day: str | None, *, last: bool) -> Day | None:
    """The day; without `day` the first or last one of the month; None where there is no such day."""
    if not 1 <= int(month) <= 12:
        return None
    longest = 30 if int(month) in {4, 6, 9, 11} else 31 - 2 * (month.lstrip("0") == "2")
    number = int(day) if day else longest if last else 1
    return (int(year), int(month), number) if 1 <= number <= longest else None


def years(folded: str) -> list[int]:
    """The years named in a folded text, in order, with repetitions."""
    return [int(year) for year in _YEAR.findall(folded)]
