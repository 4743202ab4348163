"""What the HTML reader makes of pages as sites publish them and as Word and WPS paste them."""

import re
import time
from itertools import count

import pytest

from linter import htmltree
from linter.document import Block, Cell, Heading, Table, place
from linter.errors import ReadError
from linter.readers import html


def blocks(page: str) -> tuple[Block, ...]:
    return html.read(page.encode(), "page.html").blocks


def cells(block: Block) -> list[tuple[str, int, int, int, int]]:
    assert isinstance(block, Table)
    return [(cell.text, cell.row, cell.column, cell.rowspan, cell.colspan) for cell in block.cells]


def shown(page: str) -> list[object]:
    """Paragraphs as text, headings as (level, text), tables as lists of rows of texts."""
    view: list[object] = []
    for block in blocks(page):
        if isinstance(block, Table):
            grid: dict[int, list[str]] = {}
            for cell in block.cells:
                grid.setdefault(cell.row, []).append(cell.text)
            view.append(list(grid.values()))
        else:
            view.append((block.level, block.text) if isinstance(block, Heading) else block.text)
    return view


def span(item: Block | Cell) -> tuple[int, int, int, int]:
    return item.at.line, item.at.column, item.at.end_line, item.at.end_column


TEXTS = {
    "blocks part paragraphs": (
        "<div>甲<p>乙<p>丙</p>丁<ul><li>戊<li>己</ul></div>",
        ["甲", "乙", "丙", "丁", "戊", "己"],
    ),
    "options and items without end tags": (
        "<select><option>市<option>县</select><dl><dt>名<dd>值",
        ["市", "县", "名", "值"],
    ),
    "headings keep their level": ("<h1>题</h1><h3>一、<b>总体</b>情况</h3>文", [(1, "题"), (3, "一、总体情况"), "文"]),
    "a heading may hold a paragraph": ("<h2><p>二、主动公开</p></h2><p>文</p>", [(2, "二、主动公开"), "文"]),
    "a heading without its end tag is one line": ("<h2>三、申请<p>收到<p>办结", [(2, "三、申请"), "收到", "办结"]),
    "inline pieces join without a space": ("<p><span>2</span><font>1</font><b>7</b>件<o:p></o:p></p>", ["217件"]),
    "white space collapses to one space": ("<p>  in \t <b> force </b> now </p>", ["in force now"]),
    "a source line end between Chinese characters is nothing": ("<p>政府信息\r\n  <b>\n公开</b></p>", ["政府信息公开"]),
    "also beside Chinese quotes": ("<p>危及“三安全”\n一稳定</p>", ["危及“三安全”一稳定"]),
    "a source line end elsewhere is a space": ("<p>共 21\n件</p>", ["共 21 件"]),
    "a space between Chinese characters stays": ("<p>机 关</p>", ["机 关"]),
    "no-break spaces stay inside and go outside": (
        "<p>&nbsp;　收到&nbsp;&#160;7 件　&nbsp;</p><p>&nbsp;</p>",
        ["收到\xa0\xa07 件"],
    ),
    "a line break is a line break": ("<p>甲<br/>\n乙<BR>丙<br></p>", ["甲\n乙\n丙"]),
    "two line breaks part paragraphs": ("<p>甲<br><br>乙<br>&nbsp;<br>丙", ["甲", "乙", "丙"]),
    "entities, with and without semicolon": (
        "<p>&lt;&#x4e00;&#19968;&amp;amp;&nbspx&ldquo;&unknown;&#32;&#0;</p>",
        ["<一一&amp;\xa0x“&unknown; �"],
    ),
    "entities out of range": (
        "<p>a&#99999999999;b&#xD800;c&#x110000;d&#" + "0" * 9000 + ";",
        ["a&#99999999999;b�c�d&#" + "0" * 9000 + ";"],
    ),
    "a lone < is text": ("<p>1 < 2 & 3 <4", ["1 < 2 & 3 <4"]),
    "comments are dropped": (
        "<p>甲<!-- <p>x --><!---->乙<!-->丙<!--[if gte mso 9]><xml>x</xml><![endif]-->丁</p>",
        ["甲乙丙丁"],
    ),
    "what a conditional comment reveals stays": (
        "<![if !supportLists]>一、<![endif]>总体<?xml:namespace prefix = o />情况<!--[if !mso]><!-->完<!--<![endif]-->",
        ["一、总体情况完"],
    ),
    "head, scripts and styles are dropped": (
        """<!DOCTYPE html><html><head><title>题</title><style>p>a{}</style><script>if (a<b) '<p>x</p>'</script></head>
        <body><noscript><p>请启用</p></noscript><template><p>模</p></template><SCRIPT>x</SCRIPT >文</body></html>""",
        ["文"],
    ),
    "hidden elements are dropped": (
        """<div hidden><p>a</p><div>b</div></div><p style='DISPLAY : NONE'>c<p>甲<i style=display:none>d<i>e</i></i>乙
        <ul style='display:none'><li>f</ul><br hidden>丙<li hidden>g<ul><li>h</ul><li>丁""",
        ["甲乙", "丙", "丁"],
    ),
    "an unclosed hidden element ends with what holds it": (
        "<p>甲<span hidden>a</p>乙<table><tr><td>1<b hidden>x<td>2<td style='display:none'>3<td>4</table>丙",
        ["甲", "乙", [["1", "2", "4"]], "丙"],
    ),
    "hidden rows and tables": (
        """<table><tr hidden><td>a<td>b</tr><tr><td>1<td>2<tbody hidden><tr><td>c<td>d</tbody></table>
        <table hidden><tr><td>x<td>y</table>文""",
        [[["1", "2"]], "文"],
    ),
    "overflow: hidden hides nothing": ("<p style='overflow:hidden'>甲</p>", ["甲"]),
    "struck text beside its replacement": (
        "<table><tr><td>新收<td><s>5</s>6<td><del>1</del>2</table>",
        [[["新收", "6", "2"]]],
    ),
    "a raised note is not a digit": (
        "<table><tr><td>新收<td>7<sup>1</sup><td><sup>8</sup></table>",
        [[["新收", "7^1", "8"]]],
    ),
    "preformatted lines": ("<pre>甲\t1\n  乙  2\n\n\n丙</pre>", ["甲\t1\n  乙  2\n丙"]),
    "attributes in any form": ("<p title='a>b' x=\"1\" y=it's z/ =w>甲<p a=\"", ["甲"]),
    "a quote that never closes": ('<table><tr><td width="5>7<td>8</table>', [[["7", "8"]]]),
    "nothing to see": ("<p></p><div>&nbsp;</div><table><tr><td><td></table>", []),
}


