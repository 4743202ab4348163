"""Years and spans of dates as reports print them."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

_DAY = r"(?:(?P<y{n}>(?:19|20)\d\d)[年./-])?(?P<m{n}>\d{{1,2}})(?:月(?!\d)|[月./-](?P<d{n}>\d{{1,2}})日?)"
_RANGE = re.compile(
    r"(?<!\d)"
    + _DAY.format(n=1)
    + r"(?:零时|0时|起|开始)*(?:一?直?至|一?直?到|[—–~～-]+)(?:本年度?|当年)?"
    + _DAY.format(n=2)
    + r"(?:24时)?(?:期?间?止)?"
)
_WHOLE_YEAR = re.compile(r"(?<=[为是:在])(20[0-4]\d)年(?:度|全年)?(?=$|[。,;)])")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?=年)")


class Span(NamedTuple):
    """A span of dates printed at `start:end` of a folded text; a date that does not exist is None."""

    first: date | None
    last: date | None
    start: int
    end: int


def spans(folded: str) -> Iterator[Span]:
    """The spans of dates in a folded text. The year may be left out of either date: it is then the other's."""
    for match in _RANGE.finditer(folded):
        year = match["y1"] or match["y2"]
        if year is None:
            continue
        yield Span(
            first=_date(match["y1"] or year, match["m1"], match["d1"], last=False),
            last=_date(match["y2"] or year, match["m2"], match["d2"], last=True),
            start=match.start(),
            end=match.end(),
        )


def whole_years(folded: str) -> Iterator[Span]:
    """The years that stand for their whole span (统计期限为2021年度) in a folded text."""
    for match in _WHOLE_YEAR.finditer(folded):
        year = int(match[1])
        yield Span(first=date(year, 1, 1), last=date(year, 12, 31), start=match.start(), end=match.end())


def _date(year: str, month: str, day: str | None, *, last: bool) -> date | None:
    """The date, without `day` the first or last one of the month; None where there is no such day."""
    try:
        if day or not last:
            return date(int(year), int(month), int(day or 1))
        return date(int(year) + int(month) // 12, int(month) % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        return None


def years(folded: str) -> list[int]:
    """The years named in a folded text, in order, with repetitions."""
    return [int(year) for year in _YEAR.findall(folded)]
