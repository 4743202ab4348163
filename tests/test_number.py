"""The numbers of cells: what is one, what stands for none, and how one is written out."""

from decimal import Decimal

import pytest

from linter.number import is_blank, is_numeric, parse, plain_number

LONG = "9" * 400

CELLS = [
    ("12", Decimal(12), False, True),
    ("１２", Decimal(12), False, True),
    (" 0\xa0", Decimal(0), False, True),
    ("1,234", Decimal(1234), False, True),
    ("12,34", None, False, True),
    ("-18", Decimal(-18), False, True),
    ("−18", Decimal(-18), False, True),
    ("523.15万元", None, False, True),
    ("22（其中修订 16 件）", None, False, True),
    ("", None, True, False),
    ("/", None, True, False),
    ("——", None, True, False),
    ("N/A", None, True, False),
    ("不适用", None, True, False),
    ("空" * 9, None, False, False),
    ("规章", None, False, False),
    (LONG, Decimal(LONG), False, True),
]


@pytest.mark.parametrize(("text", "value", "blank", "numeric"), CELLS, ids=[case[0][:20] or "empty" for case in CELLS])
def test_what_a_cell_holds(text: str, value: Decimal | None, blank: bool, numeric: bool) -> None:
    for _ in range(2):  # the second time it is remembered
        assert (parse(text), is_blank(text), is_numeric(text)) == (value, blank, numeric)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (Decimal("3.0"), 3),
        (Decimal("2.5"), 2.5),
        (Decimal(LONG), int(LONG)),
        (Decimal(f"{LONG}.5"), None),
        (Decimal(f"-{LONG}.5"), None),
    ],
    ids=["none", "whole", "fraction", "long", "long fraction", "long negative fraction"],
)
def test_how_a_number_is_written_out(value: Decimal | None, written: float | None) -> None:
    assert plain_number(value) == written
