"""One report in every file format, rendered from figures as `layouts` does it for plain text.

The report is the blocks of a document, with the merged cells of the official form; each format prints the same blocks
as an office's own copy would be: saved by an editor, pasted from Word into a site, written by Word, exported as PDF.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from html import escape
from io import BytesIO
from itertools import accumulate

import docx
from layouts import LAYOUTS, PREFACE, PROSE, Figures, Prose, render, table_rows
from lxml import etree
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from linter.document import NOWHERE, Block, Cell, Heading, Paragraph, Table, rows
from linter.template import TableForm, Template

YEARS = {"2019": 2020, "2021": 2023}
"""Edition → the year of its report."""

FRAME = {"disclosure": (0, 1), "requests": (3, 3), "review": (3, 0)}
"""Table → its rows of header and its columns of labels: only there a blank cell belongs to a merged one above it."""


def report(template: Template, year: int, figures: Figures, prose: Prose = PROSE) -> Iterator[Block]:
    """The blocks of the report that `layouts.render` prints as text."""
    yield Heading(f"青川县水务局{year}年政府信息公开工作年度报告", 1, NOWHERE)
    yield Paragraph(PREFACE.format(year=year), NOWHERE)
    for numeral, section in zip("一二三四五六", template.sections, strict=True):
        yield Heading(f"{numeral}、{section.label}", 2, NOWHERE)
        for text in prose.get(section.key, []):
            yield Paragraph(text, NOWHERE)
        for form in template.tables:
            if form.section == section.key:
                yield Table(tuple(cells(form, figures)), NOWHERE)


def cells(form: TableForm, figures: Figures) -> list[Cell]:
    """The cells of a table with the row spans of its merged labels."""
    header, labels = FRAME[form.key]
    merged: list[Cell] = []
    top: dict[tuple[int, int], int] = {}  # (column, colspan) → index of the last cell there
    for number, row in enumerate(table_rows(form, figures)):
        column = 0
        for text, span in row:
            above = top.get((column, span))
            if not text and above is not None and (number < header or column < labels):
                merged[above] = merged[above]._replace(rowspan=merged[above].rowspan + 1)
            else:
                top[column, span] = len(merged)
                merged.append(Cell(text, number, column, NOWHERE, colspan=span))
            column += span
    return merged


def grid(table: Table) -> list[list[Cell]]:
    """The cells that begin in each row."""
    return [[cell for cell in row if cell.row == number] for number, row in enumerate(rows(table))]


# Markdown


def markdown(template: Template, year: int, figures: Figures) -> bytes:
    """Headings and pipe tables, as an editor saves them: a merged cell leaves blanks."""
    parts = []
    for block in report(template, year, figures):
        if isinstance(block, Table):
            wide = max(cell.column + cell.colspan for cell in block.cells)
            lines = []
            for row in grid(block):
                texts = [""] * wide
                for cell in row:
                    texts[cell.column] = cell.text
                lines.append("| " + " | ".join(texts) + " |")
            lines.insert(1, "|" + " --- |" * wide)
            parts.append("\n".join(lines))
        else:
            parts.append("#" * getattr(block, "level", 0) + " " * isinstance(block, Heading) + block.text)
    return ("\n\n".join(parts) + "\n").encode()


# Web pages

PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>青川县水务局政府信息公开年报_青川县人民政府</title>
<style>
table.data {{ border-collapse: collapse; width: 100%; }}
table.data td {{ border: 1px solid #333; padding: 4px; text-align: center; }}
</style>
</head>
<body>
<ul class="nav">
<li><a href="/">首页</a></li>
<li><a href="/xxgk/zn/">政府信息公开指南</a></li>
<li><a href="/xxgk/zd/">政府信息公开制度</a></li>
<li><a href="/xxgk/fd/">法定主动公开内容</a></li>
</ul>
<div class="article">
{body}
</div>
<div class="footer">
<p>主办：青川县人民政府办公室　网站标识码：5108220001</p>
<p><a href="/map/">网站地图</a> | <a href="/contact/">联系我们</a></p>
</div>
</body>
</html>
"""


