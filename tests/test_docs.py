"""The documents show real output and say the same in both languages (`--update` rewrites what the program makes)."""

import json
import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

import manual
import pytest
from conftest import FIXTURES, ROOT

from linter import explanation
from linter.cli import main
from linter.formatters import FORMATTERS
from linter.readers import READERS
from linter.ruleset import Ruleset
from linter.summary import ERRORS, INCOMPLETE, PASSED, UNREADABLE, WARNINGS
from linter.tabulation import LONG

CONSOLE = re.compile(
    r"```console(?P<title> title=\"[^\"\n]*\")?\n\$ (?P<command>[^\n]*)\n(?P<output>.*?)```", re.DOTALL
)
"""A command with what it prints. Under a title it is run in a folder of its own, behind those before it."""

QUOTED = re.compile(r"```(?P<kind>\w+) title=\"(?P<path>[\w/.-]+\.\w+)\"\n.*?```", re.DOTALL)
"""A file of the repository, shown."""

SHOWN = "/home/me/reports"
"""The place that is shown for the folder of titled commands, which is another one in each run."""

FOLDERS = {"exceptions": FIXTURES / "exceptions", "configuration": FIXTURES / "mistaken"}
"""The folder of a page's titled commands, where it is not that of the manual."""

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CHINESE = [path for path in sorted(manual.DOCS.glob("**/*.md")) if not path.name.endswith(".en.md")]
BESIDE_BOTH = ("README", "CHANGELOG", "CONTRIBUTING")
"""Files at the top whose Chinese one has a name of its own."""


def english(page: Path) -> Path:
    """The English page of a Chinese one."""
    return page.with_name(f"{page.stem}.en.md")


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if CONSOLE.search(page.read_text("utf-8"))],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_console_blocks_are_what_the_commands_print(
    page: Path, golden, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    scratch = tmp_path / "scratch"
    shutil.copytree(FOLDERS.get(page.name.partition(".")[0], FIXTURES / "manual"), scratch)
    (scratch / ".git").mkdir()

    def run(block: re.Match[str]) -> str:
        monkeypatch.chdir(scratch if block["title"] else ROOT)
        name, *arguments = shlex.split(block["command"])
        if name == "cat":
            output = Path(*arguments).read_text("utf-8")
        elif name == "head":
            lines = Path(arguments[1]).read_text("utf-8-sig").splitlines(keepends=True)
            output = "".join(lines[: -int(arguments[0])])
        else:
            assert name == "nianbao"
            main(arguments)
            output = "".join(capsys.readouterr()).replace(str(scratch), SHOWN)  # a terminal shows both streams
        return f"```console{block['title'] or ''}\n$ {block['command']}\n{output}```"

    golden(page, CONSOLE.sub(run, page.read_text("utf-8")))


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if QUOTED.search(page.read_text("utf-8"))],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_files_are_shown_as_they_are(page: Path, golden) -> None:
    def show(block: re.Match[str]) -> str:
        content = (ROOT / block["path"]).read_text("utf-8")
        return f'```{block["kind"]} title="{block["path"]}"\n{content}```'

    golden(page, QUOTED.sub(show, page.read_text("utf-8")))


@pytest.mark.parametrize("lang", manual.LANGUAGES)
def test_every_rule_has_its_page_made_from_its_yaml_and_fixtures(lang: str, golden, ruleset: Ruleset) -> None:
    for rule in ruleset.rules:
        golden(manual.page(f"rules/{rule.id}", lang), explanation.page(ruleset, rule, lang))
    golden(manual.page("rules/README", lang), manual.rule_index(ruleset, lang))
    pages = {path.name.partition(".")[0] for path in (manual.DOCS / "rules").iterdir()}
    assert pages == {"README", *(rule.id for rule in ruleset.rules)}


@pytest.mark.parametrize("lang", manual.LANGUAGES)
def test_every_command_has_its_page_with_the_options_that_it_takes(lang: str, golden) -> None:
    for name in manual.commands():
        page = manual.page(f"commands/{name}", lang)
        golden(page, manual.filled(page.read_text("utf-8"), name, lang))
        assert [found["part"] for found in manual.GENERATED.finditer(page.read_text("utf-8"))] == [
            "name",
            "synopsis",
            "options",
        ]
    page = manual.page("commands/README", lang)
    golden(page, manual.index_filled(page.read_text("utf-8"), lang))
    assert {path.name.partition(".")[0] for path in (manual.DOCS / "commands").iterdir()} == {
        "README",
        *manual.commands(),
    }