@pytest.mark.parametrize(("page", "view"), TEXTS.values(), ids=TEXTS)
def test_text(page: str, view: list[object]) -> None:
    assert shown(page) == view


TABLES = {
    "spans": (
        "<table><tr><td rowspan=2>a<td colspan='2'>b<tr><td>c<td>d</table>",
        [("a", 0, 0, 2, 1), ("b", 0, 1, 1, 2), ("c", 1, 1, 1, 1), ("d", 1, 2, 1, 1)],
    ),
    "a span of 0 goes to the end of its row group, and none further": (
        "<table><tbody><tr><td rowspan=0>a<td>b<tr><td>c<tbody><tr><td rowspan=9>d<td>e</table>",
        [("a", 0, 0, 2, 1), ("b", 0, 1, 1, 1), ("c", 1, 1, 1, 1), ("d", 2, 0, 1, 1), ("e", 2, 1, 1, 1)],
    ),
    "spans that are no numbers or too large": (
        "<table><tr><td colspan=x rowspan='-2'>a<td colspan='2px'>b<td colspan=1000000 rowspan=1000000>c</table>",
        [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 2), ("c", 0, 3, 1, 1000)],
    ),
    "cells of paragraphs and breaks; no-break spaces stay": (
        "<table><tr><td><p>本年新<br>制作数量</p><p> 件 </p><td> \n&nbsp;<td><br>5&nbsp;<br></table>",
        [("本年新\n制作数量\n件", 0, 0, 1, 1), ("\xa0", 0, 1, 1, 1), ("5\xa0", 0, 2, 1, 1)],
    ),
    "a heading may dress a cell": (
        "<table><tr><td><h4>a</h4><td><h4>0</h4></table>",
        [("a", 0, 0, 1, 1), ("0", 0, 1, 1, 1)],
    ),
    "cells without a row, rows and cells without end tags, stray end tags": (
        "<table></td></tr><td>a</p></b><th>b</tbody></tr><tr></tr><tr><td>c</i></td></td><td>d</table></table></td>",
        [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1), ("c", 2, 0, 1, 1), ("d", 2, 1, 1, 1)],
    ),
}


