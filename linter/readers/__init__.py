"""Readers: bytes of a file → Document, chosen by the file's suffix.

Each reader is a module with `read(data: bytes, path: str) -> Document` that raises ReadError. It is imported when the
first file of its format is read, so that a text report does not pay for PDF.
"""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import BinaryIO

from linter.document import Document
from linter.errors import Phrase, ReadError

READERS = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".docx": "docx",
    ".pdf": "pdf",
    ".doc": "docx",
    ".wps": "docx",
    ".rtf": "docx",
    ".odt": "docx",
}
"""File suffix, in lower case → module of this package."""

OLD_WORD = frozenset({".doc", ".wps", ".rtf", ".odt"})
"""Suffixes that say little: by its content the file is read as what it is, or made a .docx by LibreOffice before."""

MAX_BYTES = 20_000_000
"""The largest file that is read; the largest real reports are below 5 MB."""


def read(data: bytes, path: str) -> Document:
    """The document in `data`; `path` gives the format by its suffix and names the document. Raises ReadError."""
    suffix = _suffix(path)
    if suffix not in READERS:
        raise _unknown(suffix)
    refuse_too_large(len(data))
    if not data.strip():
        raise ReadError(
            Phrase(zh="文件是空的", en="the file is empty"),
            Phrase(zh="请确认文件已保存", en="was it saved?"),
        )
    if suffix in OLD_WORD:
        data, suffix = _old_word(data, suffix)
    module = import_module(f"linter.readers.{READERS[suffix]}")
    document: Document = module.read(data, path)
    return document


def is_old_word(path: str) -> bool:
    """Whether the file may have to be converted before it is read."""
    return _suffix(path) in OLD_WORD


def convert_ahead(files: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """What `read` is to be given for each old Word file (path, data): made .docx by one start of LibreOffice for all.

    What is no such file by its content is left as it is, and so is what could not be converted: `read` says why.
    """
    contents = [data for _, data in files]
    if len(files) > 1:
        from linter import office
        from linter.wordkind import FOR_OFFICE, kind_of

        kinds = {n: kind_of(data, _suffix(path)) for n, (path, data) in enumerate(files) if len(data) <= MAX_BYTES}
        inputs = {n: office.Input(contents[n], kind) for n, kind in kinds.items() if kind in FOR_OFFICE}
        for n, converted in zip(inputs, office.convert_ahead(list(inputs.values())), strict=True):
            contents[n] = converted
    return contents


def _old_word(data: bytes, suffix: str) -> tuple[bytes, str]:
    """The document with the suffix of its reader. Raises ReadError."""
    from linter.wordkind import FOR_OFFICE, kind_of

    kind = kind_of(data, suffix)
    if kind is None:
        raise ReadError(
            Phrase(
                zh="内容不是 Word、RTF、ODT 文档，也不是网页；或者文件已损坏",
                en="the content is no Word, RTF or ODT document and no web page, or it is damaged",
            ),
            Phrase(
                zh="请用 Word 或 WPS 打开，确认内容完好，再另存为 .docx",
                en="open it in Word or WPS, see that it is complete, and save it as .docx",
            ),
        )
    if kind not in FOR_OFFICE:
        return data, kind
    from linter import office  # starts other programs: only for files that need it

    return office.convert(office.Input(data, kind)), ".docx"


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _unknown(suffix: str) -> ReadError:
    if suffix == ".ofd":
        return ReadError(
            Phrase(zh="不能读取 OFD 版式文件", en="OFD files cannot be read"),
            Phrase(
                zh="请检查原来的 Word 文件，或用 OFD 阅读器另存为 PDF",
                en="check the Word file that it was made of, or save it as PDF in an OFD reader",
            ),
        )
    known = " ".join(sorted(READERS))
    return ReadError(
        Phrase(zh=f"不认识的文件类型“{suffix}”", en=f"unknown file type '{suffix}'"),
        Phrase(zh=f"请另存为以下类型之一：{known}", en=f"save it as one of: {known}"),
    )


def refuse_too_large(size: int) -> None:
    """Raises ReadError for a file of more than MAX_BYTES."""
    if size > MAX_BYTES:
        raise ReadError(
            Phrase(
                zh=f"文件有 {size / 1e6:.0f} MB，超过上限 {MAX_BYTES / 1e6:.0f} MB",
                en=f"the file has {size / 1e6:.0f} MB, more than the limit of {MAX_BYTES / 1e6:.0f} MB",
            ),
            Phrase(
                zh="年报通常不到 1 MB：请确认选对了文件", en="reports are usually below 1 MB: is this the right file?"
            ),
        )


def read_bounded(file: BinaryIO, size: int) -> bytes:
    """All bytes of a file that had `size` of them; should it have grown since, MAX_BYTES more at the most.

    MAX_BYTES are not asked for at once: the memory for them is cleared for every file, however small.
    """
    data = file.read(size + 1)
    return data if len(data) <= size else data + file.read(MAX_BYTES)
