"""Patterns of rule files: which literals a match must hold, and that looking for them changes no verdict."""

import re

import pytest

from linter.pattern import Pattern, required_literals
from linter.ruleset import load_rules

CASES = [
    ("国办公开办函", (("国办公开办函",),)),
    ("(?:上年|去年)结转", (("上年", "去年"), ("结转",))),
    ("a?b+c*", (("b",),)),
    ("[函涵]〔2021〕", (("函", "涵"), ("〔2021〕",))),
    ("[^。]{0,9}其中", (("其中",),)),
    ("(?:甲|乙?)丙", (("丙",),)),
    (r"\d+件", (("件",),)),
    ("(?=元)甲(?!乙)", (("甲",),)),
    ("(?i)www", ()),
    (r"\d{4}", ()),
    ("x{0,3}", ()),
    ("|".join("甲乙丙丁戊己庚辛壬癸子丑寅"), ()),
]


@pytest.mark.parametrize(("source", "literals"), CASES, ids=[source for source, _ in CASES])
def test_the_literals_that_every_match_holds(source: str, literals: tuple[tuple[str, ...], ...]) -> None:
    assert required_literals(source) == literals


def test_a_kept_pattern_is_the_same(ruleset: object) -> None:
    pattern = Pattern.from_yaml("(?:上年|去年)结转[0-9]+件")
    again = Pattern.from_kept(pattern.kept())
    assert (again.source, again.literals) == (pattern.source, pattern.literals)
    assert again.search("去年结转7件").group() == "去年结转7件"  # type: ignore[union-attr]
    assert again.search("结转7件") is None


def test_no_pattern_of_the_ruleset_finds_less_for_its_literals(
    fixture_texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Pattern] = []
    real = Pattern.__init__

    def noting(self: Pattern, *arguments: object) -> None:
        real(self, *arguments)  # type: ignore[arg-type]
        made.append(self)

    monkeypatch.setattr(Pattern, "__init__", noting)

    load_rules()
    assert len(made) > 100
    for pattern in made:
        plain = re.compile(pattern.source)
        for text in fixture_texts:
            assert (pattern.search(text) is None) == (plain.search(text) is None), pattern.source
