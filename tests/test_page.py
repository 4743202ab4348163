"""The HTML page: what an independent parser reads in it, and what a hostile report can do to it."""

import gc
import re
import weakref
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Literal

import pytest
from conftest import FIXTURES, ROOT
from lxml import html

from linter.diagnostic import Diagnostic, FileResult, Hint, Level, NotChecked, Related, Suppressed, TablePlace, Wanted
from linter.document import Position
from linter.engine import Task, check, file_source
from linter.figure import Figure
from linter.formatters import Context, formatter
from linter.formatters.page.text import Mark, Piece, TextLine, lines_of_file, pieces, spans
from linter.formatters.page.words import WORDS, words
from linter.ruleset import Ruleset

RULES = FIXTURES / "rules"
HOSTILE = (
    "</script></style><script>window.pwned=1</script><img src=x onerror='window.pwned=1'>\"'{{ 7*7 }}{% x %}&lt;\x01"
)
VISIBLE = HOSTILE.replace("\x01", "␁")


def results_of(*paths: Path, ruleset: Ruleset, lang: str = "zh") -> Iterator[FileResult]:
    return check(map(file_source, map(str, paths)), Task(ruleset, ruleset, lang, Wanted(figures=True, text=True)))


def page_of(results: Iterator[FileResult] | list[FileResult], ruleset: Ruleset, lang: str = "zh") -> html.HtmlElement:
    context = Context(lang, rules=ruleset.rules, templates=ruleset.templates)
    return html.document_fromstring("".join(formatter("html")(results, context)))


def drawn(*paths: Path, ruleset: Ruleset, lang: str = "zh") -> html.HtmlElement:
    return page_of(results_of(*paths, ruleset=ruleset, lang=lang), ruleset, lang)


def said(element: html.HtmlElement) -> str:
    """An element's text as people read it."""
    return " ".join(element.text_content().split())


def only(page: html.HtmlElement, selector: str) -> html.HtmlElement:
    (found,) = page.cssselect(selector)
    return found


def hostile() -> FileResult:
    at = Position(1, 1, 1, 9, where=HOSTILE)
    diagnostic = Diagnostic(
        path=HOSTILE,
        at=at,
        rule=HOSTILE,
        level=Level.ERROR,
        message=HOSTILE,
        address=f"x.{HOSTILE}",
        related=(Related(at=at._replace(column=3), address=HOSTILE),),
        hint=Hint(certain=True, sets=(), text=HOSTILE),
    )
    return FileResult(
        path=HOSTILE,
        diagnostics=(diagnostic, diagnostic._replace(address="requests.received.total", hint=None)),
        editions={"requests": HOSTILE},
        lines=(HOSTILE, HOSTILE),
        title=HOSTILE,
        agency=HOSTILE,
        year=2021,
        unchecked=(NotChecked(rule=HOSTILE, reason=HOSTILE, address="requests.received.other"),),
        suppressed=(Suppressed(diagnostic, "inline", HOSTILE),),
        figures=(
            Figure("requests.received.total", HOSTILE, None, at),
            Figure("requests.received.other", HOSTILE, None, at),
        ),
        tables=(TablePlace("requests", "read", "2021", at),),
    )


def test_nothing_that_a_report_holds_becomes_markup(ruleset: Ruleset) -> None:
    page = page_of([hostile()], ruleset)
    plain = page_of([], ruleset)
    assert [one.text for one in page.iter("script")] == [one.text for one in plain.iter("script")]
    assert [one.text for one in page.iter("style")] == [one.text for one in plain.iter("style")]
    assert [page.xpath(f"count(//{tag})") for tag in ("img", "iframe", "link", "base", "object", "svg")] == [0] * 6
    attributes = {name for element in page.iter("*") for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in {"src", "style", "action", "xmlns"}}
    assert {link.get("href")[0] for link in page.iter("a")} == {"#"}
    assert said(only(page, "h2[lang]")) == VISIBLE
    assert [said(one) for one in page.cssselect(".message")] == [VISIBLE] * 2
    assert said(only(page, ".facts .path")) == VISIBLE
    assert said(only(page, ".reason")) == f"报告里的注释：{VISIBLE}"
    assert said(page.cssselect(".where span[lang]")[0]) == VISIBLE


