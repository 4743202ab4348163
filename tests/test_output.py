"""What people and programs are shown: the excerpt with carets, colours, the summary, the JSON contract."""

import json

import pytest

from linter.diagnostic import Diagnostic, FileResult, Level, NotChecked, Related, Suppressed
from linter.document import Position, width
from linter.formatters import FORMATTERS, Context, formatter
from linter.formatters.text import EXCERPT, excerpt


def at(line: int, column: int, end_column: int, **more: object) -> Position:
    return Position(line=line, column=column, end_line=line, end_column=end_column, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "carets"),
    [
        ("规章\t0\t1", 4, 5, "规章  0  1", "      ^"),
        ("规章\t０\t1", 4, 5, "规章  ０  1", "      ^^"),
        ("abc", 2, 2, "abc", " ^"),
        ("abc", 4, 4, "abc", "   ^"),
        ("é́x", 3, 4, "é́x", " ^"),
    ],
    ids=["wide label before", "full-width digit", "empty place", "behind the end", "combining marks"],
)
def test_carets_stand_under_the_place(line: str, column: int, end: int, shown: str, carets: str) -> None:
    assert excerpt(line, at(1, column, end)) == (shown, carets)


@pytest.mark.parametrize("column", [1, 20, 100, 190, 200])
def test_of_a_long_line_the_part_around_the_place_is_shown(column: int) -> None:
    line = "".join(chr(0x4E00 + number) for number in range(200))
    shown, carets = excerpt(line, at(1, column, column + 1))
    assert width(shown) <= EXCERPT + 4
    start = width(shown) - width(shown.lstrip("…"))
    marked = shown[(len(carets) - 2 - start) // 2 + start :][:1]
    assert marked == line[column - 1]
    assert shown.startswith("…") == (column > 25)
    assert shown.endswith("…") == (column < 175)


RESULT = FileResult(
    path="稿.txt",
    lines=("规章\t0", "<script>"),
    title="某局2023年年报",
    agency="某局",
    year=2023,
    editions={"requests": "2021", "review": None},
    diagnostics=(
        Diagnostic(
            path="稿.txt",
            at=at(1, 4, 5, page=2, where="表二 第1行 件数"),
            rule="cell-blank",
            level=Level.ERROR,
            message="没有填",
            address="disclosure.rules.issued",
            related=(Related(at=at(2, 1, 2, where="别处"), address="a.b.c"),),
        ),
        Diagnostic(path="稿.txt", at=at(2, 1, 9), rule="x", level=Level.INFO, message="“引号”\n换行"),
    ),
    unchecked=(NotChecked(rule="requests-balance", reason="空白", address="requests.handled.total"),),
    suppressed=(
        Suppressed(
            diagnostic=Diagnostic(path="稿.txt", at=at(2, 1, 9), rule="y", level=Level.INFO, message="…"),
            kind="inline",
            reason="已核对",
        ),
    ),
)


def test_json_is_the_contract() -> None:
    content = json.loads("".join(formatter("json")([RESULT], Context("zh"))))
    (file,) = content["files"]
    blank, other = file.pop("diagnostics")
    assert content["version"] == 1
    assert content["summary"] == {
        "files": 1,
        "errors": 1,
        "warnings": 0,
        "infos": 1,
        "unchecked": 1,
        "suppressed": 1,
    }
    assert file == {
        "path": "稿.txt",
        "title": "某局2023年年报",
        "agency": "某局",
        "year": 2023,
        "editions": {"requests": "2021", "review": None},
        "unchecked": [
            {"rule": "requests-balance", "reason": "空白", "address": "requests.handled.total", "hint": None}
        ],
        "held": [],
        "suppressed": [{"rule": "y", "address": None, "line": 2, "reason": "已核对", "kind": "inline"}],
    }
    assert blank == {
        "rule": "cell-blank",
        "level": "error",
        "message": "没有填",
        "line": 1,
        "column": 4,
        "end_line": 1,
        "end_column": 5,
        "page": 2,
        "where": "表二 第1行 件数",
        "address": "disclosure.rules.issued",
        "related": [{"line": 2, "column": 1, "page": None, "where": "别处", "address": "a.b.c"}],
        "hint": None,
    }
    assert (other["address"], other["related"], other["message"]) == (None, [], "“引号”\n换行")


def test_json_of_nothing_is_whole() -> None:
    assert json.loads("".join(formatter("json")([], Context("zh"))))["files"] == []


def test_text_shows_place_source_and_what_was_not_checked() -> None:
    assert "".join(formatter("text")([RESULT], Context("zh"))) == (
        "稿.txt:1:4: error: 第2页 没有填 [cell-blank]\n"
        "    规章  0\n"
        "          ^\n"
        "  相关 稿.txt:2:1: 别处\n"
        "稿.txt:2:1: info: “引号”\n换行 [x]\n"
        "    <script>\n"
        "    ^^^^^^^^\n"
        "稿.txt: note: 1 处未能检查：空白 [requests-balance]\n"
        "检查了 1 个文件：1 个错误，0 个警告，1 个提示；1 处未能检查；0 个文件没有发现问题；"
        "1 处已豁免（行内注释 1）\n"
    )


def test_colour_changes_nothing_but_colour() -> None:
    plain = "".join(formatter("text")([RESULT], Context("en")))
    painted = "".join(formatter("text")([RESULT], Context("en", color=True)))
    assert "\x1b[" not in plain
    assert "\x1b[1;31merror:\x1b[0m" in painted
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[36m", "\x1b[1;31m", "\x1b[1;36m", "\x1b[1;34m"):
        painted = painted.replace(code, "")
    assert painted == plain


def test_every_format_is_there() -> None:
    for name in FORMATTERS:
        assert "".join(formatter(name)([RESULT], Context("zh")))
