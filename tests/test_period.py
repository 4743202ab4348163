"""How reports state their period, and what looks like it and is none."""

import pytest

from linter.checks.period import PeriodCheck
from linter.readers.text import read
from linter.report import align
from linter.ruleset import Ruleset

STATED = [
    "本报告所列数据的统计期限自2021年1月1日起至2021年12月31日止。",
    "统计期限：2021年1月1日至12月31日",
    "报告中所列数据的统计时限为 2021 年 1 月 1 日起至 2021 年 12 月 31 日止。",
    "统计周期为2021年1月1日—12月31日。",
    "统计时间：2021年1月1日-2021年12月31日",
    "数据统计期为2021年1月1日到2021年12月31日。",
    "统计日期为２０２１年１月１日至１２月３１日。",
    "统计起止时间：2021年1月1日～2021年12月31日",
    "本报告期限从2021年1月1日至2021年12月31日止。",
    "统计数据从2021年1月1日至2021年12月31日。",
    "本报告中的统计数据时间为2021.1.1-2021.12.31。",
    "报告涵盖2021年1月1日至2021年12月31日期间的工作。",
    "所列数据统计期限为2021年1月至12月。",
    "本报告数据统计期限为2021年度。",
    "本年度报告中使用的数据自2021年1月1日起，至2021年12月31日止。",
]
NOT_STATED = [
    "截至2021年12月31日，公开信息30条。",
    "2021年1月1日至12月31日，共公开信息30条。",
    "公示期限自2021年3月1日至2021年3月7日。",
    "征求意见期限为2021年5月1日至5月31日。",
    "2021年，我局公开信息30条。",
    "统计工作自2021年开展以来成效明显。",
]


def statements(text: str, ruleset: Ruleset) -> list[tuple[object, object]]:
    check = ruleset.rule("period-missing").check
    assert isinstance(check, PeriodCheck)
    source = f"某局2021年政府信息公开工作年度报告\n{text}\n一、总体情况\n无。\n"
    return [
        (s.span.first, s.span.last) for s in check.statements(align(read(source.encode(), "x.txt"), ruleset.templates))
    ]


@pytest.mark.parametrize("text", STATED)
def test_every_wording_is_recognised(text: str, ruleset: Ruleset) -> None:
    assert statements(text, ruleset) == [((2021, 1, 1), (2021, 12, 31))]


@pytest.mark.parametrize("text", NOT_STATED)
def test_what_only_looks_like_it_is_not(text: str, ruleset: Ruleset) -> None:
    assert statements(text, ruleset) == []


def test_a_day_that_does_not_exist_is_no_day(ruleset: Ruleset) -> None:
    assert statements("统计期限自2021年1月1日至2021年13月31日。", ruleset) == [((2021, 1, 1), None)]