def test_the_policy_allows_the_page_s_own_style_and_script_and_no_load(ruleset: Ruleset) -> None:
    page = page_of([hostile()], ruleset)
    content = only(page, "meta[http-equiv]").get("content")
    policy = dict(part.split(" ", 1) for part in content.split("; "))

    def digest(tag: str) -> str:
        return f"'sha256-{b64encode(sha256(only(page, tag).text.encode()).digest()).decode()}'"

    assert policy == {
        "default-src": "'none'",
        "style-src": digest("style"),
        "script-src": digest("script"),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not re.findall(r"@import|url\(|https?:", only(page, "style").text)
    assert not re.findall(r"\bfetch\b|XMLHttpRequest|import|innerHTML|https?:|\beval\b", only(page, "script").text)


def test_each_finding_is_listed_and_stands_beside_its_place(ruleset: Ruleset) -> None:
    path = FIXTURES / "reports/区政府办-2021.txt"
    (result,) = results_of(path, ruleset=ruleset)
    page = page_of([result], ruleset)
    expected = [(found.level.value, found.rule, found.message) for found in result.diagnostics]
    for selector in (".index li", ".note"):
        items = page.cssselect(selector)
        assert [(item.get("data-level"), item.get("data-rule")) for item in items] == [one[:2] for one in expected]
    assert [said(one) for one in page.cssselect(".note .message")] == [one[2] for one in expected]
    assert [said(one) for one in page.cssselect(".note .where")] == [
        "原文第 1 行",
        "表二 第4行 现行有效件数 · 原文第 19 行",
        "表三 第29行 自然人 · 原文第 62 行",
    ]
    assert [(place.tag, said(place)) for place in own_places(page)] == [
        ("mark", "临河区人民政府办公室2021年政府信息公开工作年度报告"),
        ("td", "空白2"),
        ("td", "空白3"),
    ]


def own_places(page: html.HtmlElement) -> list[html.HtmlElement]:
    """Where the number of each message leads."""
    return [page.get_element_by_id(note.cssselect("a.to")[0].get("href")[1:]) for note in page.cssselect(".note")]


@pytest.mark.parametrize("folder", sorted(path.name for path in RULES.iterdir()))
def test_every_link_leads_somewhere_and_back(folder: str, ruleset: Ruleset) -> None:
    files = sorted(path for path in (RULES / folder).iterdir() if path.suffix != ".out")
    page = drawn(*files, ruleset=ruleset)
    ids = Counter(element.get("id") for element in page.iter("*") if element.get("id"))
    assert set(ids.values()) <= {1}
    links = [link.get("href")[1:] for link in page.iter("a")]
    assert [link for link in links if link not in ids] == []
    for note, place in zip(page.cssselect(".note"), own_places(page), strict=True):
        around = next(place.iterancestors("p")) if place.tag in {"mark", "span"} else place
        assert f"#{note.get('id')}" in [flag.get("href") for flag in around.cssselect("a.flag")]


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("txt", "2023年1月1日起至2023年12月31日止"),
        ("md", "2023年1月1日起至2023年12月31日止"),
        ("html", "2023年1月1日起至2023年12月31日止"),
        ("docx", "2023年1月1日起至2023年12月31日止"),
        ("pdf", "2023年1月1日起至2023年12月31日止"),
    ],
)
def test_the_text_is_shown_without_its_file_s_markup_and_the_place_is_marked(
    name: str, mark: str, ruleset: Ruleset
) -> None:
    name = "aligned.txt" if name == "txt" else name
    (result,) = results_of(FIXTURES / f"formats/report-2021.{name}", ruleset=ruleset._replace(year=2020))
    page = page_of([result], ruleset)
    assert ["".join(one.itertext()) for one in page.cssselect(".line mark")] == [mark]
    shown = [said(one) for one in page.cssselect(".line > p")]
    assert "一、总体情况" in [re.sub(r"^#+ ", "", line) for line in shown]
    assert not [line for line in shown if re.search(r"</?\w", line)]


A, B = Mark(Position(1, 1, 1, 3), 1, Level.WARNING, "a"), Mark(Position(1, 2, 1, 4), 2, Level.ERROR, "b")
POINT = Mark(Position(1, 3, 1, 3), 1, Level.ERROR, "a")
LONG = Mark(Position(1, 4, 3, 2), 1, Level.ERROR, "a")


@pytest.mark.parametrize(
    ("lines", "marks", "expected"),
    [
        pytest.param(["甲乙丙"], [], [[Piece("甲乙丙", (), (), ())]], id="nothing is marked"),
        pytest.param(
            ["甲乙丙丁"],
            [A, B],
            [
                [
                    Piece("甲", (A,), (A,), ()),
                    Piece("乙", (B, A), (B,), (A,)),
                    Piece("丙", (B,), (), (B,)),
                    Piece("丁", (), (), ()),
                ]
            ],
            id="two places overlap, and the graver one comes first",
        ),
        pytest.param(
            ["甲乙丙"],
            [POINT],
            [[Piece("甲乙", (), (POINT,), (POINT,)), Piece("丙", (), (), ())]],
            id="a place without width stands between two characters",
        ),
        pytest.param(
            ["甲乙丙丁", "", "戊己"],
            [LONG],
            [
                [Piece("甲乙丙", (), (), ()), Piece("丁", (LONG,), (LONG,), (LONG,))],
                [Piece("戊", (LONG,), (), ()), Piece("己", (), (), ())],
            ],
            id="a place of several lines has its number on the first",
        ),
        pytest.param(
            ["甲"],
            [POINT._replace(at=Position(9, 9, 9, 9))],
            [[Piece("甲", (), (POINT._replace(at=Position(9, 9, 9, 9)),), (POINT._replace(at=Position(9, 9, 9, 9)),))]],
            id="a place outside the text is at its end",
        ),
    ],
)
def test_text_is_cut_at_its_marks(lines: list[str], marks: list[Mark], expected: list[list[Piece]]) -> None:
    shown = list(lines_of_file(lines, 1, len(lines)))
    found = spans(marks, shown)
    assert [list(pieces(line.text, found.get(index, ()))) for index, line in enumerate(shown)] == expected


def test_a_place_in_a_file_s_markup_is_found_again_in_the_text_without_it() -> None:
    shown = [TextLine(3, "甲乙&丙", ((0, 3, 20), (2, 3, 30), (3, 4, 5)))]  # "甲乙" + "&amp;" + "丙"
    whole, amp, last = (
        Mark(at, 1, Level.ERROR, "a") for at in (Position(3, 20, 4, 6), Position(3, 30, 3, 31), Position(4, 5, 4, 6))
    )
    assert [spans([mark], shown)[0][0][:2] for mark in (whole, amp, last)] == [(0, 4), (2, 3), (3, 4)]


def rows(page: html.HtmlElement, table: str) -> dict[str, list[tuple[str, str]]]:
    """Row label → (state and marks, text without numbers of findings) of each cell."""
    found: dict[str, list[tuple[str, str]]] = {}
    section = next(one for one in page.cssselect("section.table") if said(one.find("h4")).startswith(table))
    for row in section.cssselect("tbody tr:not(.group)"):
        for flag in row.cssselect(".flag"):
            flag.drop_tree()
        found[said(row.find("th"))] = [(cell.get("class", ""), said(cell)) for cell in row.findall("td")]
    return found


@pytest.mark.parametrize(
    ("path", "table", "row", "cells"),
    [
        pytest.param(
            "reports/区政府办-2021.txt",
            "表三",
            "四、结转下年度继续办理",
            [("blank error", "空白"), ("blank error rel", "空白"), *[("z", "0")] * 5],
            id="blank cells, the second of one finding",
        ),
        pytest.param(
            "rules/cell-not-number/bad.txt",
            "表三",
            "（一）予以公开",
            [("", "7"), ("notnumber error", "O非数"), ("", "6"), ("z", "0"), ("", "5"), ("", "10"), ("", "29")],
            id="no number",
        ),
        pytest.param(
            "rules/table-shape/bad.txt", "表三", "4.保护第三方合法权益", [("missing", "缺")] * 7, id="missing row"
        ),
        pytest.param(
            "rules/table-shape/bad-column.txt",
            "表三",
            "（七）总计",
            [("", "106"), ("", "101"), ("", "107"), ("", "102"), ("missing", "缺"), ("", "103"), ("", "627")],
            id="missing column",
        ),
        pytest.param(
            "rules/table-unreadable/bad-row.txt",
            "表三",
            "2.重复申请",
            [("unread", "读不准")] * 7,
            id="row not readable",
        ),
        pytest.param(
            "reports/交通局-2023.md",
            "表三",
            "（七）总计",
            [("number error", "20"), ("", "1"), *[("z", "0")] * 4, ("number error", "21")],
            id="wrong sums",
        ),
    ],
)
def test_the_tables_show_what_each_cell_holds(
    path: str, table: str, row: str, cells: list[tuple[str, str]], ruleset: Ruleset
) -> None:
    assert rows(drawn(FIXTURES / path, ruleset=ruleset), table)[row] == cells


