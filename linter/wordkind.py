"""What a file of an old Word format is by its content: its suffix is often another's.

Sites and office systems save web pages, RTF and .docx under the name of .doc, and Word opens them all.
"""

import re

FOR_OFFICE = frozenset({".doc", ".rtf", ".odt", ".xml"})
"""The kinds that need LibreOffice; the others have a reader."""

HEAD = 4096
"""Bytes in which a text format must show itself."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD, _ENCRYPTED = (name.encode("utf-16-le") for name in ("WordDocument", "EncryptedPackage"))
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|meta|body|div|p|table)\b", re.IGNORECASE)


def kind_of(data: bytes, suffix: str) -> str | None:
    """The suffix that the content deserves, None for what is no document; `suffix` is the file's own."""
    head = data[:HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")  # text of any encoding, BOM or not
    if data.startswith(OLE) and _WORD in data:
        return ".doc"
    if data.startswith(OLE) and _ENCRYPTED in data:
        return ".docx"  # whose reader says that it is encrypted
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data, suffix)
    if head.startswith(b"{\\rtf"):
        return ".rtf"
    if head.startswith(b"%PDF-"):
        return ".pdf"
    if head.startswith(b"<?xml") and b"office/word/2003/wordml" in head:
        return ".xml"
    if head.startswith(b"<") and _HTML.search(head):
        return ".html"
    return None


def _kind_of_zip(data: bytes, suffix: str) -> str:
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in data[:HEAD]:  # what is not compressed
        return ".odt"
    if b"word/document" in data or suffix != ".odt":
        return ".docx"  # whose reader says what is wrong with another archive
    return ".odt"
