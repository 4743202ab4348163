"""PDF pages → their characters and rules, set upright. Four calls of pdfium a character are the cost."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref
from functools import cache
from itertools import repeat
from math import isfinite, pi
from struct import Struct
from typing import NamedTuple

import pypdfium2_raw as raw  # type: ignore[import-untyped]  # has no stubs

from linter.errors import Phrase, ReadError
from linter.readers.pdf import pdfium
from linter.readers.pdf.drawing import Matrix, rules
from linter.readers.pdf.lattice import Rule
from linter.readers.pdf.pdfium import Pointer
from linter.readers.pdf.runs import Char, Run, runs
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

_SIDES = Struct("4f")  # as FS_RECTF has them: left, top, right, bottom
_LINE_ENDS = {10, 13}
_UNKNOWN = "\ufffd"
_GARBLED = re.compile("[\ufffd\ue000-\uf8ff]")  # also what is for private use


class Edges(NamedTuple):
    """The edges of a page."""

    left: float
    right: float
    middle: float  # of its height
    height: float


class Sheet(NamedTuple):
    """What a page shows, turned so that most of its text is upright."""

    number: int
    edges: Edges
    upright: list[Run]
    turned: list[Run]
    horizontal: list[Rule]
    vertical: list[Rule]


def sheets(data: bytes) -> Iterator[Sheet]:
    """The pages of the PDF file `data`. Raises ReadError, at the end if the characters have no meaning."""
    tally = Tally()
    visible = garbled = 0
    with _opened(data) as document:
        count = raw.FPDF_GetPageCount(document)
        if count > MAX_PAGES:
            raise too_much(f"有 {count} 页", f"it has {count} pages")
        for number in range(1, count + 1):
            sheet = _sheet(document, number, tally)
            text = "".join([run.text for run in sheet.upright + sheet.turned])
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


@contextmanager
def _opened(data: bytes) -> Iterator[Pointer]:
    if b"%PDF-" not in data[:1024]:
        raise ReadError(
            Phrase(zh="文件内容不是 PDF", en="the file's content is no PDF"),
            Phrase(zh="请确认文件类型，重新导出 PDF", en="check its type, or export the PDF again"),
        )
    try:
        with pdfium.opened(data) as document:
            yield document
    except pdfium.PdfiumError as error:
        if error.code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
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


def _sheet(document: Pointer, number: int, tally: Tally) -> Sheet:
    with pdfium.loaded(document, number - 1) as (page, text):
        tally.add(objects=raw.FPDFPage_CountObjects(page))
        by_turns = _characters(text, tally)
        turns = max(by_turns, key=lambda own: len(by_turns[own]), default=0)
        horizontal, vertical = rules(page, _UPRIGHT[turns], tally)
        left, bottom, right, top = pdfium.bounding_box(page)
    if not isfinite(left + bottom + right + top):
        raise _broken()
    middle, left, right, height, _ = _upright((-(bottom + top) / 2, left, right, top - bottom, ""), turns)
    upright = by_turns.pop(turns, [])
    turned = [char for chars in by_turns.values() for char in chars]
    if turns:
        upright = [_upright(char, turns) for char in upright]
        turned = [_upright(char, turns) for char in turned]
    return Sheet(number, Edges(left, right, middle, height), runs(upright), runs(turned), horizontal, vertical)


def _characters(text: Pointer, tally: Tally) -> dict[int, list[Char]]:
    """The characters that the file itself holds (pdfium adds spaces and line ends), by their quarter turns."""
    by_turns: defaultdict[int, list[Char]] = defaultdict(list)
    box = raw.FS_RECTF()
    count = raw.FPDFText_CountChars(text)
    tally.add(chars=count)
    indices = range(count)
    # map calls pdfium faster than a loop does. It fills `box` anew at every step.
    for code, found, angle, failed in zip(
        map(pdfium.char_code, repeat(text), indices),
        map(pdfium.char_box, repeat(text), indices, repeat(byref(box))),
        map(pdfium.char_angle, repeat(text), indices),
        map(pdfium.char_has_no_meaning, repeat(text), indices),
        strict=True,
    ):
        left, top, right, bottom = _SIDES.unpack(box)
        if code in _LINE_ENDS or not found or left == right or not isfinite(left + right + bottom + top + angle):
            continue  # an added space has no width
        turn = _quarters(angle) if angle else 0
        if turn is None:
            continue
        char = (-(bottom + top) / 2, left, right, top - bottom, _UNKNOWN if failed == 1 else _meaning(code))
        by_turns[turn].append(char)
    return by_turns


def _quarters(angle: float) -> int | None:
    """How many quarter turns an angle is; None for text that is neither upright nor turned by quarters."""
    turns = angle / (pi / 2)
    return round(turns) % 4 if abs(turns - round(turns)) <= MAX_SLANT else None


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
    if not turns:
        return char
    middle, left, right, height, text = char
    a, b, c, d, *_ = _UPRIGHT[turns]
    top, bottom = height / 2 - middle, -height / 2 - middle
    x0, x1 = a * left + c * bottom, a * right + c * top
    y0, y1 = b * left + d * bottom, b * right + d * top
    return (y0 + y1) / 2, min(x0, x1), max(x0, x1), abs(y1 - y0), text
