"""The documents show real output: every console block is run and compared (`--update` rewrites it)."""

import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT

from linter import explanation
from linter.cli import main
from linter.ruleset import Ruleset
from linter.summary import ERRORS, INCOMPLETE, PASSED, UNREADABLE, WARNINGS
from linter.tabulation import LONG

CONSOLE = re.compile(r"```console\n\$ (?P<command>nianbao [^\n]*)\n(?P<output>.*?)```", re.DOTALL)
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize(
    "page", [page for page in PAGES if CONSOLE.search(page.read_text("utf-8"))], ids=lambda p: p.name
)
def test_console_blocks_are_what_the_commands_print(
    page: Path, golden, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def run(block: re.Match[str]) -> str:
        main(shlex.split(block["command"])[1:])
        return f"```console\n$ {block['command']}\n{capsys.readouterr().out}```"

    golden(page, CONSOLE.sub(run, page.read_text("utf-8")))


def test_every_rule_has_its_page_made_from_its_yaml_and_fixtures(golden, ruleset: Ruleset) -> None:
    folder = ROOT / "docs/rules"
    for rule in ruleset.rules:
        golden(folder / f"{rule.id}.md", explanation.page(ruleset, rule))
    rows = [
        f"| [{rule.id}]({rule.id}.md) | {rule.level} | {rule.title.zh} · {rule.title.en} |" for rule in ruleset.rules
    ]
    head = "# 规则 · Rules\n\n| 规则 rule | 级别 level | 要求 what it wants |\n|---|---|---|\n"
    golden(folder / "README.md", head + "\n".join(rows) + "\n")
    assert {path.stem for path in folder.iterdir()} == {"README", *(rule.id for rule in ruleset.rules)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_page_on_many_reports_names_the_columns_and_verdicts() -> None:
    page = (ROOT / "docs/batch.md").read_text("utf-8")
    chinese, english = page.split("\n---\n")
    assert re.findall(r"(?m)^\| `(\w+)` \|", page) == [field.name for field in LONG]
    verdicts = (ERRORS, WARNINGS, INCOMPLETE, PASSED, UNREADABLE)
    for text, lang, head in ((chinese, "zh", "结论 | 意思"), (english, "en", "verdict | meaning")):
        rows = text.partition(f"| {head} |\n|---|---|\n")[2].partition("\n\n")[0].splitlines()
        assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [v.said.say(lang) for v in verdicts]


def test_both_readmes_have_the_same_commands_and_sections() -> None:
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    for pattern in (r"(?m)^pip .*?(?= +#)", r"(?m)^\| `nianbao (\w+)", r"--[a-z-]+", r"(?m)^(\w[\w-]*):.*#"):
        assert set(re.findall(pattern, english)) == set(re.findall(pattern, chinese)), pattern
    assert english.count("\n## ") == chinese.count("\n## ")
