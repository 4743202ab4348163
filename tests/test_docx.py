"""The Word reader: what Word shows is what is read, each piece with its place, and nothing hostile gets through."""

import io
import pathlib
import struct
import time
import zipfile

import docx as python_docx
import pytest

from linter.document import Document, Heading, Position, Table, rows
from linter.errors import ReadError
from linter.readers import docx
from linter.readers.docx.package import DRESS

CORPUS = pathlib.Path(__file__).parents[2] / "shared" / "corpus" / "template-2021.docx"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def part(root: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {NAMESPACES}>{content}</w:{root}>'


def pack(members: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def word(body: str, *, styles: str = "", numbering: str = "") -> bytes:
    members = {"word/document.xml": part("document", f"<w:body>{body}</w:body>")}
    if styles:
        members["word/styles.xml"] = part("styles", styles)
    if numbering:
        members["word/numbering.xml"] = part("numbering", numbering)
    return pack(members)


def p(text: str = "", properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(content: str = "", properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if '<' in content else p(content)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*table_rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(table_rows)}</w:tbl>"


def box(content: str) -> str:
    shape = f"<v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape>"
    return f"<w:r><w:pict>{shape}</w:pict></w:r>"


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def shown(document: Document) -> list[object]:
    """A paragraph as its text, a heading as (level, text), a table as rows of (text, column, rowspan, colspan)."""
    return [
        [[(c.text, c.column, c.rowspan, c.colspan) for c in row if c.row == n] for n, row in enumerate(rows(block))]
        if isinstance(block, Table)
        else (block.level, block.text)
        if isinstance(block, Heading)
        else block.text
        for block in document.blocks
    ]


def read(body: str, *, styles: str = "", numbering: str = "") -> list[object]:
    return shown(docx.read(word(body, styles=styles, numbering=numbering), "a.docx"))


def refusal(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        docx.read(data, "a.docx")
    assert caught.value.phrase.en
    assert caught.value.remedy.zh
    assert caught.value.remedy.en
    return caught.value.phrase.zh


RUNS = {
    "runs join": ("<w:r><w:t>12</w:t></w:r><w:r><w:t>34</w:t></w:r>", "1234"),
    "spaces inside stay, ASCII ones outside go": ('<w:r><w:t xml:space="preserve"> 共 5 件 </w:t></w:r>', "共 5 件"),
    "no-break and ideographic spaces stay": ("<w:r><w:t>\u3000\u30005\xa0</w:t></w:r>", "\u3000\u30005\xa0"),
    "a tab": ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲\t乙"),
    "line breaks": ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:cr/><w:t>丙</w:t></w:r>", "甲\n乙\n丙"),
    "a line end in the XML is a space": ("<w:r><w:t>甲\n乙</w:t></w:r>", "甲 乙"),
    "a no-break hyphen is a hyphen": ("<w:r><w:t>010</w:t><w:noBreakHyphen/><w:t>110</w:t></w:r>", "010-110"),
    "an optional hyphen is nothing": ("<w:r><w:t>政务</w:t><w:softHyphen/><w:t>公开</w:t></w:r>", "政务公开"),
    "inserted text is kept": ("<w:ins><w:r><w:t>新</w:t></w:r></w:ins>", "新"),
    "deleted text is dropped": ("<w:r><w:t>1</w:t></w:r><w:del><w:r><w:delText>2</w:delText></w:r></w:del>", "1"),
    "moved text is kept where it went": (
        (
            "<w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom><w:r><w:t>中</w:t></w:r>"
            "<w:moveTo><w:r><w:t>新处</w:t></w:r></w:moveTo>"
        ),
        "中新处",
    ),
    "inserted and deleted again": ("<w:ins><w:del><w:r><w:t>2</w:t></w:r></w:del></w:ins><w:r><w:t>1</w:t></w:r>", "1"),
    "a hyperlink": ("<w:hyperlink><w:r><w:t>www.example.gov.cn</w:t></w:r></w:hyperlink>", "www.example.gov.cn"),
    "a content control inside": (
        '<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent><w:r><w:t>7</w:t></w:r></w:sdtContent></w:sdt>',
        "7",
    ),
    "a simple field": ('<w:fldSimple w:instr="PAGE"><w:r><w:t>3</w:t></w:r></w:fldSimple>', "3"),
    "a field's result without its instruction": (
        field("begin")
        + "<w:r><w:instrText>REF 9</w:instrText></w:r>"
        + field("separate")
        + "<w:r><w:t>5</w:t></w:r>"
        + field("end")
        + "<w:r><w:t>件</w:t></w:r>",
        "5件",
    ),
    "a field inside another's instruction": (
        field("begin")
        + field("begin")
        + "<w:r><w:t>1</w:t></w:r>"
        + field("separate")
        + "<w:r><w:t>2</w:t></w:r>"
        + field("end")
        + field("separate")
        + "<w:r><w:t>3</w:t></w:r>"
        + field("end"),
        "3",
    ),
    "a field without result": (
        "<w:r><w:t>甲</w:t></w:r>" + field("begin") + "<w:r><w:t>1</w:t></w:r>" + field("end"),
        "甲",
    ),
    "a field that never ends hides nothing": (field("begin") + "<w:r><w:t>正文</w:t></w:r>", "正文"),
    "an end without a beginning": (field("separate") + field("end") + "<w:r><w:t>正文</w:t></w:r>", "正文"),
    "hidden text is dropped": ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>1</w:t></w:r><w:r><w:t>2</w:t></w:r>", "2"),
    "text that is not hidden": ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>1</w:t></w:r>', "1"),
    "a tick of Wingdings": ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
    "an ordinary symbol": ('<w:r><w:sym w:font="宋体" w:char="2460"/></w:r>', "①"),
    "an unknown symbol is no blank": ('<w:r><w:sym w:font="Wingdings" w:char="F031"/></w:r>', "\ufffd"),
    "a broken symbol is no blank": ('<w:r><w:sym w:char="D800"/><w:sym/></w:r>', "\ufffd\ufffd"),
    "a formula": ("<m:oMath><m:r><m:t>1+2</m:t></m:r></m:oMath>", "1+2"),
    "ruby without its reading": (
        "<w:r><w:ruby><w:rt><w:r><w:t>shì</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>市</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        "市",
    ),
    "the first alternative": (
        (
            "<w:r><mc:AlternateContent><mc:Choice><w:t>甲</w:t></mc:Choice><mc:Fallback><w:t>乙</w:t></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        ),
        "甲",
    ),
    "the fallback of an empty alternative": (
        (
            "<w:r><mc:AlternateContent><mc:Choice><w:x/></mc:Choice><mc:Fallback><w:t>乙</w:t></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        ),
        "乙",
    ),
    "comments in the XML": ("<w:r><!-- 1 --><w:t>甲<!-- 2 -->乙</w:t><?x y?></w:r>", "甲乙"),
}


@pytest.mark.parametrize(("runs", "text"), RUNS.values(), ids=RUNS.keys())
def test_text_of_a_paragraph(runs, text):
    assert read(f"<w:p>{runs}</w:p>") == [text]


BODIES = {
    "paragraphs and tables in order": (
        p("甲") + tbl(tr(tc("规章"), tc("1"))) + p("乙"),
        ["甲", [[("规章", 0, 1, 1), ("1", 1, 1, 1)]], "乙"],
    ),
    "empty paragraphs are left out": (p("甲") + p() + p("\u3000\xa0") + "<w:p/>" + p("乙"), ["甲", "乙"]),
    "a content control around blocks": (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('甲')}<w:customXml>{p('乙')}</w:customXml></w:sdtContent></w:sdt>"
        + p("丙"),
        ["甲", "乙", "丙"],
    ),
    "a text box behind its paragraph": (
        f"<w:p><w:r><w:t>甲</w:t></w:r>{box(p('框一') + p('框二'))}<w:r><w:t>乙</w:t></w:r></w:p>",
        ["甲乙", "框一", "框二"],
    ),
    "a text box with two alternatives is read once": (
        (
            "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
            f"{p('框')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback>{box(p('框'))}</mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>"
        ),
        ["框"],
    ),
    "a table in a text box": (
        f"<w:p>{box(tbl(tr(tc('规章'), tc('1'))))}</w:p>",
        [[[("规章", 0, 1, 1), ("1", 1, 1, 1)]]],
    ),
    "blocks with two alternatives are read once": (
        (
            f"<mc:AlternateContent><mc:Choice/><mc:Fallback>{p('乙')}</mc:Fallback></mc:AlternateContent>"
            f"<mc:AlternateContent><mc:Choice>{p('甲')}</mc:Choice><mc:Fallback>{p('乙')}</mc:Fallback></mc:AlternateContent>"
        ),
        ["乙", "甲"],
    ),
    "a paragraph deleted whole": (
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
        + p("新"),
        ["新"],
    ),
    "a deleted paragraph mark joins two paragraphs": (
        p("本年收到", "<w:rPr><w:del/></w:rPr>") + p("8件。"),
        ["本年收到8件。"],
    ),
    "a deleted mark before a table": (
        p("甲", "<w:rPr><w:del/></w:rPr>") + tbl(tr(tc("规章"), tc("1"))) + p("乙"),
        ["甲", [[("规章", 0, 1, 1), ("1", 1, 1, 1)]], "乙"],
    ),
    "a deleted mark at the end": (p("甲", "<w:rPr><w:moveFrom/></w:rPr>"), ["甲"]),
    "a block inside a deletion": (
        f"<w:del>{p('旧')}</w:del><w:moveFrom>{p('旧')}</w:moveFrom><w:ins>{p('新')}</w:ins>",
        ["新"],
    ),
}


@pytest.mark.parametrize(("body", "blocks"), BODIES.values(), ids=BODIES.keys())
def test_blocks_of_the_body(body, blocks):
    assert read(body) == blocks


RESTART = '<w:vMerge w:val="restart"/>'
CONTINUE = "<w:vMerge/>"
SPAN = '<w:gridSpan w:val="2"/>'
TABLES = {
    "a cell over two columns": (
        [tr(tc("甲", SPAN), tc("乙")), tr(tc("1"), tc("2"), tc("3"))],
        [[("甲", 0, 1, 2), ("乙", 2, 1, 1)], [("1", 0, 1, 1), ("2", 1, 1, 1), ("3", 2, 1, 1)]],
    ),
    "a cell over three rows, the next begins anew": (
        [
            tr(tc("甲", RESTART), tc("1")),
            tr(tc("", CONTINUE), tc("2")),
            tr(tc("", CONTINUE), tc("3")),
            tr(tc("乙", RESTART), tc("4")),
        ],
        [[("甲", 0, 3, 1), ("1", 1, 1, 1)], [("2", 1, 1, 1)], [("3", 1, 1, 1)], [("乙", 0, 1, 1), ("4", 1, 1, 1)]],
    ),
    "a cell over two rows and two columns": (
        [tr(tc("甲", SPAN + RESTART), tc("1")), tr(tc("", SPAN + '<w:vMerge w:val="continue"/>'), tc("2"))],
        [[("甲", 0, 2, 2), ("1", 2, 1, 1)], [("2", 2, 1, 1)]],
    ),
    "a continued cell with nothing above it": (
        [tr(tc("甲", CONTINUE), tc("1")), tr(tc("", CONTINUE), tc("2"))],
        [[("甲", 0, 2, 1), ("1", 1, 1, 1)], [("2", 1, 1, 1)]],
    ),
    "a continued cell of another width stands alone": (
        [tr(tc("甲", RESTART), tc("1"), tc("2")), tr(tc("乙", SPAN + CONTINUE), tc("3"))],
        [[("甲", 0, 1, 1), ("1", 1, 1, 1), ("2", 2, 1, 1)], [("乙", 0, 1, 2), ("3", 2, 1, 1)]],
    ),
    "a merge does not jump over a row": (
        [tr(tc("甲", RESTART), tc("1")), tr(tc("乙"), tc("2")), tr(tc("丙", CONTINUE), tc("3"))],
        [[("甲", 0, 1, 1), ("1", 1, 1, 1)], [("乙", 0, 1, 1), ("2", 1, 1, 1)], [("丙", 0, 1, 1), ("3", 1, 1, 1)]],
    ),
    "columns left out before and after a row": (
        [tr(tc("甲"), tc("乙"), tc("丙")), tr(tc("1"), properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>')],
        [[("甲", 0, 1, 1), ("乙", 1, 1, 1), ("丙", 2, 1, 1)], [("1", 1, 1, 1)]],
    ),
    "spans that are none count as one": (
        [
            tr(
                tc("甲", '<w:gridSpan w:val="0"/>'),
                tc("乙", '<w:gridSpan w:val="-3"/>'),
                tc("丙", '<w:gridSpan w:val="x"/>'),
            )
        ],
        [[("甲", 0, 1, 1), ("乙", 1, 1, 1), ("丙", 2, 1, 1)]],
    ),
    "a span beyond belief is cut": (
        [tr(tc("甲", '<w:gridSpan w:val="999999999"/>'), tc("乙"))],
        [[("甲", 0, 1, 1000), ("乙", 1000, 1, 1)]],
    ),
    "a deleted row is gone, an inserted one is there": (
        [
            tr(tc("甲"), tc("1")),
            tr(tc("旧"), tc("2"), properties="<w:del/>"),
            tr(tc("新"), tc("3"), properties="<w:ins/>"),
        ],
        [[("甲", 0, 1, 1), ("1", 1, 1, 1)], [("新", 0, 1, 1), ("3", 1, 1, 1)]],
    ),
    "a deleted cell is gone": (
        [tr(tc("甲"), tc("旧", "<w:cellDel/>"), tc("1"))],
        [[("甲", 0, 1, 1), ("1", 1, 1, 1)]],
    ),
    "rows and cells in content controls": (
        [
            f"<w:sdt><w:sdtContent>{tr(tc('甲'), tc('1'))}</w:sdtContent></w:sdt>",
            tr(f"<w:sdt><w:sdtPr/><w:sdtContent>{tc('乙')}</w:sdtContent></w:sdt>", tc("2")),
        ],
        [[("甲", 0, 1, 1), ("1", 1, 1, 1)], [("乙", 0, 1, 1), ("2", 1, 1, 1)]],
    ),
    "the text of a cell": (
        [tr(tc(p("结果") + p() + p("维持")), tc("\u3000\u3000"), tc("\xa00\xa0"), tc(" 0 "), tc(""))],
        [[("结果\n维持", 0, 1, 1), ("\u3000\u3000", 1, 1, 1), ("\xa00\xa0", 2, 1, 1), ("0", 3, 1, 1), ("", 4, 1, 1)]],
    ),
    "a nested table of one cell is that cell's text": (
        [tr(tc("规章"), tc(tbl(tr(tc("3"))) + p()))],
        [[("规章", 0, 1, 1), ("3", 1, 1, 1)]],
    ),
}


@pytest.mark.parametrize(("table_rows", "cells"), TABLES.values(), ids=TABLES.keys())
def test_cells_of_a_table(table_rows, cells):
    assert read(tbl(*table_rows)) == [cells]


FIGURES = tbl(tr(tc("规章"), tc("1")), tr(tc("规范性文件"), tc("2")))
FIGURES_SHOWN = [[("规章", 0, 1, 1), ("1", 1, 1, 1)], [("规范性文件", 0, 1, 1), ("2", 1, 1, 1)]]
LAYOUTS = {
    "one cell around everything": (
        tbl(tr(tc(p("一、总体情况") + FIGURES + p("完")))),
        ["一、总体情况", FIGURES_SHOWN, "完"],
    ),
    "one column": (
        tbl(tr(tc("二、主动公开")), tr(tc(FIGURES)), tr(tc("三、申请"))),
        ["二、主动公开", FIGURES_SHOWN, "三、申请"],
    ),
    "a side column beside the text": (
        tbl(tr(tc("导航"), tc(p("二、主动公开") + FIGURES + p("完")))),
        ["导航", "二、主动公开", FIGURES_SHOWN, "完"],
    ),
    "two columns of prose": (tbl(tr(tc("本年公开信息。"), tc("本年收到申请。"))), ["本年公开信息。", "本年收到申请。"]),
    "a layout table in a layout table": (tbl(tr(tc(tbl(tr(tc(FIGURES)))))), [FIGURES_SHOWN]),
    "a table inside a cell of figures comes after it": (
        tbl(tr(tc("甲"), tc("1")), tr(tc("乙"), tc("2")), tr(tc("丙"), tc(p("3") + FIGURES))) + p("完"),
        [
            [[("甲", 0, 1, 1), ("1", 1, 1, 1)], [("乙", 0, 1, 1), ("2", 1, 1, 1)], [("丙", 0, 1, 1), ("3", 1, 1, 1)]],
            FIGURES_SHOWN,
            "完",
        ],
    ),
    "a remark below the figures leaves a table": (
        tbl(tr(tc("甲"), tc("1")), tr(tc("乙"), tc("2")), tr(tc("注：截至年底。", SPAN))),
        [[[("甲", 0, 1, 1), ("1", 1, 1, 1)], [("乙", 0, 1, 1), ("2", 1, 1, 1)], [("注：截至年底。", 0, 1, 2)]]],
    ),
    "an empty form is a table": (tbl(tr(tc(), tc())) + p("完"), [[[("", 0, 1, 1), ("", 1, 1, 1)]], "完"]),
}


@pytest.mark.parametrize(("body", "blocks"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_layout_tables_are_dissolved(body, blocks):
    assert read(body) == blocks


def style(name: str, title: str, inside: str = "", kind: str = "paragraph", default: int = 0) -> str:
    return (
        f'<w:style w:type="{kind}" w:default="{default}" w:styleId="{name}"><w:name w:val="{title}"/>{inside}</w:style>'
    )


def based(name: str) -> str:
    return f'<w:basedOn w:val="{name}"/>'


def outline(level: int) -> str:
    return f'<w:pPr><w:outlineLvl w:val="{level}"/></w:pPr>'


STYLES = "".join(
    [
        style("a", "Normal", default=1),
        style("1", "heading 1", based("a")),
        style("2", "标题 2"),
        style("3", "章", outline(2)),
        style("4", "本局章名", based("3")),
        style("5", "题注", based("1") + outline(9)),
        style("6", "甲", based("7")),
        style("7", "乙", based("6")),
        style("8", "toc 1"),
        style("9", "暗", "<w:rPr><w:vanish/></w:rPr>"),
        style("x", "隐", "<w:rPr><w:vanish/></w:rPr>", kind="character"),
    ]
)


def styled(style: str, extra: str = "") -> str:
    return f'<w:pStyle w:val="{style}"/>{extra}'


HEADINGS = {
    "a style named heading 1": (p("甲", styled("1")), [(1, "甲")]),
    "a style named 标题 2": (p("甲", styled("2")), [(2, "甲")]),
    "a style with an outline level": (p("甲", styled("3")), [(3, "甲")]),
    "a style based on one with an outline level": (p("甲", styled("4")), [(3, "甲")]),
    "a style that takes the level of its base back": (p("甲", styled("5")), ["甲"]),
    "an outline level of the paragraph": (p("甲", '<w:outlineLvl w:val="0"/>'), [(1, "甲")]),
    "a paragraph that is no heading despite its style": (p("甲", styled("1", '<w:outlineLvl w:val="9"/>')), ["甲"]),
    "styles based on each other": (p("甲", styled("6")), ["甲"]),
    "a style that is not there": (p("甲", styled("404")), ["甲"]),
    "the table of contents is dropped": (p("一、总体情况\t1", styled("8")) + p("甲"), ["甲"]),
    "text hidden by the paragraph's style": (p("暗", styled("9")) + p("甲"), ["甲"]),
    "text hidden by a character style": (
        '<w:p><w:r><w:rPr><w:rStyle w:val="x"/></w:rPr><w:t>暗</w:t></w:r><w:r><w:t>甲</w:t></w:r></w:p>',
        ["甲"],
    ),
}


@pytest.mark.parametrize(("body", "blocks"), HEADINGS.values(), ids=HEADINGS.keys())
def test_headings_and_styles(body, blocks):
    assert read(body, styles=STYLES) == blocks


def level(at: int, text: str, number_format: str = "decimal", extra: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>{extra}'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'
    )


def num(list_id: int, family: int = 0, inside: str = "") -> str:
    return f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{family}"/>{inside}</w:num>'


def numbering(*levels: str, nums: str = num(1)) -> str:
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


def item(text: str, at: int = 0, list_id: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{list_id}"/></w:numPr>')


NUMBERS = [
    ("chineseCounting", {1: "一", 6: "六", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 105: "一○五"}),
    ("taiwaneseCounting", {12: "十二"}),
    (
        "chineseCountingThousand",
        {3: "三", 10: "十", 16: "十六", 105: "一百零五", 110: "一百一十", 1001: "一千零一", 2340: "二千三百四十"},
    ),
    ("japaneseCounting", {4: "四", 14: "十四", 105: "百五", 1200: "千二百"}),
    ("ideographDigital", {7: "七", 10: "一〇", 21: "二一"}),
    ("chineseLegalSimplified", {3: "叁", 10: "壹拾", 25: "贰拾伍"}),
    ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
    ("ideographZodiac", {12: "亥"}),
    ("ideographEnclosedCircle", {2: "㈡"}),
    ("decimal", {1: "1", 12: "12"}),
    ("decimalZero", {1: "01", 12: "12"}),
    ("decimalFullWidth", {15: "１５"}),
    ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
    ("decimalEnclosedCircleChinese", {3: "③"}),
    ("decimalEnclosedParen", {3: "⑶"}),
    ("decimalEnclosedFullstop", {3: "⒊"}),
    ("lowerLetter", {1: "a", 26: "z", 27: "aa", 54: "bbb"[:3], 9999: "9999"}),
    ("upperLetter", {2: "B"}),
    ("lowerRoman", {4: "iv", 19: "xix"}),
    ("upperRoman", {1: "I", 9: "IX", 1994: "MCMXCIV", 4000: "4000"}),
    ("none", {5: ""}),
    ("aFormatOfTheFuture", {5: "5"}),
]


@pytest.mark.parametrize(
    ("number_format", "number", "text"),
    [(name, number, text) for name, cases in NUMBERS for number, text in cases.items()],
)
def test_number_formats(number_format, number, text):
    lists = numbering(level(0, "%1、", number_format, start=number))
    assert read(item("总体情况"), numbering=lists) == [f"{text}、总体情况"]


RESTARTING = num(2, inside='<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>')
LISTS = {
    "counts on": (
        numbering(level(0, "%1、", "chineseCounting")),
        item("甲") + p("文") + item("乙"),
        ["一、甲", "文", "二、乙"],
    ),
    "begins where it says": (numbering(level(0, "%1、", start=3)), item("甲") + item("乙"), ["3、甲", "4、乙"]),
    "a lower level begins anew below each upper one": (
        numbering(level(0, "%1、", "chineseCounting"), level(1, "（%2）", "chineseCounting")),
        item("甲") + item("乙", 1) + item("丙", 1) + item("丁") + item("戊", 1),
        ["一、甲", "（一）乙", "（二）丙", "二、丁", "（一）戊"],
    ),
    "a lower level that goes on": (
        numbering(level(0, "%1、"), level(1, "（%2）", extra='<w:lvlRestart w:val="0"/>')),
        item("甲") + item("乙", 1) + item("丙") + item("丁", 1),
        ["1、甲", "（1）乙", "2、丙", "（2）丁"],
    ),
    "upper numbers in a lower one": (
        numbering(level(0, "%1、", "chineseCounting"), level(1, "%1.%2.")),
        item("甲") + item("乙", 1) + item("丙", 1),
        ["一、甲", "一.1.乙", "一.2.丙"],
    ),
    "upper numbers as decimals": (
        numbering(level(0, "%1、", "chineseCounting"), level(1, "%1.%2.", extra="<w:isLgl/>")),
        item("甲") + item("乙", 1),
        ["一、甲", "1.1.乙"],
    ),
    "a lower level without its upper one": (
        numbering(level(0, "%1、"), level(1, "%1.%2、")),
        item("乙", 1),
        ["1.1、乙"],
    ),
    "two lists of one family count together": (
        numbering(level(0, "%1、"), nums=num(1) + num(2)),
        item("甲") + item("乙", list_id=2) + item("丙"),
        ["1、甲", "2、乙", "3、丙"],
    ),
    "a list that begins anew, once": (
        numbering(level(0, "%1、"), nums=num(1) + RESTARTING),
        item("甲") + item("乙", list_id=2) + item("丙", list_id=2),
        ["1、甲", "5、乙", "6、丙"],
    ),
    "a list with a level of its own": (
        numbering(
            level(0, "%1、"),
            nums=num(1, inside=f'<w:lvlOverride w:ilvl="0">{level(0, "第%1条", "chineseCounting")}</w:lvlOverride>'),
        ),
        item("甲"),
        ["第一条甲"],
    ),
    "bullets are no text": (numbering(level(0, "\uf0b7", "bullet")), item("甲"), ["甲"]),
    "the paragraph takes the number away": (
        numbering(level(0, "%1、")),
        item("甲", list_id=0) + item("乙"),
        ["甲", "1、乙"],
    ),
    "a list that is not there": (numbering(level(0, "%1、")), item("甲", list_id=9), ["甲"]),
    "a level that is not there": (numbering(level(0, "%1、")), item("甲", 3), ["甲"]),
    "a deleted paragraph has no number": (
        numbering(level(0, "%1、")),
        "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>" + item("甲"),
        ["1、甲"],
    ),
    "an empty paragraph shows its number": (numbering(level(0, "%1、")), item("") + item("乙"), ["1、", "2、乙"]),
    "a newer format beside its substitute": (
        numbering(
            '<w:lvl w:ilvl="0"><mc:AlternateContent>'
            '<mc:Choice><w:numFmt w:val="custom" w:format="001, 002"/></mc:Choice>'
            '<mc:Fallback><w:numFmt w:val="decimalZero"/></mc:Fallback>'
            '</mc:AlternateContent><w:lvlText w:val="%1、"/></w:lvl>'
        ),
        item("甲") + item("乙"),
        ["00、甲", "01、乙"],
    ),
    "numbers in cells": (
        numbering(level(0, "%1.")),
        tbl(tr(tc(item("国家秘密")), tc("1")), tr(tc(item("法律禁止")), tc("2"))),
        [[[("1.国家秘密", 0, 1, 1), ("1", 1, 1, 1)], [("2.法律禁止", 0, 1, 1), ("2", 1, 1, 1)]]],
    ),
}


@pytest.mark.parametrize(("lists", "body", "blocks"), LISTS.values(), ids=LISTS.keys())
def test_automatic_numbers(lists, body, blocks):
    assert read(body, numbering=lists) == blocks


@pytest.mark.parametrize(
    ("suffix", "pattern", "text"),
    [
        ('<w:suff w:val="nothing"/>', "%1", "15件"),
        ('<w:suff w:val="space"/>', "%1、", "1、 5件"),
        ('<w:suff w:val="tab"/>', "%1、", "1、5件"),
        ("", "%1.", "1. 5件"),
        ("", "%1", "1 5件"),
    ],
    ids=["nothing", "space", "tab after 、", "tab by default", "a tab never joins two figures"],
)
def test_what_parts_number_and_text(suffix, pattern, text):
    lists = numbering(f'<w:lvl w:ilvl="0"><w:start w:val="1"/>{suffix}<w:lvlText w:val="{pattern}"/></w:lvl>')
    assert read(item("5件"), numbering=lists) == [text]


def test_numbers_come_through_styles():
    """A style names the list, the list names the style of a level; a derived style inherits, a paragraph opts out."""
    in_list = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    below = '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>'
    styles = (
        style("1", "heading 1", in_list)
        + style("2", "heading 2", based("1") + below)
        + style("3", "本局标题", based("1"))
        + style("4", "款", in_list)
    )
    lists = numbering(
        level(0, "%1、", "chineseCounting", '<w:pStyle w:val="1"/>'),
        level(1, "（%2）", "chineseCounting"),
        level(2, "%3.", extra='<w:pStyle w:val="4"/>'),
    )
    no_number = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        p("总体情况", styled("1"))
        + p("主动公开", styled("2"))
        + p("规章", styled("4"))
        + p("申请", styled("3"))
        + p("目录", styled("1", no_number))
    )
    assert read(body, styles=styles, numbering=lists) == [
        (1, "一、总体情况"),
        (2, "（一）主动公开"),
        "1.规章",
        (1, "二、申请"),
        (1, "目录"),
    ]


def test_a_list_style_holds_the_levels():
    styles = style("L", "列表", '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>', kind="numbering")
    linked = '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="L"/></w:abstractNum>'
    lists = linked + numbering(level(0, "%1、", "chineseCounting"), nums=num(1, 7) + num(2))
    assert read(item("甲") + item("乙", list_id=2), styles=styles, numbering=lists) == ["一、甲", "二、乙"]


def test_places_and_lines():
    """`where` counts paragraphs with text and tables as a person does; lines are those of the text view."""
    document = docx.read(
        word(
            p("年度报告", '<w:outlineLvl w:val="0"/>')
            + p()
            + p("收到2件。")
            + tbl(tr(tc(p("结果") + p("维持")), tc("1")))
            + p("完")
        ),
        "report.docx",
    )
    assert document.path == "report.docx"
    assert document.lines == ("年度报告", "", "收到2件。", "", "| 结果 维持 | 1 |", "", "完")
    title, prose, table, end = document.blocks
    assert [block.at for block in document.blocks] == [
        Position(line=1, column=1, end_line=1, end_column=5, where="第1段"),
        Position(line=3, column=1, end_line=3, end_column=6, where="第2段"),
        Position(line=5, column=1, end_line=5, end_column=14, where="表1"),
        Position(line=7, column=1, end_line=7, end_column=2, where="第3段"),
    ]
    assert (title.text, prose.text, end.text) == ("年度报告", "收到2件。", "完")
    assert [cell.at for cell in table.cells] == [
        Position(line=5, column=3, end_line=5, end_column=8, where="表1 第1行第1列"),
        Position(line=5, column=11, end_line=5, end_column=12, where="表1 第1行第2列"),
    ]


def test_a_strict_document_reads_the_same():
    transitional = part(
        "document", f"<w:body>{p('甲')}{FIGURES}<w:p><m:oMath><m:r><m:t>1</m:t></m:r></m:oMath></w:p></w:body>"
    )
    strict = transitional.replace(
        "schemas.openxmlformats.org/wordprocessingml/2006", "purl.oclc.org/ooxml/wordprocessingml"
    ).replace("schemas.openxmlformats.org/officeDocument/2006", "purl.oclc.org/ooxml/officeDocument")
    assert strict.count("purl.oclc.org") == 2
    assert shown(docx.read(pack({"word/document.xml": strict}), "a.docx")) == ["甲", FIGURES_SHOWN, "1"]


def test_a_document_in_utf_16():
    data = pack({"word/document.xml": BODY.replace("UTF-8", "UTF-16").encode("utf-16")})
    assert shown(docx.read(data, "a.docx")) == ["甲"]


def test_the_document_of_word_online():
    assert shown(docx.read(pack({"word/document2.xml": part("document", f"<w:body>{p('甲')}</w:body>")}), "a")) == [
        "甲"
    ]


def test_a_file_of_python_docx():
    source = python_docx.Document()
    source.add_heading("二、主动公开政府信息情况", level=1)
    source.add_paragraph("本年制发规章1件。")
    table = source.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "第二十条第（一）项"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "规章"
    for place, text in {(1, 1): "1", (1, 2): "0", (2, 1): "2", (2, 2): "1,234"}.items():
        table.cell(*place).text = text
    stream = io.BytesIO()
    source.save(stream)
    assert shown(docx.read(stream.getvalue(), "a.docx")) == [
        (1, "二、主动公开政府信息情况"),
        "本年制发规章1件。",
        [
            [("第二十条第（一）项", 0, 1, 3)],
            [("规章", 0, 2, 1), ("1", 1, 1, 1), ("0", 2, 1, 1)],
            [("2", 1, 1, 1), ("1,234", 2, 1, 1)],
        ],
    ]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_the_form_of_2021():
    document = docx.read(CORPUS.read_bytes(), CORPUS.name)
    assert [block.text for block in document.blocks if not isinstance(block, Table)] == [
        "政府信息公开工作年度报告格式模板",
        "一、总体情况",
        "（文字描述）",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "（文字描述）",
        "六、其他需要报告的事项",
        "（文字描述，收取信息处理费情况在此处报告。）",
    ]
    tables = [block for block in document.blocks if isinstance(block, Table)]
    blanks = [{(cell.row, cell.column) for cell in table.cells if not cell.text.strip()} for table in tables]
    assert blanks[0] == {(r, c) for r in (2, 3) for c in (1, 2, 3)} | {(r, 1) for r in (6, 9, 10, 13)}
    assert blanks[1] == {(r, c) for r in range(3, 28) for c in range(3, 10)}
    assert blanks[2] == {(3, c) for c in range(15)}
    merged = [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in tables[1].cells if c.rowspan > 1]
    assert merged == [
        ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 0, 0, 3, 3),
        ("自然人", 1, 3, 2, 1),
        ("总计", 1, 9, 2, 1),
        ("三、本年度办理结果", 5, 0, 22, 1),
        ("（三）不予公开", 7, 1, 8, 1),
        ("（四）无法提供", 15, 1, 3, 1),
        ("（五）不予处理", 18, 1, 5, 1),
        ("（六）其他处理", 23, 1, 3, 1),
    ]
    oracle = python_docx.Document(str(CORPUS)).tables
    for table, expected in zip(tables, oracle, strict=True):
        for cell in table.cells:
            assert cell.text == expected.cell(cell.row, cell.column).text.strip(" \n")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
BODY = part("document", f"<w:body>{p('甲')}</w:body>")


def mangled(declare: int) -> bytes:
    """A file whose directory gives another unpacked size for the document."""
    data = bytearray(pack({"word/document.xml": BODY}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", declare)
    return bytes(data)


def locked() -> bytes:
    data = bytearray(pack({"word/document.xml": BODY}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def dtd(declarations: str, text: str, encoding: str = "UTF-8") -> bytes:
    xml = BODY.replace("?>", f"?><!DOCTYPE x [{declarations}]>", 1).replace("甲", text).replace("UTF-8", encoding)
    return pack({"word/document.xml": xml.encode(encoding)})


REFUSED = {
    "no zip": (b"{\\rtf1 text}", "不是 .docx 文件，或文件已损坏"),
    "a zip cut short": (word(p("甲"))[:-30], "不是 .docx 文件，或文件已损坏"),
    "a zip with damaged content": (
        word(p("甲" * 50)).replace(b"PK\x03\x04", b"PK\x03\x05", 1),
        "不是 .docx 文件，或文件已损坏",
    ),
    "a zip method that Word does not know": (
        pack({"word/document.xml": BODY}, zipfile.ZIP_LZMA),
        "不是 .docx 文件，或文件已损坏",
    ),
    "an old Word file": (
        OLE + "WordDocument".encode("utf-16-le"),
        "这是旧格式的 Office 文件（如 .doc、.wps），只有扩展名是 .docx",
    ),
    "an encrypted file": (OLE + "EncryptedPackage".encode("utf-16-le"), "文件加了密码，无法读取"),
    "an encrypted zip": (locked(), "文件加了密码，无法读取"),
    "a spreadsheet": (pack({"xl/workbook.xml": "<workbook/>"}), "文件里没有 Word 正文（word/document.xml）"),
    "another XML in its place": (
        pack({"word/document.xml": "<html><body/></html>"}),
        "文件里没有 Word 正文（word/document.xml）",
    ),
    "no text at all": (word("<w:p><w:r><w:drawing/></w:r></w:p>"), "文档里没有文字"),
    "an embedded web page": (word("<w:altChunk/>"), "正文是嵌入的网页或其他文件（altChunk），无法直接读取"),
    "a directory that declares 4 GB": (mangled(0xFFFFFFF0), "文件解压后有 4295 MB，超过上限 1000 MB"),
    "a part that declares 60 MB": (mangled(60_000_000), "文件解压后word/document.xml有 60 MB，超过上限 50 MB"),
    "a part larger than it declares": (mangled(100), "不是 .docx 文件，或文件已损坏"),
    "an internal entity": (dtd('<!ENTITY e "12">', "&e;"), "word/document.xml 含有 DTD，为安全起见不读取"),
    "an external entity": (
        dtd('<!ENTITY e SYSTEM "file:///etc/hostname">', "&e;"),
        "word/document.xml 含有 DTD，为安全起见不读取",
    ),
    "a DTD on the network": (
        pack({"word/document.xml": BODY.replace("?>", '?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', 1)}),
        "word/document.xml 含有 DTD，为安全起见不读取",
    ),
}


@pytest.mark.parametrize(("data", "phrase"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_one_clear_error(data, phrase):
    assert refusal(data) == phrase


@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "word/numbering.xml"])
def test_broken_xml_names_its_part(name):
    data = pack({"word/document.xml": BODY, name: "<w:broken>"})
    assert refusal(data).startswith(f"{name} 不是完好的 XML，或嵌套过深：")


BOMB = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {  # made when the test runs: some are large
    "a bomb of entities in the text": (lambda: dtd(BOMB, "&e11;"), "DTD"),
    "a bomb of entities in an attribute": (lambda: dtd(BOMB, "</w:t><w:sym w:font='&e11;'/><w:t>"), "DTD"),
    "a bomb of entities in UTF-16": (lambda: dtd(BOMB, "&e11;", encoding="UTF-16"), "DTD"),
    "ten thousand nested tables": (lambda: word("<w:tbl><w:tr><w:tc>" * 10_000), "嵌套过深"),
    "a table with half a million cells": (lambda: word(tbl(*[tr("<w:tc/>" * 1000)] * 500)), "200000"),
    "a table of wide cells": (lambda: word(tbl(tr(*[tc("1", '<w:gridSpan w:val="1000"/>')] * 201))), "200000"),
    "a million elements": (lambda: word("<w:p/>" * 1_000_001), "处标记，超过上限 1000000"),
    "a part of 60 MB": (lambda: word(p(" " * 60_000_000)), "超过上限 50 MB"),
}


@pytest.mark.parametrize(("make", "phrase"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_end_soon(make, phrase):
    data = make()
    started = time.process_time()
    assert phrase in refusal(data)
    assert time.process_time() - started < 5


def test_deep_but_legal_nesting_is_read():
    body = p("底")
    for _ in range(60):
        body = tbl(tr(tc(body + p())))
    assert read(body) == ["底"]


def test_endless_labels_are_cut():
    lists = numbering(level(0, "%1" * 10_000))
    assert read(item("甲"), numbering=lists) == ["1" * 50 + "甲"]


def test_damage_anywhere_is_a_read_error_or_a_document():
    """Every 7th byte turned over: a file is read or refused, nothing else happens."""
    data = word(item("甲") + FIGURES, styles=STYLES, numbering=numbering(level(0, "%1、")))
    outcomes = set()
    for at in range(0, len(data), 7):
        broken = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        try:
            outcomes.add(type(docx.read(broken, "a.docx")))
        except ReadError as error:
            outcomes.add(type(error))
    assert outcomes == {Document, ReadError}


DRESSED = """<w:rPr><w:rFonts w:ascii="宋体"/><w:b/><w:color w:val="FF0000"/><w:sz w:val="24" /></w:rPr>"""


def test_how_text_looks_changes_nothing() -> None:
    plain = p("一、总体情况") + tbl(tr(tc("规章"), tc("0")), tr(tc(p()), tc(p("1") + p("2"))))
    dressed = plain.replace("<w:r>", f"<w:r>{DRESSED}").replace("<w:pPr>", f'<w:pPr><w:jc w:val="left"/>{DRESSED}')
    borders = '<w:tcBorders><w:top w:val="nil"/><w:left w:val="single" w:sz="8"/></w:tcBorders>'
    dressed = dressed.replace("<w:tcPr>", f'<w:tcPr><w:tcW w:w="714" w:type="dxa"/>{borders}<w:vAlign w:val="center"/>')
    assert shown(docx.read(word(dressed), "a.docx")) == shown(docx.read(word(plain), "a.docx"))
    left = DRESS.sub(b"", dressed.encode()).decode()
    assert not [name for name in ("rFonts", "color", "jc", "tcW", "vAlign", "left") if f"<w:{name} " in left]


KEPT = {
    "in a CDATA section": ("<![CDATA[<w:b/>]]>", "<w:b/>"),
    "as text": ("&lt;w:b/&gt;", "<w:b/>"),
    "a sign in an attribute": ("A</w:t></w:r><w:r><w:rPr><w:lang w:val='/>'/></w:rPr><w:t>B", "AB"),
    "a sign in another one": ('A</w:t></w:r><w:r><w:rPr><w:lang w:val="/>" w:eastAsia="a"/></w:rPr><w:t>B', "AB"),
    "an element of text": ("A</w:t><w:tab/><w:br/><w:t>B", "A\t\nB"),
}


@pytest.mark.parametrize(("written", "text"), KEPT.values(), ids=KEPT)
def test_text_is_never_taken_for_looks(written: str, text: str) -> None:
    assert shown(docx.read(word(p(written)), "a.docx")) == [text]