def html(template: Template, year: int, figures: Figures, prose: Prose = PROSE) -> bytes:
    """A clean page: one tag a cell, merged cells by rowspan and colspan."""
    parts = []
    for block in report(template, year, figures, prose):
        if isinstance(block, Table):
            lines = [
                "<tr>\n"
                + "\n".join(f'  <td align="center"{_spans(cell)}>{escape(cell.text)}</td>' for cell in row)
                + "\n</tr>"
                for row in grid(block)
            ]
            parts.append('<table class="data">\n' + "\n".join(lines) + "\n</table>")
        elif isinstance(block, Heading):
            parts.append(f"<h{block.level}>{block.text}</h{block.level}>")
        else:
            parts.append(f'<p class="text">{block.text}</p>')
    return PAGE.format(body="\n".join(parts)).encode()


def _spans(cell: Cell) -> str:
    rowspan = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    colspan = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return rowspan + colspan


WORD_PAGE = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312">
<title>政府信息公开年报 - 青川县人民政府网站</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<script>var tables = "<table><tr><td>1</td></tr></table>";</script>
</head>
<body lang=ZH-CN style='text-justify-trim:punctuation'>
<table width=1000 border=0 align=center><tr><td colspan=2>
<table><tr><td><a href="/">首页</a></td><td><a href="/xxgk/">政务公开</a></td>
<td><a href="/hd/">互动交流</a></td></tr></table>
</td></tr><tr><td width=200 valign=top>
<ul><li><a href="/zn/">政府信息公开指南</a><li><a href="/zd/">政府信息公开制度</a>
<li><a href="/fd/">法定主动公开内容</a></ul>
</td><td width=800>
<p>当前位置：<a href="/">首页</a>&nbsp;&gt;&nbsp;<a href="/xxgk/">政务公开</a>&nbsp;&gt;&nbsp;县水务局</p>
<table class=meta border=1>
<tr><td>索引号</td><td>008510822/{next}-00007</td><td>组配分类</td><td>部门文件</td></tr>
<tr><td>发布机构</td><td>县水务局</td><td>发文日期</td><td>{next}-01-18</td></tr>
<tr><td>名称</td><td colspan=3>年报</td></tr>
</table>
<div class=TRS_Editor><div class=WordSection1 style='layout-grid:15.6pt'>
{body}
</div></div>
</td></tr><tr><td colspan=2 align=center>
<p>主办：青川县人民政府办公室&nbsp;&nbsp;蜀ICP备05003412号-1</p>
</td></tr></table>
</body>
</html>
"""
FONT = "font-size:9.0pt;font-family:仿宋_GB2312;mso-hansi-font-family:宋体;color:black;letter-spacing:0pt"
RUN = f"<span\nlang=EN-US style='{FONT};mso-font-kerning:0pt;mso-no-proof:yes;mso-ansi-language:ZH-CN'>"
BORDER = "border-top:none;border-left:none;border-bottom:solid windowtext 1.0pt;border-right:solid windowtext 1.0pt"
CELL = (
    f"width:42.55pt;{BORDER};mso-border-top-alt:solid windowtext .5pt;mso-border-left-alt:solid windowtext .5pt;"
    "mso-border-alt:solid windowtext .5pt;mso-border-bottom-alt:solid windowtext .5pt;background:white;"
    "mso-pattern:gray-5 auto;mso-shading:windowtext;mso-cell-special:placeholder;"
    "padding:0cm 5.4pt 0cm 5.4pt;height:19.85pt"
)
ALIGNED = "text-align:center;line-height:15.0pt;mso-line-height-rule:exactly;layout-grid-mode:char;mso-pagination:none"


def word_html(template: Template, year: int, figures: Figures, prose: Prose = PROSE) -> bytes:
    """A site's page with its layout around what an editor pasted from Word: some 300 KB in the charset of old sites."""
    parts = []
    for block in report(template, year, figures, prose):
        if isinstance(block, Table):
            lines = ["<tr style='height:19.85pt'>" + "".join(map(_word_cell, row)) + "</tr>" for row in grid(block)]
            parts.append("<table class=MsoNormalTable border=0 cellspacing=0>\n" + "\n".join(lines) + "\n</table>")
        else:
            parts.append(f"<p class=MsoNormal style='{ALIGNED}'><b>{_word_text(block.text)}</b></p>")
    return WORD_PAGE.format(body="\n".join(parts), next=year + 1).encode("gb18030")


