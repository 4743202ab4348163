"""What the Markdown reader makes of office drafts: CommonMark, pipe tables good and bad, HTML inside."""

import time

import pytest

from linter.document import Block, Cell, Document, Heading, Table, place
from linter.errors import ReadError
from linter.readers import markdown


def read(text: str) -> Document:
    return markdown.read(text.encode(), "report.md")


def shown(text: str) -> list[object]:
    """Paragraphs as text, headings as (level, text), tables as lists of rows of texts."""
    view: list[object] = []
    for block in read(text).blocks:
        if isinstance(block, Table):
            grid: dict[int, list[str]] = {}
            for cell in block.cells:
                grid.setdefault(cell.row, []).append(cell.text)
            view.append(list(grid.values()))
        else:
            view.append((block.level, block.text) if isinstance(block, Heading) else block.text)
    return view


def source(document: Document, item: Block | Cell) -> str:
    """What the file says where the item stands, for items on one line."""
    assert item.at.line == item.at.end_line
    return document.lines[item.at.line - 1][item.at.column - 1 : item.at.end_column - 1]


TEXTS = {
    "headings of both kinds": (
        "# 题 #\n一、总体情况\n===\n##  二、**主动**公开\n三\n---",
        [(1, "题"), (1, "一、总体情况"), (2, "二、主动公开"), (2, "三")],
    ),
    "line breaks of a paragraph stay": ("甲\n  乙  \n丙\\\n丁<br>\n戊\n\n己", ["甲\n乙\n丙\n丁\n戊", "己"]),
    "markup goes": (
        '**一、总体情况**：收到*7*件`a b`，见[网站](http://a.cn "7")、<http://b.cn>和![图](c.png)<u>完</u>',
        ["一、总体情况：收到7件a b，见网站、http://b.cn和完"],
    ),
    "what is not markup stays": (
        "2*3 4_5_6 **未闭 [x] \\*星\\* &lt;&nbsp;&#x4e00; 1 < 2",
        ["2*3 4_5_6 **未闭 [x] *星* <\xa0一 1 < 2"],
    ),
    "lists without their marks, numbered ones with": (
        "- 甲\n- 乙\n  续\n\n1. 公开力度\n2) 监督\n   1. **内**部\n3. # 题",
        ["甲", "乙\n续", "1. 公开力度", "2) 监督", "1. 内部", (1, "3. 题")],
    ),
    "quotations": ("> 甲\n> 乙\n续\n\n> - 丙", ["甲\n乙\n续", "丙"]),
    "indented text is no code, fenced text is text": (
        "    一、总体情况\n\n```\n甲 **乙**\n\n丙\n```",
        ["一、总体情况", "甲 **乙**\n丙"],
    ),
    "comments": ("甲<!-- x -->乙\n\n<!-- y\n\nz -->\n丙", ["甲乙", "丙"]),
    "front matter": ("---\ntitle: 年报\n\n# no\n---\n# 题", [(1, "题")]),
    "a line is no front matter": ("---\n一、总体情况\n\n---\n文", ["一、总体情况", "文"]),
    "a link's definition shows nothing": ("[a]: http://a.cn\n甲[乙][a]", ["甲乙"]),
    "full-width and no-break spaces": ("　　甲\n\n&nbsp;\n\n　\n乙　丙", ["甲", "乙　丙"]),
}


@pytest.mark.parametrize(("text", "view"), TEXTS.values(), ids=TEXTS)
def test_text(text: str, view: list[object]) -> None:
    assert shown(text) == view


TABLES = {
    "escaped pipes, alignment, markup, line breaks": (
        "| 项 | a \\| b |\n|:--|--:|\n| **规章** | `0`<br>&nbsp;件 |",
        [[["项", "a | b"], ["规章", "0\n\xa0件"]]],
    ),
    "without outer pipes": ("项 | 数\n--- | ---\n规章 | 0", [[["项", "数"], ["规章", "0"]]]),
    "an empty header": ("| | |\n|--|--|\n| 规章 | 0 |", [[["", ""], ["规章", "0"]]]),
    "blank cells are cells": (
        "|项|数|注|\n|-|-|-|\n|规章|||\n||0| |",
        [[["项", "数", "注"], ["规章", "", ""], ["", "0", ""]]],
    ),
    "rows longer and shorter than the header keep their cells": (
        "| 项 | 数 |\n|--|--|\n| 规章 | 0 | 1 | 2 |\n| 许可 |",
        [[["项", "数"], ["规章", "0", "1", "2"], ["许可"]]],
    ),
    "without a row of dashes": (
        "表一\n| 规章 | 0 |\n| 许可 | **7** |\n尾",
        ["表一", [["规章", "0"], ["许可", "7"]], "尾"],
    ),
    "a row of dashes of another width": (
        "| 项 | 数 | 注 |\n|---|---|\n| 规章 | - | - |",
        [[["项", "数", "注"], ["规章", "-", "-"]]],
    ),
    "one line between pipes is no table": ("甲\n| 规章 | 0 |\n乙", ["甲\n| 规章 | 0 |\n乙"]),
    "in a quotation and in a list": (
        "> | 项 | 数 |\n> |--|--|\n> | 规章 | 0 |\n\n- | 项 | 数 |\n  |--|--|\n  | 许可 | 1 |",
        [[["项", "数"], ["规章", "0"]], [["项", "数"], ["许可", "1"]]],
    ),
    "html": (
        "前\n\n<table>\n<tr><td>规章</td>\n\n\n    <td>0\n</table>\n<p>中</p>\n\n后",
        ["前", [["规章", "0"]], "中", "后"],
    ),
    "html in a list": ("- <table><tr><td>规章<td>0\n  </table>\n- 后", [[["规章", "0"]], "后"]),
    "html without an end": ("<table><tr><td>规章<td>0\n\n# 后", [[["规章", "0"]], (1, "后")]),
    "html blocks": ('<div align="center">\n\n# 题\n\n</div>\n\n<h2>一</h2>\n**甲**', [(1, "题"), (2, "一"), "**甲**"]),
}


