"""The zip around the XML: opened within limits, or refused with a remedy."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple, TypedDict

from lxml import etree
from lxml.etree import _Element

from linter.errors import Phrase, ReadError
from linter.readers.docx.xml import MATH, W

MAX_PART = 50_000_000
"""The largest XML part that is read, in bytes unpacked; a real report's is below 5 MB."""

MAX_TOTAL = 1_000_000_000
"""The largest size that the parts of the file, pictures too, may declare in all, in bytes unpacked."""

MAX_MARKUP = 1_000_000
"""The most elements and attributes of a part, counted as `<` and `=`; a real report has some 20,000."""

STRICT = b"http://purl.oclc.org/ooxml/"
NAMESPACES = {
    STRICT + b"wordprocessingml/main": W[1:-1].encode(),
    STRICT + b"officeDocument/math": MATH[1:-1].encode(),
}
"""Namespace of a strict document → that of a transitional one: names are all they differ in, as far as text goes."""

MEMBER = re.compile(r"word/(document|styles|numbering)\d*\.xml")  # Word online writes word/document2.xml

DRESS = re.compile(
    rb"<w:(?:rFonts|sz|szCs|b|bCs|i|iCs|u|w|color|kern|lang|highlight|snapToGrid"
    rb"|keepNext|keepLines|widowControl|suppressLineNumbers|spacing|ind|jc|shd"
    rb"|tcW|vAlign|top|left|bottom|right|insideH|insideV|trHeight|gridCol|tblW|tblInd)"
    rb'(?: [^<>="]++="[^<>"]*+")*+/>'
)
"""Elements without content that say how text looks: most of a document, and dropped before it is parsed."""

OLE = b"\xd0\xcf\x11\xe0"


class _Options(TypedDict):
    resolve_entities: bool
    no_network: bool
    load_dtd: bool
    huge_tree: bool
    remove_comments: bool
    remove_pis: bool


SAFELY = _Options(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
)

SAVE_AGAIN = Phrase(
    zh="请用 Word 或 WPS 打开，确认内容完好，再另存为 .docx",
    en="open it in Word or WPS, see that it is complete, and save it as .docx again",
)
UNLOCK = Phrase(
    zh="请用 Word 或 WPS 打开，取消“用密码进行加密”，再保存",
    en="open it in Word or WPS, remove the password under 'Encrypt with Password', and save it",
)
ENCRYPTED = Phrase(zh="文件加了密码，无法读取", en="the file is encrypted with a password")
BROKEN = Phrase(zh="不是 .docx 文件，或文件已损坏", en="this is not a .docx file, or it is damaged")


class Parts(NamedTuple):
    """The parts that matter; None for a root that the file lacks."""

    document: _Element | None
    styles: Iterator[_Element]  # each `w:style`; raises ReadError where the part is malformed
    numbering: _Element | None


def unpack(data: bytes) -> Parts:
    """The parts of a .docx. Raises ReadError."""
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReadError(ENCRYPTED, UNLOCK)
        raise ReadError(
            Phrase(
                zh="这是旧格式的 Office 文件（如 .doc、.wps），只有扩展名是 .docx",
                en="this is an old Office file (such as .doc or .wps) with the suffix .docx",
            ),
            Phrase(
                zh="请把扩展名改回原样，或用 Word、WPS 另存为 .docx",
                en="give it its own suffix back, or save it as .docx in Word or WPS",
            ),
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            total = sum(info.file_size for info in archive.infolist())
            if total > MAX_TOTAL:
                raise _too_large("", total, MAX_TOTAL)
            contents = {part: (info.filename, _content(archive, info)) for part, info in find_parts(archive).items()}
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise ReadError(BROKEN, SAVE_AGAIN) from error
    return Parts(
        document=_undressed(*contents["document"]) if "document" in contents else None,
        styles=_styles(*contents["styles"]) if "styles" in contents else iter(()),
        numbering=_parse(*contents["numbering"]) if "numbering" in contents else None,
    )


def find_parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The members that hold the parts that matter, by part."""
    found: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        if match := MEMBER.fullmatch(info.filename):
            found.setdefault(match[1], info)
    return found


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & 1:
        raise ReadError(ENCRYPTED, UNLOCK)
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:  # all that the standard allows
        raise ReadError(BROKEN, SAVE_AGAIN)
    if info.file_size > MAX_PART:
        raise _too_large(info.filename, info.file_size, MAX_PART)
    with archive.open(info) as stream:
        content = stream.read(MAX_PART)  # zipfile never gives more than the declared size, and checks its sum
    return _made_safe(info.filename, content)


def _too_large(name: str, size: int, limit: int) -> ReadError:
    return ReadError(
        Phrase(
            zh=f"文件解压后{name}有 {size / 1e6:.0f} MB，超过上限 {limit / 1e6:.0f} MB",
            en=f"unpacked, {name or 'the file'} has {size / 1e6:.0f} MB, more than the limit of {limit / 1e6:.0f} MB",
        ),
        SAVE_AGAIN,
    )


def _made_safe(name: str, content: bytes) -> bytes:
    """The part as it may be parsed, in the namespaces of a transitional document."""
    if len(content) > MAX_MARKUP and (markup := content.count(b"<") + content.count(b"=")) > MAX_MARKUP:
        raise ReadError(
            Phrase(
                zh=f"{name} 有 {markup} 处标记，超过上限 {MAX_MARKUP}",
                en=f"{name} has {markup} pieces of markup, more than the limit of {MAX_MARKUP}",
            ),
            SAVE_AGAIN,
        )
    if b"!" in content and b"<!DOCTYPE" in content.replace(b"\0", b""):  # in UTF-16 as well
        raise ReadError(
            Phrase(zh=f"{name} 含有 DTD，为安全起见不读取", en=f"{name} has a DTD, which is not read for safety"),
            SAVE_AGAIN,
        )
    if STRICT in content:
        for strict, transitional in NAMESPACES.items():
            content = content.replace(strict, transitional)
    return content


def _undressed(name: str, content: bytes) -> _Element:
    """The document without DRESS: a regular expression passes over that in half the time that a parser takes."""
    if b"<![CDATA[" not in content:  # in there it would be text
        content = DRESS.sub(b"", content)
    return _parse(name, content)


def _parse(name: str, content: bytes) -> _Element:
    try:
        root: _Element = etree.fromstring(content, etree.XMLParser(**SAFELY))
    except etree.XMLSyntaxError as error:
        raise _malformed(name, error) from error
    return root


def _styles(name: str, content: bytes) -> Iterator[_Element]:
    """The styles in order, parsed as far as they are asked for: behind those of text come many of tables."""
    try:
        for _, style in etree.iterparse(BytesIO(content), tag=W + "style", **SAFELY):
            yield style
    except etree.XMLSyntaxError as error:
        raise _malformed(name, error) from error


def _malformed(name: str, error: etree.XMLSyntaxError) -> ReadError:
    return ReadError(
        Phrase(
            zh=f"{name} 不是完好的 XML，或嵌套过深：{error.msg}",
            en=f"{name} is no well-formed XML, or nests too deep: {error.msg}",
        ),
        SAVE_AGAIN,
    )
