"""Web pages (.html, .htm, .shtml): saved from a site, or pasted from Word or WPS.

What belongs to the report is found later by its headings and tables; here the whole page is read.
"""

import re

from linter import htmltree
from linter.directives import read_around
from linter.document import Document
from linter.encoding import decode, split_lines

_HEAD = 4096
"""Bytes searched for the page's charset; the standard asks for 1,024, published pages exceed that."""

_CHARSET = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)

_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb18030": "gb18030",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
"""A page's charset in lower case → Python's. Others are wrong on a Chinese page, so that the bytes decide."""


def read(data: bytes, path: str) -> Document:
    """The document in an HTML page. Raises ReadError for bytes that are no text, and beyond htmltree's limits."""
    return read_around(path, split_lines(decode(data, _declared(data[:_HEAD]))), htmltree.blocks)


def _declared(head: bytes) -> str | None:
    """The encoding that the page's <meta> names."""
    match = _CHARSET.search(head)
    return _ENCODINGS.get(match[1].decode("ascii", "replace").lower()) if match else None