def test_the_failing_equation_stands_beside_its_table_with_its_numbers(ruleset: Ruleset) -> None:
    page = drawn(FIXTURES / "reports/交通局-2023.md", ruleset=ruleset)
    first, second = page.cssselect(".note table.sum")
    assert [" ".join(filter(None, map(said, row))) for row in first.iter("tr")] == [
        "（一）予以公开 9",
        "+ （二）部分公开（区分处理的，只计这一情形，不计其他情形） 4",
        "+ 2.其他法律行政法规禁止公开 5",
        "+ 1.本机关不掌握相关政府信息 8",
        "另有 17 项为 0",
        "= 合计 26",
        "≠ 两边应当相等 相差 6",
        "（七）总计 20",
    ]
    assert said(second.find("caption")) == "总计"
    cells = [page.get_element_by_id(link.get("href")[1:]) for link in first.cssselect(".figure a")]
    assert [cell.text for cell in cells] == ["9", "4", "5", "8", "20"]


@pytest.mark.parametrize(
    ("path", "said_of_it"),
    [
        ("rules/table-missing/bad.txt", "没有找到这张表"),
        ("rules/table-unreadable/bad.txt", "这张表无法读取"),
    ],
)
def test_a_table_that_was_not_read_says_so(path: str, said_of_it: str, ruleset: Ruleset) -> None:
    page = drawn(FIXTURES / path, ruleset=ruleset)
    assert said(only(page, ".lacking b")) == said_of_it
    assert said(only(page, ".lacking").getparent().find("h4")) == "表三 收到和处理政府信息公开申请情况1"
    assert [said(one) for one in page.cssselect(".edition")] == [
        "表二 2021 年格式",
        f"表三 {said_of_it}",
        "表四 各版相同",
    ]


def test_what_was_not_checked_is_listed_with_its_reason(ruleset: Ruleset) -> None:
    page = drawn(FIXTURES / "reports/区政府办-2021.txt", ruleset=ruleset)
    (section,) = page.cssselect("section.list")
    assert [said(one) for one in section.cssselect("li li")] == [
        "没有写明统计期限",
        "表三 四、结转下年度继续办理 · 总计：“四、结转下年度继续办理”的“自然人”空白",
        "表三 （七）总计 · 自然人：“四、结转下年度继续办理”的“自然人”空白",
        "表三 （七）总计 · 商业企业：“四、结转下年度继续办理”的“商业企业”空白",
        "表二 行政规范性文件 · 本年制发件数：“行政规范性文件”的“现行有效件数”空白",
    ]


@pytest.mark.parametrize(
    ("kind", "reason", "shown"),
    [
        ("inline", "历来如此", "报告里的注释：历来如此"),
        ("waiver", "办公厅同意", "豁免文件：办公厅同意"),
        ("baseline", None, "基线"),
    ],
)
def test_what_was_suppressed_is_listed_with_its_reason(
    kind: Literal["inline", "waiver", "baseline"], reason: str | None, shown: str, ruleset: Ruleset
) -> None:
    found = Diagnostic("a.txt", Position(3, 1, 3, 2), "fee-stated", Level.WARNING, "没有说明")
    page = page_of([FileResult("a.txt", (), {}, suppressed=(Suppressed(found, kind, reason),))], ruleset)
    assert [said(one) for one in page.cssselect(".list li")] == [
        f"说明信息处理费的收取情况 原文第 3 行 fee-stated 没有说明 {shown}"
    ]
    assert said(only(page, ".counts")) == "1 已豁免"


