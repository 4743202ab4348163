"""Counts and amounts in prose: 1,234件, ３件, 三十余条, 44.7万件, 523.15万元, 34.2%."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from linter.remember import remembered

_QUANTITY = re.compile(
    r"(?=[大约接将近超逾不至最平第\d零〇一二两三四五六七八九十百千])"  # how one can begin: quickly seen that none does
    r"(?P<about>大约|约|接近|将近|近|超过|超|逾|不少于|不低于|不超过|至少|最多|不足|不到|平均|第)?"
    r"(?P<number>(?<![\d.A-Za-z〔\[])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)"
    r"(?P<some>[余多几来])?(?P<scale>[万亿])?(?P<more>[余多几])?"
    r"(?P<unit>个百分点|件次|人次|条次|[件条项次个篇份起宗例人名元期场批处家类部本册单部年月日号时岁天倍%])?"
    r"(?P<around>左右|上下|以上|以下|以内|余|多)?"
)
_JOINTS = ("个百分点", "百分点", "-", "~", "—", "–", "至", "到")
"""What joins the two numbers of a range: 3至5, 2个百分点."""

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"": 1, "万": 10**4, "亿": 10**8}


class Quantity(NamedTuple):
    """A number with its measure word at `start:end` of a folded text."""

    value: Decimal
    step: Decimal  # what the last printed digit stands for: 1 in 258, 0.1 in 34.2, 100 in 44.72万
    unit: str  # 件, 元, %; empty where none that is known follows
    exact: bool  # False for 三十余, 约30, 30以上, 3至5
    start: int
    end: int

    def agrees(self, value: Decimal) -> bool:
        """Whether `value` prints as this quantity, rounded or cut to as many digits."""
        return abs(self.value - value) < self.step


@remembered(64)
def quantities(folded: str) -> tuple[Quantity, ...]:
    """The quantities in a folded text; an ordinal (第3件) is none, nor is a Chinese numeral without measure word."""
    return tuple(_quantities(folded))  # several rules ask for those of one paragraph


def _quantities(folded: str) -> Iterator[Quantity]:
    for match in _QUANTITY.finditer(folded):
        about, printed, some, scale, more, unit, around = match.groups()
        arabic = printed[0].isdecimal()
        if about == "第" or not (arabic or unit):
            continue
        number = Decimal(printed.replace(",", "")) if arabic else Decimal(_chinese(printed))
        factor = _SCALES[scale or ""]
        start, end = match.span("number")
        yield Quantity(
            value=number * factor,
            step=Decimal(factor).scaleb(-len(printed.partition(".")[2])),
            unit=unit or "",
            exact=not (about or some or more or around or _ends_range(folded, start)),
            start=start,
            end=match.end("unit") if unit else end,
        )


def _ends_range(folded: str, start: int) -> bool:
    """Whether the number at `start` is the second one of a range."""
    joint = next((joint for joint in _JOINTS if folded.endswith(joint, 0, start)), "")
    before = folded[start - len(joint) - 1 : start - len(joint)] if start > len(joint) else ""
    return bool(joint and before) and (before.isdecimal() or before in _DIGITS or before in _TENS)


def _chinese(printed: str) -> int:
    """The value of a Chinese numeral below ten thousand: 三百零五, 十二, 二〇二一."""
    if not any(char in _TENS for char in printed):
        return int("".join(str(_DIGITS[char]) for char in printed))
    total = digit = 0
    for char in printed:
        if char in _TENS:
            total += (digit or 1) * _TENS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit
