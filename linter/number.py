"""The numbers of table cells: what counts as a number, what as a blank."""

import re
import unicodedata
from decimal import Decimal
from math import isfinite

from linter.remember import remembered

BLANKS = frozenset({"", "/", "\\", "-", "--", "---", "—", "——", "–", "―", "无", "空", "不适用", "n/a", "na"})
"""What offices write into a cell instead of a number, in NFKC and lower case (domain: none of these is a 0)."""

LONGEST = 8
"""Characters up to which a cell can be such a mark, white space around it included: labels need not be looked up."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad"))
"""Characters that web pages and office programs leave in cells, and that take no place."""

_FIRST = frozenset("0123456789０１２３４５６７８９+-＋－− \t\xa0\u3000").union(map(chr, _INVISIBLE))
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WITH_UNIT = re.compile(r"[+-]?\d[\d,.]*(?:万?元|[件条次项个起人%])?(?:[(（].*[)）])?")


def plain(text: str) -> str:
    """`text` in NFKC, stripped, with one kind of minus sign and without characters that take no place."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).replace("−", "-").strip()


def plain_number(value: Decimal | None) -> int | float | None:
    """The number as JSON has it; None for none, and for a fraction of more digits than a float can hold."""
    if value is None or value == int(value):
        return None if value is None else int(value)
    near = float(value)
    return near if isfinite(near) else None


@remembered(1024)
def parse(text: str) -> Decimal | None:
    """The number that is all of `text`, or None: also for a blank, a unit or a remark beside the number."""
    text = plain(text)
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def is_blank(text: str) -> bool:
    """Whether the cell is empty or holds a mark that stands for "nothing"."""
    return len(text) <= LONGEST and _is_blank(text)


def is_numeric(text: str) -> bool:
    """Whether `text` is a number, perhaps with a unit or a remark in brackets: a value, not a label."""
    return text[:1] in _FIRST and _is_numeric(text)


@remembered(1024)
def _is_blank(text: str) -> bool:
    return plain(text).lower() in BLANKS


@remembered(1024)
def _is_numeric(text: str) -> bool:
    return _WITH_UNIT.fullmatch(plain(text)) is not None
