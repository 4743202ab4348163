"""Own rules: changed built-in ones, examples that show whether a rule works, and a scaffold to start from."""

import shutil
from pathlib import Path

import pytest
from conftest import FIXTURES

from linter.checks import CHECKS, STAMPED
from linter.cli import main
from linter.diagnostic import Level
from linter.errors import RuleError, UsageError
from linter.ruleset import load_rules

PHRASE = """\
id: no-slogans
title: {zh: 不写套话, en: no slogans}
level: warning
basis: 本市要求
check: pattern
with:
  must: not-occur
  patterns: {slogan: [高度重视]}
message: {zh: "不要写“{text}”", en: "do not write '{text}'"}
"""
INLINE = PHRASE + "examples:\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, a repository of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    (tmp_path / ".git").mkdir()
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_file_without_check_changes_the_rule_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, "own/requests-balance.yaml", "level: warning\n")
    write(tmp_path, "own/review-sum.yaml", "with: {holds: upheld + corrected <= total}\n")
    write(tmp_path, "own/period-missing.yaml", "level: off\n")
    cache = str(tmp_path / "cache.json")
    built_in = load_rules()
    for _ in ("parsed", "from the cache"):
        changed = load_rules([str(tmp_path / "own")], cache)
        balance, old = changed.rule("requests-balance"), built_in.rule("requests-balance")
        assert balance == old._replace(level=Level.WARNING, path=str(tmp_path / "own/requests-balance.yaml"))
        check = changed.rule("review-sum").check
        assert (check.holds.relation, check.table, check.for_each) == ("<=", "review", "row")
        assert [rule.id for rule in changed.rules if rule.off] == ["period-missing"]
        assert {rule.id for rule in changed.chosen([], []).rules} == {rule.id for rule in built_in.rules} - {
            "period-missing"
        }


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("review-sum", "levl: off\n", "1:1: unknown option 'levl'; did you mean 'level'?"),
        (
            "review-sum",
            "id: review-sum\nwith:\n  table: reviews\n",
            "3:10: unknown name 'reviews'; did you mean 'review'?",
        ),
        ("review-sum", "level: info\nmessage: {zh: '{col}', en: x}\n", "2:15: unknown placeholder 'col'"),
        (
            "review-sums",
            "level: off\n",
            "1:1: 'check' is missing; a file that changes a rule has the name of that rule",
        ),
    ],
)
def test_mistakes_stand_in_the_file_that_changes_the_rule(name: str, text: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, f"{name}.yaml", text)
    with pytest.raises(RuleError) as caught:
        load_rules([str(tmp_path)])
    assert [mistake.say("en").startswith(f"{tmp_path}/{name}.yaml:{said}") for mistake in caught.value.mistakes] == [
        True
    ]


CASES: list[tuple[str, dict[str, str], list[str]]] = [
    (
        "files beside the rule",
        {
            "no-slogans.yaml": PHRASE,
            "no-slogans/bad.txt": "一、总体情况\n高度重视\n",
            "no-slogans/ok.md": "# 一、总体情况\n\n重视\n",
            "no-slogans/alike.txt": "一、总体情况\n高度的重视\n",
            "no-slogans/README": "not an example",
        },
        [],
    ),
    (
        "texts in the rule",
        {
            "no-slogans.yaml": INLINE
            + '  bad: ["一、总体情况\\n高度重视\\n", {text: "# 一、总体情况\\n高度重视\\n", at: ["2:1"], format: md}]\n'
            + '  ok: ["一、总体情况\\n重视\\n"]\n'
        },
        [],
    ),
    (
        "no bad example",
        {"no-slogans.yaml": PHRASE},
        ["bad - no bad example, so nothing shows that the rule ever fires"],
    ),
    (
        "silent on a bad one",
        {"no-slogans.yaml": INLINE + '  bad: ["一、总体情况\\n重视\\n"]\n'},
        ["examples.bad-1.txt - should fire, and does not"],
    ),
    (
        "firing on a good one",
        {
            "no-slogans.yaml": PHRASE,
            "no-slogans/bad.txt": "一、总体情况\n高度重视\n",
            "no-slogans/ok.txt": "一、总体情况\n高度重视\n",
        },
        ["ok.txt - should be silent, and fires"],
    ),
    (
        "firing elsewhere",
        {"no-slogans.yaml": INLINE + '  bad: [{text: "一、总体情况\\n高度重视\\n高度重视\\n", at: ["2"]}]\n'},
        ["examples.bad-1.txt - should fire at 2, and fires at 2:1, 3:1"],
    ),
    (
        "another text than the golden one",
        {
            "no-slogans.yaml": PHRASE,
            "no-slogans/bad.txt": "一、总体情况\n高度重视\n",
            "no-slogans/bad.out": "bad.txt:2:1: error: old\n",
        },
        ["bad.txt - differs from own/no-slogans/bad.out (rewrite it with --update)"],
    ),
    (
        "names that say nothing, files that cannot be read",
        {
            "no-slogans.yaml": PHRASE,
            "no-slogans/bad.txt": "一、总体情况\n高度重视\n",
            "no-slogans/good.txt": "一、总体情况\n",
            "no-slogans/ok.txt": "",
        },
        ["good.txt - the name of an example begins with bad, ok or alike", "ok.txt - the example cannot be read"],
    ),
    ("a changed rule, by the examples of the built-in one", {"cell-blank.yaml": "level: info\n"}, []),
    (
        "a changed rule that no longer fires",
        {"cell-fraction.yaml": "with: {must: number}\n"},
        ["bad.txt - should fire, and does not"],
    ),
]