def test_every_help_text_is_in_both_languages() -> None:
    texts = [
        (name, action.dest, action.help)
        for name, parser in manual.commands().items()
        for action in parser._actions
        if action.dest != "help"  # argparse's own
    ]
    texts += [(name, "", parser.description) for name, parser in manual.commands().items()]
    assert [text for text in texts if not re.fullmatch(r".*[\u4e00-\u9fff].*\n[^\u4e00-\u9fff]+", str(text[-1]))] == []


@pytest.mark.parametrize("lang", manual.LANGUAGES)
def test_the_page_about_ci_has_the_inputs_of_the_action(lang: str, golden) -> None:
    page = manual.page("ci", lang)
    golden(page, manual.inputs_filled(page.read_text("utf-8"), lang))


@pytest.mark.parametrize("lang", manual.LANGUAGES)
@pytest.mark.parametrize(
    "command", [["check", "--verbose", "--format", "json"], ["extract"]], ids=lambda command: command[0]
)
def test_every_member_of_json_is_described(command: list[str], lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([*command, str(FIXTURES / "manual/年报.docx")])
    described = set(re.findall(r"`(\w+)`", manual.page("json", lang).read_text("utf-8")))
    assert {name for name in members(json.loads(capsys.readouterr().out)) if "." not in name} <= described


def members(content: object) -> set[str]:
    """The names of all members of a JSON value and of those within it."""
    if isinstance(content, list):
        return set().union(*map(members, content))
    if isinstance(content, dict):
        return set(content).union(*map(members, content.values()))
    return set()


def test_the_site_has_every_command_and_rule_in_its_navigation(golden, ruleset: Ruleset) -> None:
    settings = ROOT / "mkdocs.yml"
    golden(settings, manual.navigation(settings.read_text("utf-8"), ruleset))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere_in_the_same_language(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
    if page.parent == ROOT:
        lang = "zh" if page.name.endswith(".zh-CN.md") else "en"
    else:
        lang = "en" if page.name.endswith(".en.md") else "zh"
    pages = [link for link in links if "docs" in (page.parent / link).resolve().parts and link.endswith(".md")]
    assert [link for link in pages if link.endswith(".en.md") != (lang == "en")] == []


@pytest.mark.parametrize(("lang", "head"), [("zh", "结论 | 意思"), ("en", "verdict | meaning")])
def test_the_page_on_many_reports_names_the_columns_and_verdicts(lang: str, head: str) -> None:
    text = manual.page("batch", lang).read_text("utf-8")
    assert re.findall(r"(?m)^\| `(\w+)` \|", text) == [field.name for field in LONG]
    rows = text.partition(f"| {head} |\n|---|---|\n")[2].partition("\n\n")[0].splitlines()
    verdicts = (ERRORS, WARNINGS, INCOMPLETE, PASSED, UNREADABLE)
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [v.said.say(lang) for v in verdicts]


@pytest.mark.parametrize("lang", manual.LANGUAGES)
@pytest.mark.parametrize(
    ("page", "names"), [("outputs", FORMATTERS), ("formats", READERS)], ids=["formats written", "formats read"]
)
def test_the_first_table_names_every_format(page: str, names: Mapping[str, object], lang: str) -> None:
    (table, *_) = re.findall(r"(?m)(?:^\|.*\n)+", manual.page(page, lang).read_text("utf-8"))
    first = [row.split("|")[1] for row in table.splitlines()]
    assert sorted(name for cell in first for name in re.findall(r"`([^`]+)`", cell)) == sorted(names)


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: str(page.relative_to(manual.DOCS)))
def test_both_languages_have_the_same_headings_and_blocks(page: Path) -> None:
    def shape(text: str) -> list[str]:
        without_output = re.sub(r"(?ms)^```(\w*).*?^```", r"```\1", text)
        return re.findall(r"(?m)^(?:#+(?= )|```\w*)", without_output)

    assert shape(page.read_text("utf-8")) == shape(english(page).read_text("utf-8"))


def test_every_page_is_in_both_languages() -> None:
    assert sorted(map(english, CHINESE)) == sorted(manual.DOCS.glob("**/*.en.md"))


@pytest.mark.parametrize("name", BESIDE_BOTH)
def test_both_languages_have_the_same_commands_and_sections(name: str) -> None:
    english, chinese = ((ROOT / f"{name}{suffix}").read_text("utf-8") for suffix in (".md", ".zh-CN.md"))
    for pattern in (r"(?m)^pip .*?(?= +#)", r"(?m)^\| `nianbao (\w+)", r"--[a-z-]+", r"(?m)^(\w[\w-]*):.*#"):
        assert set(re.findall(pattern, english)) == set(re.findall(pattern, chinese)), pattern
    assert english.count("\n## ") == chinese.count("\n## ")
    assert english.count("\n* ") == chinese.count("\n* ")