@pytest.mark.parametrize(("text", "view"), TABLES.values(), ids=TABLES)
def test_table(text: str, view: list[object]) -> None:
    assert shown(text) == view


def test_spans_of_html_tables() -> None:
    (table,) = read("<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d</table>").blocks
    assert isinstance(table, Table)
    assert [(cell.text, cell.row, cell.column, cell.rowspan, cell.colspan) for cell in table.cells] == [
        ("a", 0, 0, 2, 1),
        ("b", 0, 1, 1, 2),
        ("c", 1, 1, 1, 1),
        ("d", 1, 2, 1, 1),
    ]


PLACES = {
    "a heading": ("---\na: b\n---\n\n##   **一、总体** ##", [(5, "一、总体")]),
    "a setext heading": ("前\n\n  题\n===", [(1, "前"), (3, "题")]),
    "a numbered item": ("甲\n\n  1.  公开", [(1, "甲"), (3, "1.  公开")]),
    "a quotation in a list": ("- > *甲*乙", [(1, "甲*乙")]),
    "lines of every kind": ("甲\r\n\r乙\x85\x85丙\n", [(1, "甲"), (3, "乙"), (5, "丙")]),
    "html": ("前\n\n<p\n>中</p>", [(1, "前"), (4, "中")]),
    "a fence": ("甲\n~~~\n 乙\n~~~", [(1, "甲"), (3, "乙")]),
}


@pytest.mark.parametrize(("text", "places"), PLACES.values(), ids=PLACES)
def test_places(text: str, places: list[tuple[int, str]]) -> None:
    document = read(text)
    assert [(block.at.line, source(document, block)) for block in document.blocks] == places


def test_places_of_cells() -> None:
    document = read(
        "前\n\n> |  项 | a \\| **b** |\n> |--|--|\n> ||0 |   | 0 |\n\n| x | 1 |\n| x | 1 |\n\n"
        "<b>\n<table><tr><td>5<td></table>"
    )
    cells = [cell for table in document.blocks if isinstance(table, Table) for cell in table.cells]
    assert [(cell.at.line, cell.at.column, source(document, cell)) for cell in cells] == [
        (3, 6, "项"),
        (3, 10, "a \\| **b"),
        (5, 4, ""),
        (5, 5, "0"),
        (5, 8, "   "),
        (5, 13, "0"),
        (7, 3, "x"),
        (7, 7, "1"),
        (8, 3, "x"),
        (8, 7, "1"),
        (11, 16, "5"),
        (11, 17, "<td>"),
    ]
    assert [table.at.line for table in document.blocks if isinstance(table, Table)] == [3, 7, 11]


def test_each_character_has_its_place() -> None:
    document = read('> **一**、[总](a.cn "体")\\**体*情**况** &amp;`2件`\n  <i>收</i>到，http://a.cn<http://b.cn>尾')
    (paragraph,) = document.blocks
    assert not isinstance(paragraph, Table)
    assert paragraph.text == "一、总*体情况 &2件\n收到，http://a.cnhttp://b.cn尾"
    found = ""
    for offset, char in enumerate(paragraph.text):
        at = place(paragraph, offset, offset + 1)
        found += "\n" if char == "\n" else document.lines[at.line - 1][at.column - 1]
    assert found == paragraph.text


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "gb18030"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(encoding: str) -> None:
    document = markdown.read("# 政府信息公开\r\n年报".encode(encoding), "a.md")
    assert document.lines == ("# 政府信息公开", "年报")
    assert [block.text for block in document.blocks if not isinstance(block, Table)] == ["政府信息公开", "年报"]


def test_binary() -> None:
    with pytest.raises(ReadError):
        markdown.read(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a.md")


TOO_LARGE = {
    "characters": "a" * (markdown.MAX_CHARACTERS + 1),
    "brackets": "[" * (markdown.MAX_BRACKETS + 1),
    "nested quotations": "> " * 10_000 + "文",
    "nested lists": "".join("  " * depth + "- a\n" for depth in range(60)),
    "nested html tables": "<table><tr><td>" * 10_000,
}


@pytest.mark.parametrize("text", TOO_LARGE.values(), ids=TOO_LARGE)
def test_too_large(text: str) -> None:
    with pytest.raises(ReadError, match="过于庞大"):
        read(text)


HOSTILE = {
    "emphasis": "*_" * 20_000,
    "emphasis that does not close": "*a " * 20_000,
    "tags without an end": "<a " * 20_000,
    "code without an end": "`a``b```c" * 5_000,
    "columns": "|a" * 20_000 + "\n" + "|-" * 20_000,
    "html tables without an end": "<table>\n\n" * 5_000,
    "comments without an end": "甲<!--" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_takes_linear_time(text: str) -> None:
    start = time.perf_counter()
    read(text)
    assert time.perf_counter() - start < 3