def _word_cell(cell: Cell) -> str:
    text = _word_text(cell.text) if cell.text else f"{RUN}<o:p>&nbsp;</o:p></span>"
    paragraph = f"<p class=MsoNormal align=center style='{ALIGNED}'>{text}</p>"
    return f"<td nowrap{_spans(cell)} style='{CELL}'>\n{paragraph}\n</td>"


def _word_text(text: str) -> str:
    """Runs of figures and of other text in spans of their own, a long figure's last digit in another font."""
    runs = []
    for run in re.findall(r"\d+|\D+", text):
        first, last = (run[:-1], run[-1]) if run.isdecimal() and len(run) > 1 else (run, "")
        runs.append(f"{RUN}{escape(first)}" + (f"<font face=Calibri>{last}</font>" if last else "") + "</span>")
    return "".join(runs) + f"{RUN}<o:p></o:p></span>"


# Word


def word(template: Template, year: int, figures: Figures) -> bytes:
    """A file of Word with cells merged both ways."""
    document = docx.Document()
    for block in report(template, year, figures):
        if isinstance(block, Heading):
            document.add_heading(block.text, block.level - 1)
        elif isinstance(block, Paragraph):
            document.add_paragraph(block.text)
        else:
            _word_table(document, block)
    stream = BytesIO()
    document.save(stream)
    return packed(members(stream.getvalue()))


def _word_table(document: docx.document.Document, table: Table) -> None:
    placed = grid(table)
    wide = max(cell.column + cell.colspan for cell in table.cells)
    native = document.add_table(rows=len(placed), cols=wide, style="Table Grid")
    places = [row.cells for row in native.rows]
    for cell in table.cells:
        first = places[cell.row][cell.column]
        last = places[cell.row + cell.rowspan - 1][cell.column + cell.colspan - 1]
        if first is not last:
            first.merge(last)
        first.text = cell.text


def members(data: bytes) -> dict[str, bytes]:
    """The files in a zip."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of the files, the same at any time."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return stream.getvalue()


_DRESS = """\
<w:dress xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
  <w:r><w:rPr>
    <w:rFonts w:hint="eastAsia" w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体" w:cs="宋体"/><w:color w:val="333333"/>
    <w:kern w:val="0"/><w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar"/>
  </w:rPr></w:r>
  <w:p><w:pPr>
    <w:keepNext w:val="0"/><w:widowControl/><w:suppressLineNumbers w:val="0"/>
    <w:spacing w:before="0" w:beforeAutospacing="0" w:after="0" w:afterAutospacing="0"/>
    <w:ind w:left="0" w:firstLine="420"/><w:jc w:val="center"/>
    <w:rPr><w:rFonts w:hint="eastAsia" w:ascii="宋体" w:hAnsi="宋体"/><w:sz w:val="24"/><w:szCs w:val="24"/></w:rPr>
  </w:pPr></w:p>
  <w:tc><w:tcPr>
    <w:tcBorders>
      <w:top w:val="nil"/><w:left w:val="single" w:color="auto" w:sz="8" w:space="0"/>
      <w:bottom w:val="single" w:color="auto" w:sz="8" w:space="0"/><w:right w:val="nil"/>
    </w:tcBorders>
    <w:shd w:val="clear" w:color="auto" w:fill="auto"/><w:vAlign w:val="center"/>
  </w:tcPr></w:tc>
  <w:tr><w:trPr><w:trHeight w:val="397" w:hRule="atLeast"/></w:trPr></w:tr>
