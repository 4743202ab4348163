"""`nianbao lsp` says in an editor what `nianbao check` says, while the draft is typed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import FIXTURES
from editor import Editor, edit
from lsprotocol import types

from linter.cli import main
from linter.encoding import decode, split_lines

pytestmark = pytest.mark.slow

BALANCED = (FIXTURES / "rules/requests-balance/ok.txt").read_text("utf-8")
UNBALANCED = (FIXTURES / "rules/requests-balance/bad.txt").read_text("utf-8")
MISNUMBERED = (FIXTURES / "rules/section-order/bad-number.txt").read_text("utf-8")
SEVERITIES = {"error": 1, "warning": 2, "info": 3}
HINT = 4

FOUND = [("requests-balance", 65), ("requests-applicant-sum", 66)]
"""What is wrong with UNBALANCED."""

DRAFTS = sorted(
    path
    for pattern in ("reports/*", "formats/*", "rules/cell-blank/bad*", "rules/claim-*/bad*")
    for path in FIXTURES.glob(pattern)
    if path.suffix in {".txt", ".md", ".html"}
)


def checked(capsys: pytest.CaptureFixture[str], *args: str | Path) -> list[dict[str, Any]]:
    """The files of `nianbao check --format json`."""
    main(["check", *map(str, args), "--format", "json"])
    return json.loads(capsys.readouterr().out)["files"]


def place(lines: list[str], line: int, column: int) -> tuple[int, int]:
    """A place as the protocol has it by default: from 0, in UTF-16."""
    return line - 1, len(lines[line - 1][: column - 1].encode("utf-16-le")) // 2


def ends(at: types.Range) -> tuple[tuple[int, int], tuple[int, int]]:
    return (at.start.line, at.start.character), (at.end.line, at.end.character)


def rules(told: list[types.Diagnostic]) -> list[tuple[object, int]]:
    """(rule, line) of what is told, lines from 1."""
    return [(d.code, d.range.start.line + 1) for d in told]


def apply(text: str, uri: str, action: types.CodeAction) -> str:
    """The text with an action's edits made; places are taken for characters, as in a text without astral ones."""
    assert action.edit
    assert action.edit.changes
    assert list(action.edit.changes) == [uri]
    lines = text.splitlines(keepends=True)
    for change in sorted(action.edit.changes[uri], key=lambda change: ends(change.range), reverse=True):
        (line, start), (last, end) = ends(change.range)
        assert line == last
        lines[line] = lines[line][:start] + change.new_text + lines[line][end:]
    return "".join(lines)


def test_diagnostics_are_what_check_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected, told = {}, {}
    for path in DRAFTS:
        (result,) = checked(capsys, path)
        lines = split_lines(decode(path.read_bytes()))
        hints = [item["hint"]["text"] if item["hint"] else None for item in result["diagnostics"]]
        expected[path.name] = [
            (
                item["rule"],
                SEVERITIES[item["level"]],
                (place(lines, item["line"], item["column"]), place(lines, item["end_line"], item["end_column"])),
                item["message"] + (f"\n提示：{hint}" if hint else ""),
                [(place(lines, near["line"], near["column"]), near["where"]) for near in item["related"]],
            )
            for item, hint in zip(result["diagnostics"], hints, strict=True)
        ]

    async def scenario(editor: Editor) -> None:
        for path in DRAFTS:
            said = await editor.opened(path.name, decode(path.read_bytes()))
            told[path.name] = [
                (
                    d.code,
                    d.severity,
                    ends(d.range),
                    d.message,
                    [(ends(near.location.range)[0], near.message) for near in d.related_information or ()],
                )
                for d in said
                if d.severity != HINT
            ]
            assert {d.source for d in said} <= {"nianbao"}

    edit(tmp_path, scenario)
    assert told == expected
    assert any(told.values())


def test_what_could_not_be_checked_is_a_hint_at_its_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = FIXTURES / "rules/cell-blank/bad.txt"
    (result,) = checked(capsys, path)
    told: list[types.Diagnostic] = []

    async def scenario(editor: Editor) -> None:
        told.extend(await editor.opened("a.txt", path.read_text("utf-8")))

    edit(tmp_path, scenario)
    hints = [d for d in told if d.severity == HINT]
    assert [(d.code, d.message.partition("\n")[0]) for d in hints] == [
        (item["rule"], f"未能检查：{item['reason']}") for item in result["unchecked"]
    ]
    assert [ends(d.range)[0] for d in hints] == [(65, 24), (64, 8), (64, 12), (22, 3)]