@pytest.mark.parametrize(("files", "failures"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_examples_show_whether_a_rule_works(
    files: dict[str, str], failures: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in files.items():
        write(folder, f"own/{name}", text)
    rule = next(iter(files)).removesuffix(".yaml")
    assert main(["test-rules", "own", "--lang", "en"]) == (1 if failures else 0)
    lines = capsys.readouterr().out.splitlines()
    said = [line.removeprefix(f"FAILED own/{rule}.yaml::") for line in lines if line.startswith("FAILED")]
    assert [line[: len(failure)] for line, failure in zip(said, failures, strict=True)] == failures
    assert lines[-1].startswith(f"{len(failures)} failed, ")


def test_a_bad_example_that_is_no_report_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "own/no-slogans.yaml", INLINE + "  bad: [高度重视]\n")
    assert main(["test-rules", "own", "--lang", "en"]) == 1
    assert "it does not look like a report, so it was not checked: add a title" in capsys.readouterr().out


def test_goldens_are_rewritten_on_request(folder: Path) -> None:
    write(folder, "own/no-slogans.yaml", PHRASE)
    write(folder, "own/no-slogans/bad.txt", "一、总体情况\n高度重视\n")
    assert main(["test-rules", "own", "--update"]) == 0
    golden = folder / "own/no-slogans/bad.out"
    assert golden.read_text("utf-8").startswith("bad.txt:2:1: warning: 不要写“高度重视” [no-slogans]\n")
    assert main(["test-rules", "own"]) == 0
    golden.write_text(golden.read_text("utf-8").replace("warning", "error"), encoding="utf-8")
    assert main(["test-rules", "own/no-slogans.yaml"]) == 1


def test_the_configured_folders_are_tested_without_arguments(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test-rules"]) == 2
    assert "nianbao new-rule" in capsys.readouterr().err
    write(folder, ".nianbao.yaml", "rules: [own]\n")
    write(folder, "own/no-slogans.yaml", PHRASE)
    assert main(["test-rules"]) == 1


@pytest.mark.parametrize("kind", sorted(CHECKS.keys() - STAMPED))
def test_a_new_rule_of_every_kind_loads_and_passes(kind: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-rule", "our-rule", "--check", kind, "--folder", "own"]) == 0
    assert load_rules(["own"]).rule("our-rule").path == "own/our-rule.yaml"
    assert main(["test-rules", "own"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("0 个未通过，")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Our_Rule", "not a rule id: 'Our_Rule'"),
        ("../x", "not a rule id: '../x'"),
        ("review-sum", "there already is a rule 'review-sum'"),
        ("there", "own/there.yaml already exists"),
    ],
)
def test_a_new_rule_overwrites_nothing(name: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "own/there.yaml", "x")
    assert main(["new-rule", name, "--check", "total", "--folder", "own", "--lang", "en"]) == 2
    assert said in capsys.readouterr().err
    assert (folder / "own/there.yaml").read_text("utf-8") == "x"


def test_an_own_template_is_tried_by_reports_that_follow_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built_in = next(Path(rule.path) for rule in load_rules().rules).parents[1] / "templates/2021.yaml"
    text = built_in.read_text("utf-8").replace('edition: "2021"', 'edition: "2027"')
    text = text.replace("first_year: 2021", "first_year: 2027").replace(
        "一、本年新收政府信息公开申请数量", "一、全年新收申请的总件数"
    )
    write(folder, "own/templates/2027.yaml", text)
    report = (FIXTURES / "rules/cell-blank/ok.txt").read_text("utf-8").replace("2023", "2028")
    write(
        folder,
        "own/templates/2027/ok.txt",
        report.replace("一、本年新收政府信息公开申请数量", "一、全年新收申请的总件数"),
    )
    lost = [line for line in report.splitlines(keepends=True) if "本年新收" not in line]
    write(folder, "own/templates/2027/bad-row.txt", "".join(lost))
    assert main(["test-rules", "own"]) == 0, capsys.readouterr().out
    shutil.move(folder / "own/templates/2027/bad-row.txt", folder / "own/templates/2027/ok-row.txt")
    assert main(["test-rules", "own"]) == 1
    assert "FAILED own/templates/2027.yaml::ok-row.txt" in capsys.readouterr().out


def test_a_switched_off_rule_runs_only_by_its_name(tmp_path: Path) -> None:
    write(tmp_path, "review-sum.yaml", "level: off\n")
    rules = load_rules([str(tmp_path)])
    assert [rule.id for rule in rules.chosen(["review-sum"], []).rules] == ["review-sum"]
    assert "review-sum" not in [rule.id for rule in rules.chosen(["totals"], []).rules]
    with pytest.raises(UsageError):
        rules.chosen(["review-sums"], [])
