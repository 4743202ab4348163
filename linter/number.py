"""The numbers of table cells: what counts as a number, what as a blank."""

import re
import unicodedata
from decimal import Decimal

BLANKS = frozenset({"", "/", "\\", "-", "--", "---", "—", "——", "–", "―", "无", "空", "不适用", "n/a", "na"})
"""What offices write into a cell instead of a number, in NFKC and lower case (domain: none of these is a 0)."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WITH_UNIT = re.compile(r"[+-]?\d[\d,.]*(?:万?元|[件条次项个起人%])?(?:[(（].*[)）])?")


def plain(text: str) -> str:
    """`text` in NFKC, stripped, with one kind of minus sign."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def parse(text: str) -> Decimal | None:
    """The number that is all of `text`, or None: also for a blank, a unit or a remark beside the number."""
    if text.isdecimal() and text.isascii():
        return Decimal(text)
    text = plain(text)
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def is_blank(text: str) -> bool:
    """Whether the cell is empty or holds a mark that stands for "nothing"."""
    return plain(text).lower() in BLANKS


def is_numeric(text: str) -> bool:
    """Whether `text` is a number, perhaps with a unit or a remark in brackets: a value, not a label."""
    return (text.isdecimal() and text.isascii()) or _WITH_UNIT.fullmatch(plain(text)) is not None