def test_the_buffer_counts_and_not_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(UNBALANCED, "utf-8")

    async def scenario(editor: Editor) -> None:
        assert rules(await editor.opened("a.txt", UNBALANCED)) == FOUND
        assert await editor.typed("a.txt", BALANCED) == []
        assert rules(await editor.typed("a.txt", UNBALANCED)) == FOUND
        editor.close("a.txt")
        assert await editor.until_told("a.txt") == []

    editor = edit(tmp_path, scenario)
    assert (editor.status, editor.logged) == (0, [])


def test_of_quick_changes_only_the_last_is_checked(tmp_path: Path) -> None:
    async def scenario(editor: Editor) -> None:
        await editor.opened("a.txt", BALANCED)
        before = editor.count
        for _ in range(9):
            editor.type("a.txt", UNBALANCED)
        assert await editor.typed("a.txt", BALANCED) == []
        assert editor.count == before + 1

    edit(tmp_path, scenario)


def test_what_is_asked_is_answered_for_the_text_as_it_stands(tmp_path: Path) -> None:
    async def scenario(editor: Editor) -> None:
        await editor.opened("a.txt", BALANCED)
        editor.type("a.txt", "第一行\n" + BALANCED)
        assert [symbol.selection_range.start.line for symbol in await editor.symbols("a.txt")] == [1]

    edit(tmp_path, scenario)


def test_a_hover_explains_the_rule(tmp_path: Path) -> None:
    async def scenario(editor: Editor) -> None:
        first = (await editor.opened("a.txt", MISNUMBERED))[0]
        shown = await editor.hover("a.txt", first.range.start)
        assert shown is not None
        assert shown.range == first.range
        assert shown.contents == types.MarkupContent(
            types.MarkupKind.Markdown,
            "**六个部分次序、编号正确**\n\n`section-order` · 警告\n\n依据：国办公开办函〔2021〕30号\n\n"
            "各部分依次为一至六，每个标题只出现一次。请调整次序，或改正标题前的编号。",
        )
        assert await editor.hover("a.txt", types.Position(1, 0)) is None

    edit(tmp_path, scenario)


FAULTS = {
    "section-order": ("六、其他需要报告的事项", "五、其他需要报告的事项"),
    "section-heading": ("五、存在的主要问题及改进情况", "五、存在的主要问题及改进清况"),
    "leftover-markup": ("部分栏目更新", "[bookmark: _GoBack]部分栏目更新"),
    "citation-misprint": ("编写本报告", "和国办公开办函[2021]30号编写本报告"),
}
"""Rule → what is right, and what `--fix` corrects."""

FAULTY = BALANCED.replace("规章\t0", "规章\t０")  # which nothing complains of, and is corrected, too
for _right, _wrong in FAULTS.values():
    FAULTY = FAULTY.replace(_right, _wrong)


def test_quick_fixes_and_fix_all_write_what_fix_writes(tmp_path: Path) -> None:
    path = tmp_path / "drafts" / "a.txt"
    path.parent.mkdir()
    path.write_text(FAULTY, "utf-8")
    main(["check", str(path), "--fix"])
    corrected = path.read_text("utf-8")
    offered: dict[object, str] = {}

    async def scenario(editor: Editor) -> None:
        for told in await editor.opened("a.txt", FAULTY):
            actions = await editor.actions("a.txt", told.range, ["quickfix"])
            (preferred,) = [action for action in actions if action.is_preferred]
            assert list(preferred.diagnostics or ()) == [told]
            offered[told.code] = apply(FAULTY, editor.uri("a.txt"), preferred)
        (everything,) = await editor.actions(
            "a.txt", types.Range(types.Position(0, 0), types.Position(0, 0)), ["source"]
        )
        assert (everything.kind, everything.title) == ("source.fixAll.nianbao", "改正全文有把握的错误")
        assert everything.edit
        assert everything.edit.changes
        sizes = [len(change.new_text) for change in everything.edit.changes[editor.uri("a.txt")]]
        assert sizes == [6, 1, 1, 0, 1]
        assert apply(FAULTY, editor.uri("a.txt"), everything) == corrected
        assert rules(await editor.typed("a.txt", corrected)) == []

    edit(tmp_path, scenario)
    assert offered == {
        rule: FAULTY.replace(wrong, right.replace("编写", "和国办公开办函〔2021〕30号编写"))
        for rule, (right, wrong) in FAULTS.items()
    }


