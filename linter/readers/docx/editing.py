"""Edits in a .docx: the text of `w:t` elements changes; its formatting and every other member of the zip stay."""

import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO

from lxml import etree
from lxml.etree import _Element

from linter.document import Position, Table, typeset
from linter.readers.docx.body import WHITESPACE, Body, placed, sources
from linter.readers.docx.package import NAMESPACES, Parts, find_parts, unpack
from linter.readers.docx.xml import W, child

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
TEXTS = frozenset({W + "t", *(f"{{{strict.decode()}}}t" for strict in NAMESPACES if b"wordprocessingml" in strict)})


def edit(data: bytes, edits: Sequence[tuple[Position, str]]) -> bytes:
    """The file with the edits made in the text view's places; one whose place is not plain text of the file is not."""
    parts = unpack(data)
    root = parts.document
    body = child(root, W + "body")
    if root is None or body is None:
        return data
    number = {text: index for index, text in enumerate(root.iter(W + "t"))}
    regions = list(_regions(parts, body))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        member = find_parts(archive).get("document")
        if member is None:
            return data
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True
        )  # comments stay; `unpack` saw that it is sound
        tree = etree.fromstring(archive.read(member), parser).getroottree()
    texts = list(tree.iter(*TEXTS))
    done = False
    for at, new in sorted(edits, reverse=True):
        region = next((region for region in regions if _within(at, region[0])), None)
        if region is not None:
            place, paragraph, shown = region
            own = [texts[number[text]] for text in paragraph.iter(W + "t")]
            done |= _replace(own, shown, at.column - place.column, at.end_column - place.column, new)
    return _repack(data, member.filename, tree) if done else data


def _regions(parts: Parts, body: _Element) -> Iterator[tuple[Position, _Element, str]]:
    """(place in the text view, paragraph, its text there) of each paragraph and cell on one line of the view."""
    blocks = Body(body, parts).blocks(body)
    lines, shown = typeset(placed(blocks))
    for block, elements in zip(shown, sources(blocks), strict=True):
        for item, element in zip(block.cells if isinstance(block, Table) else [block], elements, strict=True):
            at = item.at
            if element is not None and at.line == at.end_line:
                yield at, element, lines[at.line - 1][at.column - 1 : at.end_column - 1]


def _within(inner: Position, outer: Position) -> bool:
    return inner.line == outer.line and outer.column <= inner.column and inner.end_column <= outer.end_column


def _replace(texts: Sequence[_Element], shown: str, start: int, end: int, new: str) -> bool:
    """Puts `new` for `shown[start:end]`; False where that is not what the elements say (numbers of lists, breaks)."""
    whole = "".join(text.text or "" for text in texts)
    says = whole.strip(WHITESPACE)
    offset = len(whole) - len(whole.lstrip(WHITESPACE)) - (len(shown) - len(says))
    if not says or not shown.endswith(says) or start == end or start + offset < 0:
        return False
    first, last, seen = start + offset, end + offset, 0
    for text in texts:
        own = text.text or ""
        left, right = max(0, first - seen), min(len(own), last - seen)
        seen += len(own)
        if left < right:
            text.text = own[:left] + new + own[right:]
            text.set(SPACE, "preserve")
            new = ""
    return True


def _repack(data: bytes, name: str, tree: etree._ElementTree) -> bytes:
    """The zip with the member `name` written anew, all others with their content, order and dates."""
    content = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as archive:
        for info in old.infolist():
            archive.writestr(info, content if info.filename == name else old.read(info), info.compress_type)
        archive.comment = old.comment
    return out.getvalue()
