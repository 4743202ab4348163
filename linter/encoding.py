"""Bytes → text, for the formats that are text: UTF-8, UTF-16 and GB18030."""

import codecs
import re

from linter.errors import Phrase, ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_END = re.compile("\r\n|\n|\r|\x85")
_CONTROLS = bytes((*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)))
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")

MAX_CONTROLS = 0.01
"""The share of control characters above which bytes are taken for a binary file."""


def decode(data: bytes, declared: str | None = None) -> str:
    """The text in `data`: by its byte order mark, as `declared`, else UTF-8, else GB18030 (which holds GBK and GB2312).

    Raises ReadError for bytes that are no text.
    """
    text = _decode(data, declared)
    if text is None or (_holds_controls(data) and _is_binary(text[:100_000])):
        raise ReadError(
            Phrase(zh="不是文本文件，或者编码无法识别", en="not a text file, or its encoding is not recognised"),
            Phrase(
                zh="请用记事本或 WPS 打开，另存为 UTF-8 编码的文本，或直接检查原来的 Word、PDF 文件",
                en="save it as UTF-8 text, or check the original Word or PDF file",
            ),
        )
    return text


def _holds_controls(data: bytes) -> bool:
    """Whether a control character may be in the text: quickly seen, and hardly any text has one."""
    return len(data.translate(None, _CONTROLS)) < len(data)


def _is_binary(text: str) -> bool:
    return len(_BINARY.findall(text)) > MAX_CONTROLS * len(text)


def _decode(data: bytes, declared: str | None) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _try(data, encoding)
    if b"\x00" in data[:4000]:
        return _try(data, _utf16_order(data))
    guesses = (declared, "utf-8", "gb18030") if declared else ("utf-8", "gb18030")
    return next((text for encoding in guesses if (text := _try(data, encoding)) is not None), None)


def _utf16_order(data: bytes) -> str:
    """Which UTF-16 it is without a mark: line ends and digits have their zero byte first or second."""
    return "utf-16-le" if data[1:4000:2].count(0) >= data[0:4000:2].count(0) else "utf-16-be"


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def split_lines(text: str) -> list[str]:
    """The lines of `text` as an editor numbers them: ended by CRLF, LF, CR or NEL."""
    lines = text.split("\n") if "\r" not in text and "\x85" not in text else _LINE_END.split(text)
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return lines


def line_starts(text: str) -> list[int]:
    """The offset in `text` at which each line of `split_lines` begins."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


_CODECS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    *((b"", codec) for codec in ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")),
)


def written_in(data: bytes, lines: tuple[str, ...]) -> tuple[bytes, str] | None:
    """(byte order mark, codec) in which `data` says `lines` and from which it encodes again; None where none is."""
    for mark, codec in _CODECS:
        text = _try(data[len(mark) :], codec) if data.startswith(mark) else None
        if text is not None and tuple(split_lines(text)) == lines and mark + text.encode(codec) == data:
            return mark, codec
    return None