@pytest.mark.parametrize(
    ("file", "comment"),
    [("a.txt", "# nianbao: ignore {} {}"), ("a.md", "<!-- nianbao: ignore {} {} -->")],
    ids=["text", "Markdown"],
)
def test_a_comment_excepts_once_it_has_a_reason(file: str, comment: str, tmp_path: Path) -> None:
    async def scenario(editor: Editor) -> None:
        text = "# 青川县水务局2023年政府信息公开工作年度报告\n\n## 六、其他需要报告的事项\n\n没有收费。[bookmark: x]\n"
        (told,) = [d for d in await editor.opened(file, text) if d.code == "leftover-markup"]
        actions = await editor.actions(file, told.range)
        (excepting,) = [a for a in actions if list(a.diagnostics or ()) == [told] and not a.is_preferred]
        changed = apply(text, editor.uri(file), excepting)
        line = comment.format("leftover-markup", "")
        assert changed == text.replace("没有收费", f"{line}\n没有收费")
        told_now = rules(await editor.typed(file, changed))
        assert ("leftover-markup", 6) in told_now
        assert ("suppression-invalid", 5) in told_now
        reasoned = changed.replace(line, comment.format("leftover-markup", "原文如此"))
        codes = {code for code, _ in rules(await editor.typed(file, reasoned))}
        assert not codes & {"leftover-markup", "suppression-invalid", "suppression-unused"}

    edit(tmp_path, scenario)


def test_the_outline_has_sections_tables_and_rows(tmp_path: Path) -> None:
    def outline(symbols: Any) -> list[Any]:
        return [
            (symbol.name, ends(symbol.selection_range)[0][0] + 1, *outline(symbol.children or [])) for symbol in symbols
        ]

    async def scenario(editor: Editor) -> None:
        await editor.opened("a.txt", BALANCED)
        (title,) = outline(await editor.symbols("a.txt"))
        name, line, *sections = title
        assert (name, line) == ("青川县水务局2023年政府信息公开工作年度报告", 1)
        assert [section[:2] for section in sections] == [
            ("一、总体情况", 5),
            ("二、主动公开政府信息情况", 19),
            ("三、收到和处理政府信息公开申请情况", 37),
            ("四、政府信息公开行政复议、行政诉讼情况", 69),
            ("五、存在的主要问题及改进情况", 77),
            ("六、其他需要报告的事项", 81),
        ]
        assert [[(table[0], len(table[2:])) for table in section[2:]] for section in sections] == [
            [],
            [("表二", 6)],
            [("表三", 25)],
            [("表四", 3)],
            [],
            [],
        ]
        assert list(sections[1][2][2:4]) == [("规章", 23), ("行政规范性文件", 24)]
        for other in ("", "没有标题，也没有表格。\n"):
            await editor.typed("a.txt", other)
            assert await editor.symbols("a.txt") == []

    edit(tmp_path, scenario)


def test_a_changed_configuration_holds_at_once(tmp_path: Path) -> None:
    async def scenario(editor: Editor) -> None:
        assert rules(await editor.opened("a.txt", UNBALANCED)) == FOUND
        assert editor.watched == ["**/*.{yaml,yml}", "**/pyproject.toml"]
        editor.write(".nianbao.yaml", "ignore: [requests-balance]\nlevels: {requests-applicant-sum: info}\nlang: en\n")
        (told,) = await editor.until_told("a.txt")
        assert (told.code, told.severity) == ("requests-applicant-sum", types.DiagnosticSeverity.Information)
        assert told.message.startswith(
            "'四、结转下年度继续办理': the applicants add up to 28, but the total says 27\nhint: "
        )
        editor.write(".nianbao.yaml", "exclude: ['*.txt']\n")
        assert await editor.until_told("a.txt") == []
        editor.write(".nianbao.yaml", None)
        assert rules(await editor.until_told("a.txt")) == FOUND

    edit(tmp_path, scenario)


def test_a_wrong_configuration_is_said_in_its_file_and_in_the_draft(tmp_path: Path) -> None:
    (tmp_path / ".nianbao.yaml").write_text("lang: zh\n𠮷: 1\nignore: [totals, 𠮷水, no-such]\n", "utf-8")

    async def scenario(editor: Editor) -> None:
        (told,) = await editor.opened("a.txt", UNBALANCED)
        assert told.message.startswith("没有检查这份报告：.nianbao.yaml:2:1: ")
        assert (told.code, told.severity) == (None, types.DiagnosticSeverity.Error)
        (wrong,) = await editor.until_told(".nianbao.yaml")
        assert ends(wrong.range) == ((1, 0), (1, 5))
        assert list(told.related_information or ()) == [
            types.DiagnosticRelatedInformation(types.Location(editor.uri(".nianbao.yaml"), wrong.range), wrong.message)
        ]
        assert await editor.actions("a.txt", told.range) == []
        assert await editor.hover("a.txt", told.range.start) is None
        editor.write(".nianbao.yaml", "lang: zh\nignore: [totals, 𠮷水, no-such]\n")
        await editor.until_told("a.txt")
        assert [ends(d.range)[0] for d in await editor.until_told(".nianbao.yaml")] == [(1, 17), (1, 22)]
        editor.write(".nianbao.yaml", "lang: zh\n")
        assert rules(await editor.until_told("a.txt")) == FOUND
        assert await editor.until_told(".nianbao.yaml") == []

    edit(tmp_path, scenario)


