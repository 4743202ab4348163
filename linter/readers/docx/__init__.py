"""Word (.docx): paragraphs and tables in body order, as Word shows them once every tracked change is accepted.

A .docx has no source lines, so `Document.lines` is the text view of `typeset`, and `where` counts as a person does in
Word: "第12段" is the 12th paragraph with text outside tables, "表3 第5行第4列" a place in the grid of the third table.
Headers, footers, notes, comments, hidden text and the table of contents (a copy of the headings) are not read.
Source: ISO/IEC 29500-1, section 17 (WordprocessingML).
"""

from lxml.etree import _Element

from linter.document import Document, typeset
from linter.errors import Phrase, ReadError
from linter.readers.docx.body import Body, placed
from linter.readers.docx.package import unpack
from linter.readers.docx.xml import W, child


def read(data: bytes, path: str) -> Document:
    """The document in `data`, a .docx file. Raises ReadError."""
    parts = unpack(data)
    body = _body(parts.document)
    lines, blocks = typeset(placed(Body(body, parts).blocks(body)))
    if not blocks:
        raise ReadError(
            Phrase(zh="文档里没有文字", en="the document has no text"),
            Phrase(
                zh="如果正文是扫描图片，请换成文字版", en="if it holds scanned pages, use the version with real text"
            ),
        )
    return Document(path=path, lines=lines, blocks=blocks)


def _body(document: _Element | None) -> _Element:
    body = child(document, W + "body")
    if body is None:
        raise ReadError(
            Phrase(
                zh="文件里没有 Word 正文（word/document.xml）",
                en="the file holds no Word document (word/document.xml)",
            ),
            Phrase(
                zh="Excel、PowerPoint 或压缩包不能只改扩展名：请另存为 .docx",
                en="a spreadsheet, a presentation or an archive needs more than a new suffix: save it as .docx",
            ),
        )
    return body