@pytest.mark.parametrize(("page", "expected"), TABLES.values(), ids=TABLES)
def test_table(page: str, expected: list[tuple[str, int, int, int, int]]) -> None:
    (table,) = blocks(page)
    assert cells(table) == expected


LAYOUTS = {
    "a table in a cell": (
        "<table><tr><td>导航</td><td><h1>题</h1><table><tr><td>规章<td>0</table>尾</td></tr><tr><td>页脚</table>",
        ["导航", (1, "题"), [["规章", "0"]], "尾", "页脚"],
    ),
    "headings and prose in a cell": (
        "<table><tr><td>导航<td><h2>一、总体情况</h2><p>文</table>",
        ["导航", (2, "一、总体情况"), "文"],
    ),
    "long paragraphs in a cell": (
        f"<table><tr><td>左<td><p>一、总体情况</p><p>{'公开' * 250}</p></table>",
        ["左", "一、总体情况", "公开" * 250],
    ),
    "one column": ("<table><tr><td><p>一、总体情况<p>文<tr><td>二", ["一、总体情况", "文", "二"]),
    "a metadata table is a table": (
        "<table><tr><td>索引号<td>01-2021<td>发布机构<td>某局</table><p>文",
        [[["索引号", "01-2021", "发布机构", "某局"]], "文"],
    ),
    "text in a table but in no cell, caption": (
        "<table><caption>表一</caption>注<tr><td>a<td>b</tr>尾<tr><td>c<td>d</table>完",
        ["表一", "注", [["a", "b"], ["c", "d"]], "尾", "完"],
    ),
    "a table without its end tag": (
        "<table><tr><td>a<td>b</td></tr><p>三、申请</p><table><tr><td>c<td>d</table>",
        [[["a", "b"]], "三、申请", [["c", "d"]]],
    ),
}


@pytest.mark.parametrize(("page", "view"), LAYOUTS.values(), ids=LAYOUTS)
def test_layout(page: str, view: list[object]) -> None:
    assert shown(page) == view


def test_places_in_a_minified_page() -> None:
    page = (
        "<p>&nbsp;一、<b>总体</b>&lt;情况</p><table><tr><td><b>1</b><i>2</i></td><td></td><td>&nbsp;</td></tr></table>"
    )
    paragraph, table = blocks(page)
    assert span(paragraph) == (1, page.index("一、") + 1, 1, page.index("情况") + 3)
    assert not isinstance(paragraph, Table)
    for text, source in (("总体", "总体"), ("<", "&"), ("情况", "情况"), ("况", "况")):
        at = place(paragraph, start := paragraph.text.index(text), start + len(text))
        assert (at.line, at.column) == (1, page.index(source, 9) + 1)
    assert isinstance(table, Table)
    assert span(table) == (1, page.index("<table") + 1, 1, len(page) + 1)
    assert [page[cell.at.column - 1 : cell.at.end_column - 1] for cell in table.cells] == [
        "1</b><i>2",
        "<td>",
        "&nbsp;",
    ]