def test_own_rules_hold_and_their_mistakes_are_said_in_their_files(tmp_path: Path) -> None:
    (tmp_path / ".nianbao.yaml").write_text("rules: [own]\n", "utf-8")
    (tmp_path / "own").mkdir()

    async def scenario(editor: Editor) -> None:
        assert rules(await editor.opened("a.txt", UNBALANCED)) == FOUND
        editor.write("own/requests-balance.yaml", "level: info\n")
        severities = [(d.code, d.severity) for d in await editor.until_told("a.txt")]
        assert severities == [("requests-balance", 3), ("requests-applicant-sum", 1)]
        editor.write("own/requests-balance.yaml", "level: info\nlevl: info\n")
        (wrong,) = await editor.until_told("own/requests-balance.yaml")
        assert ends(wrong.range)[0] == (1, 0)
        assert "level" in wrong.message

    edit(tmp_path, scenario)


def test_waivers_hold_and_what_is_wrong_with_them_is_said_in_their_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(UNBALANCED, "utf-8")
    waivers = "waivers:\n" + "".join(
        f"  - {{file: a.txt, rule: {rule}, address: {address}, reason: 见附注}}\n"
        for rule, address in (("requests-balance", "requests.handled.business"), ("cell-blank", "review"))
    )
    (tmp_path / ".nianbao-waivers.yaml").write_text(waivers, "utf-8")

    async def scenario(editor: Editor) -> None:
        assert rules(await editor.opened("a.txt", UNBALANCED)) == FOUND[1:]
        assert rules(await editor.until_told(".nianbao-waivers.yaml")) == [("suppression-unused", 3)]
        editor.close("a.txt")
        editor.told.clear()
        assert await editor.until_told(".nianbao-waivers.yaml") == []

    edit(tmp_path, scenario)


@pytest.mark.parametrize(
    ("encodings", "agreed", "columns"),
    [
        (None, "utf-16", (6, 19)),
        (["utf-16"], "utf-16", (6, 19)),
        (["utf-8", "utf-16"], "utf-8", (14, 27)),
        (["utf-32", "utf-16"], "utf-32", (4, 17)),
    ],
    ids=["unsaid", "utf-16", "utf-8", "utf-32"],
)
def test_columns_are_counted_as_agreed(
    encodings: list[str] | None, agreed: str, columns: tuple[int, int], tmp_path: Path
) -> None:
    text = BALANCED.replace("部分栏目", "𠮷水县𠮷[bookmark: x]部分栏目")

    async def scenario(editor: Editor) -> None:
        (told,) = await editor.opened("a.txt", text)
        assert (told.range.start.character, told.range.end.character) == columns
        (fix, _) = await editor.actions("a.txt", told.range, ["quickfix"])
        assert fix.edit
        assert fix.edit.changes == {editor.uri("a.txt"): (types.TextEdit(told.range, ""),)}

    assert edit(tmp_path, scenario, encodings=encodings).encoding == agreed


@pytest.mark.parametrize(
    ("file", "before"),
    [
        ("a.txt", "\ufeff"),
        ("a.txt", "\x0c\u2028\n"),
        ("a.txt", "引言\x85引言\r引言\r\n"),
        ("a.html", '<meta charset="gb2312">\n'),
    ],
    ids=["a mark", "no ends of lines", "ends of lines", "a charset that the buffer does not have"],
)
def test_lines_are_the_editors(file: str, before: str, tmp_path: Path) -> None:
    rest = "".join(f"<p>{line}</p>\n" for line in BALANCED.split("\n")) if file.endswith("html") else BALANCED
    text = f"{before}[bookmark: x]\n{rest}"
    lines = before.replace("\r\n", "\n").replace("\r", "\n").count("\n")

    async def scenario(editor: Editor) -> None:
        places = [ends(d.range) for d in await editor.opened(file, text) if d.code == "leftover-markup"]
        column = 1 if before == "\ufeff" else 0
        assert places == [((lines, column), (lines, column + 13))]

    edit(tmp_path, scenario)


