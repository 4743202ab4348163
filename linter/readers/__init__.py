"""Readers: bytes of a file → Document, chosen by the file's suffix.

Each reader is a module with `read(data: bytes, path: str) -> Document` that raises ReadError. It is imported when the
first file of its format is read, so that a text report does not pay for PDF.
"""

import os
from importlib import import_module

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
}
"""File suffix, in lower case → module of this package."""

MAX_BYTES = 20_000_000
"""The largest file that is read; the largest real reports are below 5 MB."""


def read(data: bytes, path: str) -> Document:
    """The document in `data`; `path` gives the format by its suffix and names the document. Raises ReadError."""
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in READERS:
        known = " ".join(sorted(READERS))
        raise ReadError(
            Phrase(zh=f"不认识的文件类型“{suffix}”", en=f"unknown file type '{suffix}'"),
            Phrase(zh=f"请另存为以下类型之一：{known}", en=f"save it as one of: {known}"),
        )
    if len(data) > MAX_BYTES:
        raise ReadError(
            Phrase(
                zh=f"文件有 {len(data) / 1e6:.0f} MB，超过上限 {MAX_BYTES / 1e6:.0f} MB",
                en=f"the file has {len(data) / 1e6:.0f} MB, more than the limit of {MAX_BYTES / 1e6:.0f} MB",
            ),
            Phrase(
                zh="年报通常不到 1 MB：请确认选对了文件", en="reports are usually below 1 MB: is this the right file?"
            ),
        )
    if not data.strip():
        raise ReadError(
            Phrase(zh="文件是空的", en="the file is empty"),
            Phrase(zh="请确认文件已保存", en="was it saved?"),
        )
    module = import_module(f"linter.readers.{READERS[suffix]}")
    document: Document = module.read(data, path)
    return document