def test_places_over_lines_of_every_kind() -> None:
    document = html.read("<p>甲\r\n 乙<br>\r丙\x85丁\n</p><h2\n>戊</h2>\n".encode(), "a.html")
    assert document.lines == ("<p>甲", " 乙<br>", "丙", "丁", "</p><h2", ">戊</h2>")
    paragraph, heading = document.blocks
    assert isinstance(heading, Heading)
    assert not isinstance(paragraph, Table)
    assert (paragraph.text, span(paragraph)) == ("甲乙\n丙丁", (1, 4, 4, 2))
    assert paragraph.marks == ((0, 1, 4), (1, 2, 2), (3, 3, 1), (4, 4, 1))
    assert (heading.text, span(heading), heading.marks) == ("戊", (6, 2, 6, 3), ())


CHARSETS = {
    "utf-8 without a word": ("<p>年报</p>", "utf-8"),
    "byte order mark": ("<meta charset=gbk><p>年报</p>", "utf-8-sig"),
    "utf-16": ("<p>年报</p>", "utf-16"),
    "gb2312 means gb18030": ("<meta charset='gb2312'><p>镕㙍年报</p>", "gb18030"),
    "http-equiv": ('<META http-equiv="Content-Type" content="text/html; charset=GBK"><p>年报</p>', "gbk"),
    "declared wrongly": ("<meta charset=gbk><p>年报，收到7件</p>", "utf-8"),
    "declared what no Chinese page has": ("<meta charset=iso-8859-1><p>年报</p>", "gb18030"),
    "declared nonsense": ("<meta charset=rot13><p>年报</p>", "utf-8"),
    "gb18030 without a word": ("<p>政府信息公开年报</p>", "gb18030"),
    "big5": ("<meta charset=big5><p>年報</p>", "big5"),
}


@pytest.mark.parametrize(("page", "encoding"), CHARSETS.values(), ids=CHARSETS)
def test_charset(page: str, encoding: str) -> None:
    document = html.read(page.encode(encoding), "a.html")
    assert document.lines == (page,)
    assert [block.text for block in document.blocks if not isinstance(block, Table)] == re.findall("<p>(.*)</p>", page)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"<p>\xff\xff\xff</p>"], ids=["image", "bytes"]
)
def test_no_text(data: bytes) -> None:
    with pytest.raises(ReadError):
        html.read(data, "a.html")


HEADER = ["申请人情况", "自然人", "商业企业", "科研机构", "公益组织", "法律服务", "其他", "总计"]
LABELS = [f"（{numeral}）第{number}类申请" for number, numeral in enumerate("一二三四五六七八九十" * 3, 1)]
SECTIONS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "五、存在的主要问题及改进情况",
]
FONT = "font-family:仿宋_GB2312;mso-hansi-font-family:宋体"
STYLE = f'style="font-size:12.0pt;mso-font-kerning:0pt;mso-bidi-font-size:10.5pt;{FONT};color:black"'


def report(wrap: "Wrap") -> str:
    """A page with a wide table under merged headers; `wrap` dresses each text and each cell."""
    figures = (str(number * 7919 % 1000) for number in count(1))
    rows = [wrap.cell("本列数据的勾稽关系", "rowspan=2") + wrap.cell(HEADER[0], "colspan=7")]
    rows.append("".join(wrap.cell(text) for text in HEADER[1:]))
    rows += [wrap.cell(label) + "".join(wrap.cell(next(figures)) for _ in HEADER[1:]) for label in LABELS]
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    prose = "".join(f"<p>{wrap.text(section)}</p><p>{wrap.text('坚持依法公开，' * 9)}</p>" for section in SECTIONS)
    return f"<html><body><ul><li>首页<li>政务公开</ul>{prose}<table>{table}</table><p>主办单位</p></body></html>"


class Wrap:
    """As an editor writes it: nothing around a text."""

    def text(self, text: str) -> str:
        return text

    def cell(self, text: str, attributes: str = "") -> str:
        return f"<td {attributes}>{self.text(text)}</td>"


