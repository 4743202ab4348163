"""PDF pages → their characters and rules, set upright: all that is read through pypdfium2.

Its raw interface is used: four calls a character are the cost.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from itertools import repeat
from math import isfinite, pi
from typing import NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # has no stubs
from pypdfium2 import raw

from linter.errors import Phrase, ReadError
from linter.readers.pdf.drawing import Matrix, rules
from linter.readers.pdf.lattice import Rule
from linter.readers.pdf.lines import Char
from linter.readers.pdf.tally import Tally, too_much

MAX_PAGES = 500
"""The most pages of a report; real ones have below 30."""

MAX_GARBLED = 0.1
"""The share of characters without a Unicode meaning from which on the text layer counts as unreadable."""

MAX_SLANT = 0.05
"""Quarter turns by which text may miss the upright or a quarter turn; text at an angle is a watermark."""

_RADICALS = str.maketrans(
    "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳", "母民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟"
)
"""Radicals that some PDF printers write for the ideograph of the same shape; NFKC knows only the other block."""

_UPRIGHT: tuple[Matrix, ...] = (
    (1, 0, 0, -1, 0, 0),
    (0, -1, -1, 0, 0, 0),
    (-1, 0, 0, 1, 0, 0),
    (0, 1, 1, 0, 0, 0),
)
"""Quarter turns clockwise that the page's text is rotated by → the matrix that sets it upright, y downward."""

_LINE_ENDS = {10, 13}
_UNKNOWN = "\ufffd"
_GARBLED = re.compile("[\ufffd\ue000-\uf8ff]")  # also what is for private use


class Sheet(NamedTuple):
    """What a page shows, turned so that most of its text is upright."""

    number: int
    frame: Char  # the page's edges
    upright: list[Char]
    turned: list[Char]
    horizontal: list[Rule]
    vertical: list[Rule]


def sheets(data: bytes) -> Iterator[Sheet]:
    """The pages of the PDF file `data`. Raises ReadError, at the end if the characters have no meaning."""
    tally = Tally()
    visible = garbled = 0
    with closing(_open(data)) as document:
        if len(document) > MAX_PAGES:
            raise too_much(f"有 {len(document)} 页", f"it has {len(document)} pages")
        for number in range(1, len(document) + 1):
            try:
                sheet = _sheet(document, number, tally)
            except pdfium.PdfiumError as error:
                raise _broken() from error
            text = "".join([char.text for char in sheet.upright + sheet.turned])
            visible += len(text)
            garbled += len(_GARBLED.findall(text))
            yield sheet
    if garbled > MAX_GARBLED * visible:
        raise ReadError(
            Phrase(
                zh="PDF 的字体没有文字编码，取出的是乱码", en="the PDF's fonts do not say which characters they show"
            ),
            Phrase(zh="请用 Word 原件，或重新导出 PDF", en="use the original Word file, or export the PDF again"),
        )


def _open(data: bytes) -> pdfium.PdfDocument:
    if b"%PDF-" not in data[:1024]:
        raise ReadError(
            Phrase(zh="文件内容不是 PDF", en="the file's content is no PDF"),
            Phrase(zh="请确认文件类型，重新导出 PDF", en="check its type, or export the PDF again"),
        )
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
            raise ReadError(
                Phrase(zh="PDF 已加密，需要密码", en="the PDF is encrypted with a password"),
                Phrase(zh="请另存为不加密的 PDF", en="save it without a password"),
            ) from error
        raise _broken() from error


def _broken() -> ReadError:
    return ReadError(
        Phrase(zh="PDF 已损坏、不完整或没有页面", en="the PDF is broken, cut short or without pages"),
        Phrase(zh="请重新下载或重新导出", en="download or export it again"),
    )


def _sheet(document: pdfium.PdfDocument, number: int, tally: Tally) -> Sheet:
    with closing(document[number - 1]) as page:
        tally.add(objects=raw.FPDFPage_CountObjects(page))
        with closing(page.get_textpage()) as text:
            by_turns = _characters(text.raw, tally)
        turns = max(by_turns, key=lambda own: len(by_turns[own]), default=0)
        horizontal, vertical = rules(page.raw, _UPRIGHT[turns], tally)
        left, bottom, right, top = page.get_bbox()
    if not isfinite(left + bottom + right + top):
        raise _broken()
    frame = Char(-(bottom + top) / 2, left, right, top - bottom, "")
    upright = by_turns.pop(turns, [])
    turned = [char for chars in by_turns.values() for char in chars]
    if turns:
        frame = _upright(frame, turns)
        upright = [_upright(char, turns) for char in upright]
        turned = [_upright(char, turns) for char in turned]
    return Sheet(number, frame, upright, turned, horizontal, vertical)


def _characters(text: object, tally: Tally) -> dict[int, list[Char]]:
    """The characters that the file itself holds (pdfium adds spaces and line ends), by their quarter turns."""
    by_turns: dict[int, list[Char]] = {}
    box = raw.FS_RECTF()
    count = raw.FPDFText_CountChars(text)
    tally.add(chars=count)
    indices = range(count)
    # map calls pdfium faster than a loop does. It fills `box` anew at every step.
    for code, found, angle, failed in zip(
        map(raw.FPDFText_GetUnicode, repeat(text), indices),
        map(raw.FPDFText_GetLooseCharBox, repeat(text), indices, repeat(box)),
        map(raw.FPDFText_GetCharAngle, repeat(text), indices),
        map(raw.FPDFText_HasUnicodeMapError, repeat(text), indices),
        strict=True,
    ):
        left, right, bottom, top = box.left, box.right, box.bottom, box.top
        if code in _LINE_ENDS or not found or left == right or not isfinite(left + right + bottom + top + angle):
            continue  # an added space has no width
        turns = angle / (pi / 2)
        turn = round(turns)
        if abs(turns - turn) > MAX_SLANT:
            continue
        char = Char(-(bottom + top) / 2, left, right, top - bottom, _UNKNOWN if failed == 1 else _meaning(code))
        by_turns.setdefault(turn % 4, []).append(char)
    return by_turns


@cache
def _meaning(code: int) -> str:
    """The character for a code that pdfium reports; U+FFFD for what has no meaning, so that no figure comes of it."""
    if code in {0x02, 0xFFFE}:
        return "-"  # pdfium's marks for a hyphen at the end of a line
    if code < 32 or 0xD800 <= code < 0xE000 or code == 0xFFFF or code > 0x10FFFF:
        return _UNKNOWN
    char = chr(code)
    return unicodedata.normalize("NFKC", char.translate(_RADICALS)) if 0x2E80 <= code < 0x2FE0 else char


def _upright(char: Char, turns: int) -> Char:
    """A character of a page whose text is turned clockwise by so many quarters, in the upright page."""
    a, b, c, d, *_ = _UPRIGHT[turns]
    top, bottom = char.height / 2 - char.middle, -char.height / 2 - char.middle
    x0, x1 = a * char.left + c * bottom, a * char.right + c * top
    y0, y1 = b * char.left + d * bottom, b * char.right + d * top
    return Char((y0 + y1) / 2, min(x0, x1), max(x0, x1), abs(y1 - y0), char.text)
