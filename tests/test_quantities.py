"""Numbers in prose: what each is worth, whether it is exact, and where it stands."""

from decimal import Decimal

import pytest

from linter.folding import fold
from linter.quantities import Quantity, quantities

D = Decimal

CASES = {
    "arabic": ("收到8件", [("8件", "8", True)]),
    "full-width": ("收到３１２件", [("312件", "312", True)]),
    "spaced": ("收到 31 19 件", [("3119件", "3119", True)]),
    "thousands": ("公开1,234条", [("1,234条", "1234", True)]),
    "a comma that parts no thousands": ("2021,12件", [("2021", "2021", True), ("12件", "12", True)]),
    "chinese": ("办结三百零五件", [("三百零五件", "305", True)]),
    "chinese, ten and a bit": ("办结十二件", [("十二件", "12", True)]),
    "chinese without measure word": ("三审三校，一是", []),
    "zero": ("收到0件、零件", [("0件", "0", True), ("零件", "0", True)]),
    "some tens": ("公开三十余条", [("三十余条", "30", False)]),
    "some more": ("公开5500多条", [("5500多条", "5500", False)]),
    "about": ("约30件", [("30件", "30", False)]),
    "nearly": ("近2万份", [("2万份", "20000", False)]),
    "or thereabouts": ("30件左右", [("30件", "30", False)]),
    "at least": ("30件以上", [("30件", "30", False)]),
    "a range": ("3至5件", [("3", "3", True), ("5件", "5", False)]),
    "reaching a number is exact": ("达258件", [("258件", "258", True)]),
    "ten thousands": ("44.72万件", [("44.72万件", "447200", True)]),
    "money": ("523.15万元", [("523.15万元", "5231500", True)]),
    "some ten thousands": ("3万余元", [("3万余元", "30000", False)]),
    "a percentage": ("占34.2%", [("34.2%", "34.2", True)]),
    "an ordinal": ("第二十条第3件", []),
    "a date": ("2021年1月1日", [("2021年", "2021", True), ("1月", "1", True), ("1日", "1", True)]),
    "a document's number": ("国办公开办函〔2021〕30号", [("30号", "30", True)]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_quantities_in_prose(text: str, expected: list[tuple[str, str, bool]]) -> None:
    folded = fold(text)
    found = [(folded[q.start : q.end], q.value, q.exact) for q in quantities(folded)]
    assert found == [(printed, D(value), exact) for printed, value, exact in expected]


def test_a_quantity_says_what_its_last_digit_stands_for() -> None:
    steps = [q.step for q in quantities("8件44.72万件34.2%523.15万元")]
    assert steps == [D(1), D(100), D("0.1"), D(100)]


@pytest.mark.parametrize(
    ("printed", "value", "agrees"),
    [
        ("34.2%", "34.16", True),
        ("34.1%", "34.16", True),  # cut, not rounded
        ("34.0%", "34.16", False),
        ("8件", "8", True),
        ("8件", "7", False),
        ("44.72万件", "447228", True),
        ("44.7万件", "448300", False),
    ],
)
def test_a_value_agrees_to_the_digits_printed(printed: str, value: str, agrees: bool) -> None:
    (quantity,) = quantities(printed)
    assert quantity.agrees(D(value)) is agrees


def test_a_quantity_knows_its_place_and_measure_word() -> None:
    (quantity,) = quantities("共收到8份")
    assert quantity == Quantity(value=D(8), step=D(1), unit="份", exact=True, start=3, end=5)