</w:dress>
"""
"""What office programs write into the properties of each run, paragraph, cell and row."""


def dressed(document: bytes) -> bytes:
    """word/document.xml as office programs write it: with properties wherever there can be some."""
    root = etree.fromstring(document)
    for bare in etree.fromstring(_DRESS, etree.XMLParser(remove_blank_text=True)):
        for element in list(root.iter(bare.tag)):
            own = element.find(bare[0].tag)
            if own is None:
                own = etree.Element(bare[0].tag)
                element.insert(0, own)
            own.extend(map(deepcopy, bare[0]))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def only_used(styles: bytes) -> bytes:
    """word/styles.xml with the table styles that the document has, as office programs write it: python-docx has 100."""
    root = etree.fromstring(styles)
    for style in root.findall("w:style[@w:type='table']", root.nsmap):
        if style.find("w:name", root.nsmap).get(f"{{{root.nsmap['w']}}}val") not in {"Normal Table", "Table Grid"}:
            root.remove(style)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def word_filler(template: Template, year: int, *, dress: bool = False) -> Callable[[Figures], bytes]:
    """What `word` renders, much faster: the file is made once, and figures are set into it. `dress`: as `dressed`."""
    names = {address: f"{{{address}}}" for form in template.tables for address in form.addresses()}
    parts = members(word(template, year, names))
    if dress:
        parts["word/document.xml"] = dressed(parts["word/document.xml"])
        parts["word/styles.xml"] = only_used(parts["word/styles.xml"])
    pieces = re.split(r"\{([a-z_.]+)\}", parts["word/document.xml"].decode())

    def fill(figures: Figures) -> bytes:
        texts = (piece if number % 2 == 0 else figures[piece] for number, piece in enumerate(pieces))
        return packed(parts | {"word/document.xml": "".join(texts).encode()}, zipfile.ZIP_STORED)

    return fill


# PDF

SONG = "STSong-Light"
WIDTH, HEIGHT, MARGIN = 595, 842, 62
SMALL, LEADING, PADDING = 9, 12, 5.4
WIDTHS = {10: [39, 62, 105, *[38] * 7], 15: [31] * 15}
"""Columns of a table → their widths in points; other tables share out the page."""


LONG = 20
"""Rows from which on a table is split at a page break, as that of requests; a shorter one goes to the next page."""


def pdf(template: Template, year: int, figures: Figures, prose: Prose = PROSE) -> bytes:
    """Pages with ruled tables; a table that a page break meets goes on below its repeated header."""
    return _Pages(repeat_header=True).draw(report(template, year, figures, prose))


def pdf_row_cut(template: Template, year: int, figures: Figures) -> bytes:
    """Pages with ruled tables; a page break cuts a row in the midst of its label."""
    return _Pages(repeat_header=False).draw(report(template, year, figures))


class _Pages:
    """Draws blocks from the top of the first page on; `y` counts downward."""

    def __init__(self, *, repeat_header: bool) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(SONG))
        self._repeat_header = repeat_header
        self._out = BytesIO()
        self._canvas = Canvas(self._out, pagesize=(WIDTH, HEIGHT), invariant=1)
        self._number = 1
        self._y = float(MARGIN)

    def draw(self, blocks: Iterable[Block]) -> bytes:
        for block in blocks:
            if isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Heading):
                self._text(block.text, 18 if block.level == 1 else 14, 0)
            else:
                self._text(block.text, 12, 24)
        self._close_page()
        self._canvas.save()
        return self._out.getvalue()

    def _close_page(self) -> None:
        self._canvas.setFont(SONG, SMALL)
        self._canvas.drawCentredString(WIDTH / 2, 30, f"- {self._number} -")
        self._canvas.showPage()
        self._number += 1
        self._y = MARGIN

    def _text(self, text: str, size: int, indent: int) -> None:
        for number, line in enumerate(wrapped(text, WIDTH - 2 * MARGIN, size, indent)):
            if self._y + 2 * size > HEIGHT - MARGIN:
                self._close_page()
            self._y += 1.8 * size
            self._write(MARGIN + (0 if number else indent), self._y, line, size)

    def _write(self, x: float, y: float, text: str, size: int) -> None:
        self._canvas.setFont(SONG, size)
        self._canvas.drawString(x, HEIGHT - y, text)

    def _table(self, table: Table) -> None:
        placed = grid(table)
        wide = max(cell.column + cell.colspan for cell in table.cells)
        widths = WIDTHS.get(wide) or [151, *[320 / (wide - 1)] * (wide - 1)]
        xs = list(accumulate(widths, initial=MARGIN))
        lines = {cell: wrapped(cell.text, xs[cell.column + cell.colspan] - xs[cell.column] - 2 * PADDING, SMALL, 0)
                 for cell in table.cells}  # fmt: skip
        tall = [max([len(lines[cell]) for cell in row if cell.rowspan == 1], default=1) for row in placed]
        ys = list(accumulate((LEADING * many + 8 for many in tall), initial=0.0))
        self._y += 14
        header, start = ys[FRAME["requests"][0]], 0.0
        whole = ys[-1] if len(placed) < LONG else 2 * header
        if self._y + whole > HEIGHT - MARGIN:
            self._close_page()
        while start + HEIGHT - MARGIN - self._y < ys[-1]:
            end = self._cut(ys, tall, start + HEIGHT - MARGIN - self._y)
            self._part(table, lines, xs, ys, (start, end))
            self._close_page()
            if self._repeat_header:
                self._part(table, lines, xs, ys, (0, header))
            start = end
        self._part(table, lines, xs, ys, (start, ys[-1]))

    def _cut(self, ys: list[float], tall: list[int], end: float) -> float:
        """Where a page break cuts a table that goes on at height `end`: between rows, or behind a row's first line."""
        if self._repeat_header:
            return max(y for y in ys if y <= end)
        long = (y for y, many in zip(ys, tall, strict=False) if many > 1)
        return max(y for y in long if y + LEADING + 5 <= end) + LEADING + 5

    def _part(
        self,
        table: Table,
        lines: dict[Cell, list[str]],
        xs: list[float],
        ys: list[float],
        span: tuple[float, float],
    ) -> None:
        """What of a table lies between two heights of it: boxes are cut there, and each line is on one side."""
        start, end = span
        shift = self._y - start
        for cell in table.cells:
            left, right = xs[cell.column], xs[cell.column + cell.colspan]
            top, bottom = ys[cell.row], ys[cell.row + cell.rowspan]
            if bottom <= start or top >= end:
                continue
            upper, lower = max(top, start) + shift, min(bottom, end) + shift
            self._canvas.rect(left, HEIGHT - lower, right - left, lower - upper)
            for number, line in enumerate(lines[cell]):
                base = top + LEADING * (number + 1)
                if start < base <= end:
                    self._write(left + PADDING, base + shift, line, SMALL)
        self._y = end + shift


def wrapped(text: str, wide: float, size: int, indent: float) -> list[str]:
    """The text in lines up to `wide` points, a figure kept whole; the first line is indented."""
    lines, line, room = [], "", wide - indent
    for word in re.findall(r"\d+|\D", text):
        if pdfmetrics.stringWidth(line + word, SONG, size) > room and line:
            lines.append(line)
            line, room = "", wide
        line += word
    if lines and len(line) == 1:  # pdfium drops a lone ideograph of a font that the machine does not have
        lines[-1], line = lines[-1][:-1], lines[-1][-1] + line
    return [*lines, line] if line else lines


# All of them


def _layout(name: str) -> Callable[[Template, int, Figures], bytes]:
    return lambda template, year, figures: render(template, year, figures, name).encode()


FORMATS: dict[str, Callable[[Template, int, Figures], bytes]] = {
    "md": markdown,
    "html": html,
    "word.html": word_html,
    "docx": word,
    "pdf": pdf,
    "row-cut.pdf": pdf_row_cut,
    **{f"{name}.txt": _layout(name) for name in LAYOUTS},
}
"""End of a file's name → what renders it."""