class WordWrap(Wrap):
    """As Word pastes it: each character in spans with styles."""

    def text(self, text: str) -> str:
        runs = (f"<span lang=EN-US xml:lang=EN-US {STYLE}><font face='宋体'>{char}</font></span>" for char in text)
        return "".join(runs) + "<o:p></o:p>"

    def cell(self, text: str, attributes: str = "") -> str:
        return f"<td {STYLE} {attributes}>\r\n<p class=MsoNormal {STYLE}>{self.text(text)}</p>\r\n</td>"


def without_every_seventh(page: str, tag: str) -> str:
    number = count(1)
    return re.sub(tag, lambda match: "" if next(number) % 7 == 0 else match[0], page)


def figures(page: str) -> list[list[tuple[str, int, int, int, int]]]:
    return [cells(block) for block in blocks(page) if isinstance(block, Table)]


def test_word_paste_reads_as_the_clean_page_and_fast() -> None:
    clean, pasted = report(Wrap()), report(WordWrap())
    assert len(clean.encode()) < 15_000
    assert len(pasted.encode()) > 300_000
    assert len(figures(clean)[0]) == 2 + 7 + 30 * 8
    assert figures(pasted) == figures(clean)
    assert shown(pasted) == shown(clean)
    start = time.perf_counter()
    blocks(pasted)
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize("tag", ["</td>", "</tr>", "</span>", "</p>", "</font>", "</(?:td|tr|span|p|li|body|html)>"])
@pytest.mark.parametrize("wrap", [Wrap(), WordWrap()], ids=["clean", "word"])
def test_missing_end_tags_move_no_cell(wrap: Wrap, tag: str) -> None:
    page = report(wrap)
    assert figures(without_every_seventh(page, tag)) == figures(page)


def test_every_cell_points_at_its_text() -> None:
    page = report(Wrap())
    (table,) = (block for block in blocks(page) if isinstance(block, Table))
    assert all(page[cell.at.column - 1 : cell.at.end_column - 1] == cell.text for cell in table.cells)


TOO_LARGE = {
    "nested tables": ("<table><tr><td>" * 10_000, htmltree, "MAX_NESTING", htmltree.MAX_NESTING),
    "spans": ("<table>" + "<tr><td colspan=1000000 rowspan=1000000>1<td>2" * 999, htmltree, "MAX_SLOTS", 10_000),
    "cells": ("<table><tr>" + "<td>" * 101, htmltree, "MAX_SLOTS", 100),
    "tags": ("<b>" * 101, htmltree, "MAX_TAGS", 100),
    "entities": ("&amp;" * 101, htmltree, "MAX_PIECES", 100),
}


@pytest.mark.parametrize(("page", "module", "name", "limit"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_too_large(page: str, module: object, name: str, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, name, limit)
    with pytest.raises(ReadError, match="网页过于庞大"):
        blocks(page)


HOSTILE = {
    "nested blocks": ("<div>" * 10_000 + "文", ["文"]),
    "nested inline elements": ("<b>" * 10_000 + "文" + "</i>" * 10_000, ["文"]),
    "attributes": ("<p " + "a=b " * 200_000 + ">文", ["文"]),
    "a tag without an end": ("<a " * 100_000, []),
    "quotes without an end": ("文" + "<a b='" * 100_000, ["文"]),
    "comments without an end": ("文" + "<!--" * 100_000, ["文"]),
    "hidden elements": ("<p hidden>" + "<i>" * 50_000, []),
    "zeros": ("&#" + "0" * 100_000, ["&#" + "0" * 100_000]),
    "tables beside one another": ("<table>" * 10_000 + "文", ["文"]),
}


@pytest.mark.parametrize(("page", "view"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_takes_linear_time(page: str, view: list[object]) -> None:
    start = time.perf_counter()
    assert shown(page) == view
    assert time.perf_counter() - start < 2