def test_a_file_without_anything_to_say_of_is_a_row_of_the_summary_only(ruleset: Ruleset) -> None:
    good, bad = FIXTURES / "reports/水务局-2023.txt", FIXTURES / "reports/交通局-2023.md"
    page = drawn(good, bad, Path("missing.txt"), ruleset=ruleset)
    assert [said(one) for one in page.cssselect(".totals li")] == [
        "3 文件",
        "3 错误",
        "0 警告",
        "0 提示",
        "0 未能检查",
        "1 没有发现问题",
    ]
    table = [[said(cell) for cell in row.iter("th", "td")] for row in page.cssselect(".files tbody tr")]
    assert [(row[0].replace(str(FIXTURES), ""), *row[1:]) for row in table] == [
        ("青川县水务局2023年政府信息公开工作年度报告/reports/水务局-2023.txt没有发现问题", "2023", *"00000"),
        ("青川县交通运输局2023年政府信息公开工作年度报告/reports/交通局-2023.md", "2023", *"20000"),
        ("missing.txt无法读取或检查", "–", *"10000"),
    ]
    assert [article.get("id") for article in page.cssselect("article")] == ["f2", "f3"]
    assert [one.get("open") is not None for one in page.cssselect("details.body")] == [True, False]


def test_a_file_with_nothing_found_but_something_unchecked_is_drawn_without_its_text(ruleset: Ruleset) -> None:
    result = FileResult(
        "a.txt", (), {}, lines=("一行字",), unchecked=(NotChecked("review-sum", "表格缺失", "review.a.total"),)
    )
    page = page_of([result], ruleset)
    assert [said(one) for one in page.cssselect("article .list li li")] == ["表格缺失"]
    assert "一行字" not in page.text_content()


@pytest.mark.parametrize(("lang", "declared"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_says_its_language_and_that_of_the_report(lang: str, declared: str, ruleset: Ruleset) -> None:
    page = drawn(FIXTURES / "reports/交通局-2023.md", ruleset=ruleset, lang=lang)
    assert page.get("lang") == declared
    if lang == "en":
        for element in page.cssselect("[lang='zh-CN'], .path, .message, .hint, .index a, .why, option, script, style"):
            element.drop_tree()
        assert re.findall("[\u4e00-\u9fff]+", page.text_content()) == []


def test_every_word_of_the_page_is_in_both_languages() -> None:
    assert words("zh").keys() == words("en").keys()
    assert [word for word in WORDS.values() if not word.en.isascii() or word.zh.isascii()] == []


def test_the_page_keeps_no_text_and_waits_for_no_file(ruleset: Ruleset) -> None:
    class Text(str):
        """Text that can be seen to go."""

    alive: list[weakref.ref[Text]] = []
    asked = 0

    def many() -> Iterator[FileResult]:
        nonlocal asked
        finding = Diagnostic("a", Position(1, 1, 1, 4), "title-missing", Level.ERROR, "坏")
        for _ in range(50):
            asked += 1
            line = Text("一行字")
            alive.append(weakref.ref(line))
            yield FileResult("a", (finding,), {}, lines=(line,))
            del line

    context = Context("zh", rules=ruleset.rules, templates=ruleset.templates)
    for number, piece in enumerate(formatter("html")(many(), context)):
        if 0 < number <= 50:
            assert "一行字" in piece
            assert asked == number
    gc.collect()
    assert sum(text() is not None for text in alive) <= 1


def test_a_small_page_is_as_it_was(golden, ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("linter.formatters.page.__version__", "0.0.0")
    monkeypatch.chdir(FIXTURES)
    results = results_of(Path("rules/title-missing/bad.txt"), ruleset=ruleset)
    context = Context("zh", rules=ruleset.rules, templates=ruleset.templates)
    text = "".join(formatter("html")(results, context))
    for tag in ("style", "script"):  # which have files of their own
        text = re.sub(rf"<{tag}>.*</{tag}>", f"<{tag}></{tag}>", text, flags=re.DOTALL)
    golden(ROOT / "tests/golden/page.html", re.sub(r"sha256-[^&]+", "sha256-…", text))
