"""The PDF reader: generated pages for each layout, and a real report held against an independent reader."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from linter.document import Document, Paragraph, Table, rows
from linter.errors import ReadError
from linter.readers import pdf
from linter.readers.pdf import lattice, tally
from linter.readers.pdf import pages as pdf_pages

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))

WIDTH, HEIGHT = 595, 842
HUAIAN = Path(__file__).parents[2] / "shared" / "corpus" / "huaian-2024.pdf"

Draw = Callable[[Canvas], None]


def pages(*draws: Draw, **options: object) -> bytes:
    """A PDF whose pages are drawn by `draws`."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), **options)
    for draw in draws:
        canvas.setFont(SONG, 16)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def read(*draws: Draw) -> Document:
    return pdf.read(pages(*draws), "report.pdf")


def all_of(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for each in draws:
            each(canvas)

    return draw


def write(x: float, y: float, *texts: str, size: float = 16, leading: float = 28) -> Draw:
    """Lines of text from (x, y) on, y from the page's top."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(SONG, size)
        for number, text in enumerate(texts):
            canvas.drawString(x, HEIGHT - y - number * leading, text)

    return draw


def stroke(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)


def fill(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.rect(x0 - 0.25, HEIGHT - y1 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5, stroke=0, fill=1)


def dash(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    steps = int(max(x1 - x0, y1 - y0) // 5)
    for step in range(steps):
        at, to = step / steps, (step + 0.6) / steps
        stroke(canvas, x0 + (x1 - x0) * at, y0 + (y1 - y0) * at, x0 + (x1 - x0) * to, y0 + (y1 - y0) * to)


def ruled(
    cells: list[tuple[int, int, int, int, str]],
    xs: list[float],
    ys: list[float],
    rule: Callable[..., None] = stroke,
) -> Draw:
    """A ruled table: each cell is (row, column, rowspan, colspan, text) between the edges `xs` and `ys`."""

    def draw(canvas: Canvas) -> None:
        for row, column, rowspan, colspan, text in cells:
            left, top, right, bottom = xs[column], ys[row], xs[column + colspan], ys[row + rowspan]
            for edge in (
                (left, top, right, top),
                (left, bottom, right, bottom),
                (left, top, left, bottom),
                (right, top, right, bottom),
            ):
                rule(canvas, *edge)
            canvas.setFont(SONG, 10)
            for number, line in enumerate(text.split("\n")):
                canvas.drawString(left + 5.4, HEIGHT - top - 14 - number * 13, line)

    return draw


def table(
    *texts: list[str], x: float = 80, y: float = 100, widths: tuple[float, ...] = (100, 60, 60), **options
) -> Draw:
    """A plain table of rows 24 points high."""
    xs = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
    ys = [y + 24.0 * n for n in range(len(texts) + 1)]
    return ruled([(r, c, 1, 1, text) for r, row in enumerate(texts) for c, text in enumerate(row)], xs, ys, **options)


def texts(document: Document) -> list[object]:
    """Paragraphs as strings, tables as rows of cell texts; a merged cell is in each of its rows."""
    return [
        [[cell.text for cell in row] for row in rows(block)] if isinstance(block, Table) else block.text
        for block in document.blocks
    ]


def spans(block: object) -> list[tuple[int, int, int, int, str]]:
    assert isinstance(block, Table)
    return [(cell.row, cell.column, cell.rowspan, cell.colspan, cell.text) for cell in block.cells]


# Every cell with a digit: pdfium drops turned ideographs of a font that is not embedded, as those of the tests.
FIGURES = [["1.内容", "2.制发", "3.废止"], ["4.规章", "1", "0"], ["5.规范性文件", "1,234", "26.5"]]


def in_form(draw: Draw) -> Draw:
    def through(canvas: Canvas) -> None:
        canvas.beginForm("drawing")
        draw(canvas)
        canvas.endForm()
        canvas.saveState()
        canvas.translate(20, -30)
        canvas.doForm("drawing")
        canvas.restoreState()

    return through


def turned(draw: Draw, degrees: int) -> Draw:
    """The drawing turned counter-clockwise on the page, as a landscape table on an upright page."""

    def through(canvas: Canvas) -> None:
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(degrees)
        canvas.translate(-WIDTH / 2, -HEIGHT / 2)
        draw(canvas)

    return through


def double(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    stroke(canvas, x0, y0, x1, y1)
    stroke(canvas, x0 + 1.5, y0 + 1.5, x1 + 1.5, y1 + 1.5)


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(table(*FIGURES), id="strokes"),
        pytest.param(table(*FIGURES, rule=fill), id="thin filled rectangles"),
        pytest.param(table(*FIGURES, rule=dash), id="dashes"),
        pytest.param(table(*FIGURES, rule=double), id="double rules"),
        pytest.param(in_form(table(*FIGURES)), id="inside a form"),
        pytest.param(turned(table(*FIGURES, y=300), 90), id="turned left"),
        pytest.param(turned(table(*FIGURES, y=300), 180), id="upside down"),
        pytest.param(turned(table(*FIGURES, y=300), 270), id="turned right"),
        pytest.param(all_of(lambda c: c.setPageRotation(90), turned(table(*FIGURES, y=300), 90)), id="rotated page"),
    ],
)
def test_a_table_however_it_is_drawn(draw: Draw) -> None:
    assert texts(read(draw)) == [FIGURES]


def test_cells_drawn_as_stroked_rectangles() -> None:
    def draw(canvas: Canvas) -> None:
        for column, text in enumerate(["甲方", "乙方", "丙方"]):
            canvas.rect(80 + 60 * column, 700, 60, 24)
            canvas.drawString(90 + 60 * column, 706, text)

    assert texts(read(draw)) == [[["甲方", "乙方", "丙方"]]]


MERGED = [
    (0, 0, 2, 2, "（本列数据的\n勾稽关系）"),
    (0, 2, 1, 3, "申请人情况"),
    (1, 2, 1, 1, "自然人"),
    (1, 3, 1, 1, "企业"),
    (1, 4, 1, 1, "总计"),
    (2, 0, 2, 1, "办理"),
    (2, 1, 1, 1, "公开"),
    (2, 2, 1, 1, "12"),
    (2, 3, 1, 1, ""),
    (2, 4, 1, 1, "12"),
    (3, 1, 1, 1, "其他"),
    (3, 2, 1, 1, "1"),
    (3, 3, 1, 1, "0"),
    (3, 4, 1, 1, "1"),
]
MERGED_XS = [80.0, 120, 200, 250, 300, 350]


def test_merged_cells_have_true_spans() -> None:
    document = read(ruled(MERGED, MERGED_XS, [100, 130, 160, 190, 220]))
    assert spans(document.blocks[0]) == MERGED


def test_open_sides_are_closed() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (100, 124, 148):
            stroke(canvas, 80, y, 240, y)
        stroke(canvas, 160, 100, 160, 148)
        write(90, 116, "规章", size=10)(canvas)
        write(170, 116, "3", size=10)(canvas)
        write(90, 140, "许可", size=10)(canvas)
        write(170, 140, "47", size=10)(canvas)

    assert texts(read(draw)) == [[["规章", "3"], ["许可", "47"]]]


def frame(x0: float, y0: float, x1: float, y1: float) -> Draw:
    return lambda canvas: canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0)


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        pytest.param(
            all_of(frame(70, 80, 520, 200), write(80, 110, "本报告由办公室编制。", "欢迎来电。")),
            ["本报告由办公室编制。", "欢迎来电。"],
            id="a box around prose",
        ),
        pytest.param(
            all_of(frame(20, 20, 575, 822), write(80, 80, "二、主动公开"), table(*FIGURES), write(80, 220, "三、申请")),
            ["二、主动公开", FIGURES, "三、申请"],
            id="a frame around the page",
        ),
        pytest.param(
            all_of(
                frame(70, 80, 520, 160),
                lambda c: stroke(c, 70, 120, 520, 120),
                write(80, 105, "甲方", "乙方。", leading=40),
            ),
            ["甲方", "乙方。"],
            id="a box with one column",
        ),
        pytest.param(
            all_of(
                frame(70, 80, 400, 160),
                lambda c: stroke(c, 70, 120, 400, 120),
                write(80, 105, "规章", "许可", leading=40),
                write(200, 105, "1", "47", leading=40),
                write(300, 105, "0", "9", leading=40),
            ),
            ["规章 1 0", "许可 47 9"],
            id="no inner vertical rules: lines, no guessed cells",
        ),
        pytest.param(
            all_of(write(80, 100, "合计 12 件"), lambda c: stroke(c, 80, 103, 160, 103)),
            ["合计 12 件"],
            id="an underline",
        ),
    ],
)
def test_not_every_rule_makes_a_table(draw: Draw, expected: list[object]) -> None:
    assert texts(read(draw)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("三、\n本年\n度办", "三、本年度办", id="a vertical label is one word"),
        pytest.param("1\n2\n3", "1\n2\n3", id="numbers below one another stay apart"),
        pytest.param("本年新\n制作数量", "本年新\n制作数量", id="a wrapped label"),
        pytest.param("结\u00a0果 ", "结\u00a0果", id="a no-break space is kept"),
        pytest.param("12 34", "12 34", id="two numbers on a line stay apart"),
        pytest.param("⾏政复议", "行政复议", id="a radical stands for its ideograph"),
    ],
)
def test_text_of_a_cell(text: str, expected: str) -> None:
    document = read(ruled([(0, 0, 1, 1, text), (0, 1, 1, 1, "7")], [80, 200, 260], [100, 200]))
    assert texts(document) == [[[expected, "7"]]]


HEAD = ["信息内容", "制发", "废止"]
WRAPPED = "要求行政机关确认或"  # as wide as its cell


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        pytest.param(
            [HEAD, ["规章", "1", "0"]], [["许可", "5", "6"]], [HEAD, ["规章", "1", "0"], ["许可", "5", "6"]], id="rows"
        ),
        pytest.param(
            [HEAD, [WRAPPED, "1", "0"]],
            [["重新出具", "", ""]],
            [HEAD, [WRAPPED + "\n重新出具", "1", "0"]],
            id="a row cut, numbers above",
        ),
        pytest.param(
            [HEAD, [WRAPPED, "", ""]],
            [["重新出具", "1", "0"]],
            [HEAD, [WRAPPED + "\n重新出具", "1", "0"]],
            id="a row cut, numbers below",
        ),
        pytest.param(
            [HEAD, ["行政处罚", "", ""]],
            [["行政强制", "8", "3"]],
            [HEAD, ["行政处罚", "", ""], ["行政强制", "8", "3"]],
            id="a blank row is a row",
        ),
        pytest.param(
            [HEAD, [WRAPPED, "1", "2"]],
            [["2.重复申请", "", ""]],
            [HEAD, [WRAPPED, "1", "2"], ["2.重复申请", "", ""]],
            id="a blank new item is a row",
        ),
        pytest.param(
            [HEAD, [WRAPPED, "", ""]],
            [["重新出具", "", ""]],
            [HEAD, [WRAPPED, "", ""], ["重新出具", "", ""]],
            id="an empty form is not joined",
        ),
        pytest.param(
            [HEAD, ["规章", "1", "0"]],
            [HEAD, ["许可", "5", "6"]],
            [HEAD, ["规章", "1", "0"], HEAD, ["许可", "5", "6"]],
            id="a repeated header",
        ),
    ],
)
def test_a_table_over_two_pages_is_one(
    upper: list[list[str]], lower: list[list[str]], expected: list[list[str]]
) -> None:
    document = read(
        all_of(table(*upper, y=700), write(280, 815, "- 1 -", size=10)),
        all_of(table(*lower, x=81.5, y=80), write(280, 815, "- 2 -", size=10)),
    )
    assert texts(document) == [expected]


def test_a_merged_label_goes_on_after_the_page_break() -> None:
    xs = [80.0, 130, 220, 270]
    upper = [
        (0, 0, 1, 2, "一、新收"),
        (0, 2, 1, 1, "9"),
        (1, 0, 1, 1, "（四）"),
        (1, 1, 1, 1, "1.不掌握"),
        (1, 2, 1, 1, "746"),
    ]
    lower = [
        (0, 0, 2, 1, "无法提供"),
        (0, 1, 1, 1, "2.另行制作"),
        (0, 2, 1, 1, "11"),
        (1, 1, 1, 1, "3.不明确"),
        (1, 2, 1, 1, "1"),
    ]
    document = read(ruled(upper, xs, [700, 730, 760]), ruled(lower, xs, [80, 110, 140]))
    assert [spans(block) for block in document.blocks] == [
        [
            (0, 0, 1, 2, "一、新收"),
            (0, 2, 1, 1, "9"),
            (1, 0, 3, 1, "（四）\n无法提供"),
            (1, 1, 1, 1, "1.不掌握"),
            (1, 2, 1, 1, "746"),
            (2, 1, 1, 1, "2.另行制作"),
            (2, 2, 1, 1, "11"),
            (3, 1, 1, 1, "3.不明确"),
            (3, 2, 1, 1, "1"),
        ]
    ]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        pytest.param(table(*FIGURES, y=700), table(*FIGURES, y=80, widths=(100, 60, 90)), id="other width"),
        pytest.param(table(*FIGURES, y=700), all_of(write(80, 70, "四、复议"), table(*FIGURES)), id="text between"),
        pytest.param(table(*FIGURES, y=700), table(*FIGURES, y=80, widths=(70, 80, 70)), id="other columns"),
    ],
)
def test_two_tables_stay_two(upper: Draw, lower: Draw) -> None:
    assert [block for block in texts(read(upper, lower)) if isinstance(block, list)] == [FIGURES, FIGURES]


FULL = "市政府网站主动公开各类政府信息五千五百余条，全年新增公开"  # the width of the frame
NEXT = "政府规章一件，政策解读二十一个，召开新闻发布会十二场，回应"


@pytest.mark.parametrize(
    ("draws", "expected"),
    [
        pytest.param(
            [write(74, 100, FULL, NEXT, "规章。", "二、")], [FULL + NEXT + "规章。", "二、"], id="full lines go on"
        ),
        pytest.param(
            [all_of(write(74, 100, FULL, NEXT), write(106, 156, FULL[:26]))],
            [FULL + NEXT, FULL[:26]],
            id="an indent begins one",
        ),
        pytest.param(
            [all_of(write(74, 100, FULL, NEXT), write(74, 190, FULL))], [FULL + NEXT, FULL], id="a gap begins one"
        ),
        pytest.param(
            [all_of(write(200, 100, "某县人民政府", "2024 年报告"), write(74, 156, FULL, NEXT))],
            ["某县人民政府", "2024 年报告", FULL + NEXT],
            id="centred lines stay apart",
        ),
        pytest.param(
            [write(74, 600, FULL, NEXT), write(74, 100, "规章。", FULL, NEXT)],
            [FULL + NEXT + "规章。", FULL + NEXT],
            id="over the page",
        ),
        pytest.param(
            [write(74, 100, FULL[:23] + "a" * 10, "policy" + FULL[:25], FULL[:24] + "well-", "known" + FULL[:25])],
            [FULL[:23] + "a" * 10 + " policy" + FULL[:25] + FULL[:24] + "well-known" + FULL[:25]],
            id="words by a space",
        ),
        pytest.param(
            [write(74, 100, FULL, NEXT[:22] + " 12", "34 件。")],
            [FULL + NEXT[:22] + " 12", "34 件。"],
            id="a short line",
        ),
        pytest.param(
            [write(74, 100, FULL, NEXT[:-1] + "。", "六、其他需要报告的事项")],
            [FULL + NEXT[:-1] + "。", "六、其他需要报告的事项"],
            id="a heading behind a sentence that fills its line",
        ),
        pytest.param(
            [write(74, 100, FULL[:-2] + "第十", "二、十三条规定的事项。")],
            [FULL[:-2] + "第十二、十三条规定的事项。"],
            id="a numeral in a sentence",
        ),
    ],
)
def test_lines_become_paragraphs(draws: list[Draw], expected: list[str]) -> None:
    assert texts(read(*draws)) == expected


@pytest.mark.parametrize("form", ["- {} -", "第 {} 页", "{}", "—{}—", "第{}页 共3页", "{}/3"])
@pytest.mark.parametrize("y", [30, 815])
def test_page_numbers_are_dropped(form: str, y: float) -> None:
    body = ["甲。", "乙。", "丙。"]
    draws = [all_of(write(74, 300, text), write(280, y, form.format(n), size=10)) for n, text in enumerate(body, 1)]
    assert texts(read(*draws)) == body


def test_running_headers_are_dropped() -> None:
    draws = [
        all_of(write(74, 40, "某县 2024 年报告", size=9), write(74, 300, text), write(400, 815, f"公开办 {n}", size=9))
        for n, text in enumerate(["甲。", "乙。", "丙。"], 1)
    ]
    assert texts(read(*draws)) == ["甲。", "乙。", "丙。"]


def test_what_only_looks_like_a_running_line_is_kept() -> None:
    document = read(write(74, 60, "共 12 件。"), write(74, 60, "共 34 件。"), write(74, 400, "2024"))
    assert texts(document) == ["共 12 件。", "共 34 件。", "2024"]


def bold(canvas: Canvas) -> None:
    table(*FIGURES)(canvas)
    canvas.translate(0.3, 0)
    table(*FIGURES)(canvas)


def watermark(canvas: Canvas) -> None:
    table(*FIGURES)(canvas)
    canvas.translate(90, 640)
    canvas.rotate(40)
    canvas.setFont(SONG, 40)
    canvas.drawString(0, 0, "内部资料 2023")


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(bold, id="bold by printing twice"),
        pytest.param(watermark, id="a watermark across"),
        pytest.param(
            all_of(table(*FIGURES), lambda c: (c.setFont(SONG, 5), c.drawString(191, HEIGHT - 135, "1"))),
            id="a note's mark",
        ),
    ],
)
def test_no_figure_is_changed_by(draw: Draw) -> None:
    assert texts(read(draw)) == [FIGURES]


def test_places_name_page_table_row_and_column() -> None:
    document = read(
        all_of(write(74, 60, "一、概况"), table(*FIGURES), write(74, 220, "二、公开")),
        all_of(table(HEAD, ["规章", "1", "0"], y=700)),
        all_of(table(["许可", "5", "6"], y=80)),
    )
    assert [(block.at.page, block.at.where) for block in document.blocks] == [
        (1, "第1页"),
        (1, "第1页 表1"),
        (1, "第1页"),
        (2, "第2页 表2"),
    ]
    last = document.blocks[-1]
    assert isinstance(last, Table)
    cell = last.cells[-1]
    assert (cell.text, cell.at.page, cell.at.where) == ("6", 3, "第3页 表2 第3行第3列")
    assert document.lines[cell.at.line - 1][cell.at.column - 1 : cell.at.end_column - 1] == "6"


def hostile(name: str) -> bytes:
    """PDF files written by hand, without a cross-reference that holds."""
    resources = b"/Resources<</XObject<</F 5 0 R>>>>"
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%b/Length 11>>stream\n/F Do /F Do\nendstream" % resources
    kids = b"2 0 R 2 0 R 3 0 R" if name == "page loop" else b"" if name == "no page" else b"3 0 R"
    count = b"1000000" if name == "page loop" else b"1"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count " + count + b">>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R%b>>" % resources,
        b"<</Length 5>>stream\n/F Do\nendstream",
        form,
    ]
    body = b"%PDF-1.5\n"
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + b"xref\n0 6\n0000000000 65535 f \n" + table + end


REPORT = pages(write(74, 100, "年度报告"))


@pytest.mark.parametrize(
    ("data", "phrase", "remedy"),
    [
        pytest.param(b"PK\x03\x04 a Word file", "文件内容不是 PDF", "请确认文件类型，重新导出 PDF", id="no PDF"),
        pytest.param(
            REPORT[: len(REPORT) // 4], "PDF 已损坏、不完整或没有页面", "请重新下载或重新导出", id="cut short"
        ),
        pytest.param(hostile("no page"), "PDF 已损坏、不完整或没有页面", "请重新下载或重新导出", id="no page"),
        pytest.param(
            pages(write(74, 100, "年度报告"), encrypt=StandardEncryption("secret")),
            "PDF 已加密，需要密码",
            "请另存为不加密的 PDF",
            id="encrypted",
        ),
        pytest.param(
            pages(lambda canvas: canvas.rect(100, 100, 300, 300, fill=1)),
            "PDF 没有文字层（可能是扫描件）",
            "请先做文字识别（OCR），或用 Word 原件",
            id="scanned",
        ),
        pytest.param(
            pages(write(74, 100, "\ue001\ue002\ue003年")),
            "PDF 的字体没有文字编码，取出的是乱码",
            "请用 Word 原件，或重新导出 PDF",
            id="characters of private use",
        ),
        pytest.param(
            hostile("page loop"),
            "PDF 有 1000000 页，不像一份年报",
            "请检查是否选对文件，或提供 Word 原件",
            id="a page loop",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_remedy(data: bytes, phrase: str, remedy: str) -> None:
    with pytest.raises(ReadError) as caught:
        pdf.read(data, "report.pdf")
    assert (caught.value.phrase.zh, caught.value.remedy.zh) == (phrase, remedy)


def test_a_drawing_that_contains_itself_is_stopped_and_the_next_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 1.5)
    with pytest.raises(ReadError) as caught:
        pdf.read(hostile("drawing"), "report.pdf")
    assert caught.value.phrase.zh == "PDF 结构异常：读取超过 2 秒、占用内存过多或使程序出错"
    assert texts(pdf.read(REPORT, "report.pdf")) == ["年度报告"]


@pytest.mark.parametrize(
    ("module", "limit", "value", "phrase"),
    [
        (pdf_pages, "MAX_PAGES", 0, "PDF 有 1 页，不像一份年报"),
        (tally, "MAX_OBJECTS", 10, "PDF 有超过 10 个图形对象，不像一份年报"),
        (tally, "MAX_CHARS", 3, "PDF 有超过 3 个字符，不像一份年报"),
        (lattice, "MAX_CROSSINGS", 5, "PDF 第 1 页线条太多，不像一份年报"),
        (lattice, "MAX_PLACES", 5, "PDF 第 1 页线条太多，不像一份年报"),
    ],
)
def test_limits(monkeypatch: pytest.MonkeyPatch, module: object, limit: str, value: int, phrase: str) -> None:
    monkeypatch.setattr(module, limit, value)
    with pytest.raises(ReadError) as caught:
        pdf.read_here(pages(table(*FIGURES)), "report.pdf")
    assert caught.value.phrase.zh == phrase


def test_the_fonts_of_the_machine_do_not_matter() -> None:
    # A font of the machine gives each character a height of its own, the one in pdfium the same to all.
    program = (
        "import sys; from linter.readers.pdf.pages import sheets\n"
        "sheet, = sheets(sys.stdin.buffer.read())\n"
        "print(ascii([(run.text, run.even) for run in sheet.upright]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=pages(write(74, 100, "一年，公开")), capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == ascii([("一年，公开", True)])


needs_corpus = pytest.mark.skipif(not HUAIAN.exists(), reason="the shared corpus is not there")


@needs_corpus
def test_a_real_report_has_its_blocks() -> None:
    document = pdf.read(HUAIAN.read_bytes(), HUAIAN.name)
    paragraphs = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    disclosure, requests, review = (block for block in document.blocks if isinstance(block, Table))
    assert paragraphs[:2] == ["淮安市人民政府", "2024 年政府信息公开工作年度报告"]
    assert len(paragraphs) == 18
    claim = "答复 3050 件（含上年度结转申请 34 件，另有 103 件顺延到下年度答复）"
    assert [claim in text for text in paragraphs].count(True) == 1
    assert [row[1:] for row in figures(disclosure)] == [["0", "11"], ["26", "66"], [], [], [], []]
    assert figures(review) == [["72", "64", "178", "37", "351", "13", "4", "8", "1", "26", "12", "1", "1", "6", "20"]]
    assert [cell.text for cell in rows(requests)[5]][:2] == ["三、本年度办理结果", "（一）予以公开"]
    assert {block.at.page for block in (disclosure, requests, review)} == {3, 4, 5}
    assert len(figures(requests)) == 25


def figures(block: Table) -> list[list[str]]:
    """The numbers of each row that has some."""
    found = [[cell.text for cell in row if re.fullmatch(r"[\d.]+", cell.text)] for row in rows(block)]
    return [row for row in found if row]


@needs_corpus
def test_a_real_reports_figures_are_those_of_an_independent_reader() -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    document = pdf.read(HUAIAN.read_bytes(), HUAIAN.name)
    _, requests, _ = (block for block in document.blocks if isinstance(block, Table))
    with pdfplumber.open(HUAIAN) as other:
        text = "\n".join(page.extract_text() for page in other.pages)
    expected = re.findall(r"(?:^|\s)(\d+(?: \d+){6})$", text, re.MULTILINE)
    assert [" ".join(row) for row in figures(requests)] == expected[:25]


def test_one_process_reads_all_files_and_a_dead_one_is_replaced() -> None:
    ids = []
    for kill in (False, True, False):
        assert texts(pdf.read(REPORT, "report.pdf")) == ["年度报告"]
        server = pdf._servers[os.getpid()]
        ids.append(server.pid)
        if kill:
            server.kill()
            server.wait()
    assert (ids[0] == ids[1], ids[1] == ids[2]) == (True, False)


ABANDONED = """
import sys
from linter.readers import pdf

pdf.MAX_SECONDS = 2.0
print(pdf._server().pid, flush=True)
pdf.read(sys.stdin.buffer.read(), "report.pdf")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timer that ends a process")
def test_a_process_that_nobody_can_stop_any_more_stops_itself() -> None:
    with subprocess.Popen([sys.executable, "-c", ABANDONED], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asking:
        assert asking.stdin
        assert asking.stdout
        asking.stdin.write(hostile("drawing"))
        asking.stdin.close()
        reading = int(asking.stdout.readline())
        time.sleep(0.5)
        asking.kill()
    assert is_running(reading)
    deadline = time.monotonic() + 30
    while is_running(reading) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_running(reading)


def is_running(process: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state.strip()) and not state.startswith("Z")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork")
def test_a_fork_has_a_process_of_its_own_also_while_the_first_one_reads() -> None:
    assert texts(pdf.read(REPORT, "report.pdf")) == ["年度报告"]
    own = pdf._servers[os.getpid()].pid
    with pdf._locks[os.getpid()]:  # as another thread would hold it
        child = os.fork()
        if not child:
            signal.alarm(30)  # rather than wait for ever
            read_well = texts(pdf.read(REPORT, "report.pdf")) == ["年度报告"] and pdf._servers[os.getpid()].pid != own
            os._exit(not read_well)
        assert os.waitpid(child, 0)[1] == 0
    assert texts(pdf.read(REPORT, "report.pdf")) == ["年度报告"]
    assert pdf._servers[os.getpid()].pid == own


def test_a_bug_of_ours_is_told_with_its_traceback_and_the_next_file_is_read() -> None:
    with pytest.raises(RuntimeError, match=r"(?s)Traceback .*pages\.py.*TypeError"):
        pdf.read("text, no bytes", "report.pdf")
    assert texts(pdf.read(REPORT, "report.pdf")) == ["年度报告"]


@pytest.mark.parametrize(
    "outcome", [pytest.param("os.abort()", id="a crash"), pytest.param("[0] * 10**12", id="memory")]
)
def test_what_ends_the_process_that_reads_is_the_files_fault(monkeypatch: pytest.MonkeyPatch, outcome: str) -> None:
    failing = f"import os, linter.readers.pdf as pdf; pdf.read_here = lambda data, path: {outcome}; pdf.serve()"
    monkeypatch.setattr(pdf, "_SERVER", f"import sys; sys.path.insert(0, sys.argv[1]); {failing}")
    pdf._stop()
    with pytest.raises(ReadError) as caught:
        pdf.read(REPORT, "report.pdf")
    assert caught.value.phrase.zh == "PDF 结构异常：读取超过 20 秒、占用内存过多或使程序出错"


def blown_up(draw: Draw) -> Draw:
    def through(canvas: Canvas) -> None:
        write(74, 100, "年度报告")(canvas)
        for _ in range(12):
            canvas._code.append("99999999 0 0 99999999 99999999 99999999 cm")
        draw(canvas)

    return through


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(write(74, 300, "合计 12 件"), id="text"),
        pytest.param(table(*FIGURES), id="a table"),
        pytest.param(table(*FIGURES, rule=fill), id="a filled table"),
        pytest.param(in_form(table(*FIGURES)), id="a form"),
    ],
)
def test_what_is_drawn_beyond_all_numbers_is_not_there(draw: Draw) -> None:
    assert texts(read(blown_up(draw))) == ["年度报告"]
