"""`score`: which changes are made, which are missed, and that the built-in rules never miss more than they did."""

import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import FIXTURES, ROOT

from linter import scoring
from linter.cli import main
from linter.edits import apply
from linter.engine import file_source
from linter.errors import Phrase, UsageError
from linter.mutations import Mutation, mutations
from linter.readers import read
from linter.report import Report, align
from linter.ruleset import Ruleset

PATH = FIXTURES / "reports/水务局-2023.txt"

MOST_MISSED = {
    ("2021", "表二：加 1"): 8,
    ("2021", "表二：与后一格对调"): 6,
    ("2021", "表四：与后一格对调"): 8,
    ("2019", "表二：加 1"): 22,
    ("2019", "表二：与后一格对调"): 19,
    ("2019", "表二：改成负数"): 5,
    ("2019", "表四：与后一格对调"): 8,
    ("2019", "部分正文：删去"): 2,
}
"""(edition, kind of change) → how many the built-in rules miss; a kind that is not here is never missed. Lower only."""


@pytest.fixture(scope="module")
def report() -> Report:
    from linter.ruleset import load_rules

    return align(read(PATH.read_bytes(), PATH.name), load_rules().templates)


@pytest.fixture(scope="module")
def made(report: Report) -> list[Mutation]:
    from linter.ruleset import load_rules

    return list(mutations(report, load_rules()))


def test_the_built_in_rules_miss_no_more_than_they_did() -> None:
    """docs/score.md is what `score` prints now: test_docs holds it."""
    missed: dict[tuple[str, str], int] = {}
    kinds: Counter[str] = Counter()
    edition = ""
    for line in (ROOT / "docs/score.md").read_text("utf-8").splitlines():
        if found := re.match(r"(\d{4}) 格式：", line):
            edition = found[1]
        elif edition and (row := re.match(r"\| ([^|]+) \| (\d+) \| (\d+) \|", line)):
            kinds[edition] += 1
            if int(row[3]):
                missed[edition, row[1]] = int(row[3])
    assert kinds == {"2021": 26, "2019": 24}
    assert {key: count for key, count in missed.items() if count > MOST_MISSED.get(key, 0)} == {}


def test_every_cell_and_required_phrase_is_changed(made: list[Mutation]) -> None:
    counts = Counter(mutation.kind.en for mutation in made if "swapped with the next cell" not in mutation.kind.en)
    assert counts == {
        **{f"{table}: {change}": count for table, count in (("disclosure", 10), ("requests", 175), ("review", 15))
           for change in ("one more", "blanked", "made negative")},
        "title: deleted": 1,
        "title: without the year": 1,
        "title: a year early": 1,
        "title: without the organ": 1,
        "section heading: deleted": 6,
        "section heading: numbered one off": 6,
        "section heading: swapped with the next": 5,
        "text of a section: deleted": 3,
        "aspect: deleted": 5,
        "period: deleted": 1,
        "period: begins a year early": 1,
        "period: ends in November": 1,
        "words that fee-stated requires: deleted": 1,
        "words that problems-empty requires: deleted": 1,
    }  # fmt: skip


CELL = "requests.granted.natural_person"  # holds 3; the next cell holds 0


@pytest.mark.parametrize(
    ("kind", "subject", "before", "after"),
    [
        ("requests: one more", CELL, "（一）予以公开\t\t3\t0", "（一）予以公开\t\t4\t0"),
        ("requests: blanked", CELL, "（一）予以公开\t\t3\t0", "（一）予以公开\t\t\t0"),
        ("requests: made negative", CELL, "（一）予以公开\t\t3\t0", "（一）予以公开\t\t-3\t0"),
        ("requests: swapped with the next cell", CELL, "（一）予以公开\t\t3\t0", "（一）予以公开\t\t0\t3"),
        ("title: a year early", "青川县水务局2023年政府信息公开工作年度报告", "水务局2023年", "水务局2022年"),
        ("title: without the organ", "青川县水务局2023年政府信息公开工作年度报告", "青川县水务局2023年", "2023年"),
        ("section heading: numbered one off", "一、总体情况", "一、总体情况", "二、总体情况"),
        ("aspect: deleted", "平台建设", "（四）平台建设。", "（四）。"),
        ("period: ends in November", "2023年1月1日起至2023年12月31日止", "2023年12月31日止", "2023年11月30日止"),
        ("period: begins a year early", "2023年1月1日起至2023年12月31日止", "自2023年1月1日", "自2022年1月1日"),
        ("words that fee-stated requires: deleted", "信息处理费", "本年度没有收取信息处理费。", ""),
    ],
)
def test_a_change_touches_its_place_only(
    kind: str, subject: str, before: str, after: str, report: Report, made: list[Mutation]
) -> None:
    (mutation,) = (m for m in made if m.kind.en == kind and m.subject.endswith(subject))
    data = PATH.read_bytes()
    text = data.decode()
    assert text.count(before) == 1
    assert apply(data, report.document, mutation.edits).decode() == text.replace(before, after)


def few(monkeypatch: pytest.MonkeyPatch, made: list[Mutation]) -> None:
    """Only changes of one cell and of the title."""
    chosen = [m for m in made if m.subject == CELL or m.kind.en == "title: deleted"]
    monkeypatch.setattr(scoring, "mutations", lambda report, ruleset: iter(chosen))


def test_what_no_rule_catches_is_missed(
    ruleset: Ruleset, made: list[Mutation], monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch, made)
    only = ruleset.chosen(["requests-applicant-sum"], [])
    edition, scores = scoring.score(file_source(str(PATH)), only)
    assert (edition, {item.kind.en: (item.made, item.missed) for item in scores}) == (
        "2021",
        {
            "requests: one more": (1, ()),
            "requests: blanked": (1, (CELL,)),  # not checkable is not caught
            "requests: made negative": (1, ()),
            "requests: swapped with the next cell": (1, (CELL,)),  # the six applicants still add up
            "title: deleted": (1, ("青川县水务局2023年政府信息公开工作年度报告",)),
        },
    )


def test_all_rules_catch_them(ruleset: Ruleset, made: list[Mutation], monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, made)
    _, scores = scoring.score(file_source(str(PATH)), ruleset.chosen([], []))
    assert [item.missed for item in scores] == [()] * 5


def test_the_table_names_what_is_missed_most_first_and_not_too_much() -> None:
    scores = [
        scoring.Score(Phrase(zh="甲", en="a"), 3, ()),
        scoring.Score(Phrase(zh="乙", en="b"), 9, tuple("pqrstuvw")),
    ]
    assert "".join(scoring.table("2021", scores, "en")) == (
        "template 2021: 12 changes, 4 caught, 8 missed\n\n"
        "| change | made | missed | where |\n|---|--:|--:|---|\n"
        "| b | 9 | 8 | p、q、r、s、t、u … and 2 more |\n"
        "| a | 3 | 0 |  |\n"
    )


@pytest.mark.parametrize("name", ["rules/requests-balance/bad.txt", "rules/not-a-report/bad.txt", "reports/none.txt"])
def test_a_report_that_is_not_valid_is_a_usage_error(name: str, ruleset: Ruleset) -> None:
    with pytest.raises(UsageError):
        scoring.score(file_source(str(FIXTURES / name)), ruleset)


def test_the_command_prints_a_table(
    made: list[Mutation], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few(monkeypatch, made)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(["score", str(PATH)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "2021 格式：改动 5 处，查出 5 处，漏掉 0 处"
