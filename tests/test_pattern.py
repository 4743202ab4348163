"""Patterns of rule files: which literals a match must hold, and that looking for them changes no verdict."""

import re
from itertools import product

import pytest

from linter.folding import SEPARATOR
from linter.pattern import Pattern
from linter.regextree import is_local, required_literals
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


LOCAL = [
    ("国办.{0,5}号", True),
    ("(?:甲|乙)+丙?", True),
    ("^甲", False),
    ("甲$", False),
    (r"\b甲", False),
    (r"(?<!\d)\d{11}(?!\d)", True),
    ("(?!甲乙)丙", True),
    ("丙(?![^甲])", False),  # the end of the text is no [^甲], the separator is
    ("丙(?!.)", False),
    ("(?<!.)丙", False),
    ("丙(?<![a-z].)", True),  # in front of a text stands a separator as wide as the assertion
    ("丙(?<![a-z]..)", False),
    ("丙(?!.[a-z])", True),
    ("(?=甲)甲", True),
    ("甲(?=乙|$)", False),
    ("(?:甲(?!.))?", False),
]


@pytest.mark.parametrize(("source", "local"), LOCAL, ids=[source for source, _ in LOCAL])
def test_whether_a_pattern_sees_the_ends_of_a_text(source: str, local: bool) -> None:
    assert is_local(source) is local


@pytest.mark.parametrize("source", [source for source, local in LOCAL if local])
def test_what_a_local_pattern_finds_in_a_text_it_finds_among_others(source: str) -> None:
    texts = ["".join(some) for size in range(4) for some in product("甲丙a1", repeat=size)] + ["国办公开号", "1" * 11]
    pattern = Pattern.from_yaml(source)
    found = [text for text in texts if re.search(source, text)]
    assert found
    for text in found:
        for before, behind in product(["甲", "a", "1", ""], repeat=2):
            assert pattern.may_occur(SEPARATOR.join([before, text, behind])), (before, text, behind)


def test_a_kept_pattern_is_the_same(ruleset: object) -> None:
    pattern = Pattern.from_yaml("(?:上年|去年)结转[0-9]+件")
    again = Pattern.from_kept(pattern.kept())
    assert (again.source, again.literals, again.local) == (pattern.source, pattern.literals, pattern.local)
    assert again.search("去年结转7件").group() == "去年结转7件"  # type: ignore[union-attr]
    assert again.search("结转7件") is None


def test_no_pattern_of_the_ruleset_finds_less_for_its_literals(
    fixture_texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Pattern] = []
    real = Pattern.__init__

    def noting(self: Pattern, *arguments: object, **options: object) -> None:
        real(self, *arguments, **options)  # type: ignore[arg-type]
        made.append(self)

    monkeypatch.setattr(Pattern, "__init__", noting)

    load_rules()
    assert len(made) > 100
    for pattern in made:
        plain = re.compile(pattern.source)
        for text in fixture_texts:
            assert (pattern.search(text) is None) == (plain.search(text) is None), pattern.source
        joined = SEPARATOR.join(fixture_texts)
        if any(plain.search(text) for text in fixture_texts):
            assert pattern.may_occur(joined), pattern.source