def test_what_is_no_report_is_left_in_peace(tmp_path: Path) -> None:
    (tmp_path / ".nianbao.yaml").write_text("exclude: [old.txt]\n", "utf-8")

    async def scenario(editor: Editor) -> None:
        assert await editor.opened("empty.md", "") == []
        assert await editor.typed("empty.md", " \n") == []
        assert await editor.opened("old.txt", MISNUMBERED) == []
        assert await editor.actions("old.txt", types.Range(types.Position(80, 0), types.Position(80, 0))) == []
        (stray,) = await editor.opened("README.md", "# 怎样填写\n\n请看说明。\n")
        assert (stray.code, stray.severity) == ("not-a-report", HINT)
        for document in ("git:/a.txt?ref=HEAD", "notes.py", "a.docx"):
            editor.open(document, UNBALANCED)
            assert await editor.symbols(document) == []
            assert editor.uri(document) not in editor.told

    assert edit(tmp_path, scenario).logged == []


def test_a_draft_that_was_never_saved_is_checked_as_its_language(tmp_path: Path) -> None:
    async def scenario(editor: Editor) -> None:
        assert rules(await editor.opened("untitled:Untitled-1", UNBALANCED)) == FOUND

    edit(tmp_path, scenario)


@pytest.mark.parametrize("options", [{"lang": "en"}, {"nianbao": {"lang": "en"}}], ids=["plain", "in a section"])
def test_the_language_is_the_clients(options: dict[str, Any], tmp_path: Path) -> None:
    async def scenario(editor: Editor) -> None:
        (told,) = [d.message for d in await editor.opened("a.txt", MISNUMBERED)]
        assert told == "'五、其他需要报告的事项' should be numbered '六、'"
        for wish, is_english in (({"lang": "zh"}, False), (options, True), ({"lang": "fr"}, True), (None, True)):
            editor.told.clear()
            editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(wish))
            (told,) = [d.message for d in await editor.until_told("a.txt")]
            assert (" should be " in told) == is_english

    edit(tmp_path, scenario, options=options)


BUGGY = """
import sys
from linter.checks.total import TotalCheck
from linter.cli import main
right = TotalCheck.run
def wrong(check, report):
    if "故障" in report.document.lines:
        raise LookupError("no such thing")
    return right(check, report)
TotalCheck.run = wrong
sys.exit(main(["lsp"]))
"""


def test_a_bug_in_a_check_is_logged_and_survived(tmp_path: Path) -> None:
    async def scenario(editor: Editor) -> None:
        (told,) = await editor.opened("a.txt", f"{UNBALANCED}\n故障\n")
        assert told.code == "unreadable-file"
        assert "程序内部错误（LookupError" in told.message
        assert rules(await editor.typed("a.txt", UNBALANCED)) == FOUND

    editor = edit(tmp_path, scenario, command=[sys.executable, "-c", BUGGY])
    assert [message for message in editor.logged if "LookupError" in message] == editor.logged
    assert (len(editor.logged), editor.status) == (1, 0)


def test_an_editor_that_leaves_without_a_word_is_an_error(tmp_path: Path) -> None:
    async def scenario(editor: Editor) -> None:
        await editor.opened("a.txt", BALANCED)

    assert edit(tmp_path, scenario, farewell=False).status == 1


def test_without_the_extra_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for module in [name for name in sys.modules if name.startswith("linter.server")]:
        monkeypatch.delitem(sys.modules, module)
    for module in ("pygls", "lsprotocol"):
        monkeypatch.setitem(sys.modules, module, None)
    with open(os.devnull, encoding="utf-8") as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert main(["lsp"]) == 2
    assert capfd.readouterr() == (
        "",
        "错误：nianbao lsp 需要 pygls，请安装：pip install 'nianbao-lint[lsp]'\n",
    )


def test_no_other_command_imports_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BALANCED, "utf-8")
    code = (
        "import sys; from linter.cli import main; main(sys.argv[1:]);"
        "print(sorted({'linter.server', 'pygls', 'lsprotocol', 'asyncio'} & set(sys.modules)))"
    )
    for command in (["check", "a.txt"], ["rules"], ["explain", "requests-balance"]):
        done = subprocess.run([sys.executable, "-c", code, *command], cwd=tmp_path, capture_output=True, check=True)
        assert done.stdout.splitlines()[-1] == b"[]"
