"""Styles: what a paragraph has from its style and the styles that is based on."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element

from linter.readers.docx.xml import W, child, count, first, on, val

MAX_BASES = 20
"""The longest chain of styles, each based on the next, that is followed."""


class Style(NamedTuple):
    """What a style and its bases say; None where they say nothing."""

    chain: tuple[tuple[str, int | None], ...] = ()  # id of the style and of each base, with the list level it names
    level: int | None = None  # heading level from 1, 0 for body text
    list_id: str | None = None
    hidden: bool | None = None
    is_contents: bool = False  # an entry of the table of contents


class Styles:
    """The styles of the document by id, read as far as they are asked for."""

    def __init__(self, elements: Iterator[_Element]) -> None:
        self._unread = elements
        self._elements: dict[str | None, _Element] = {}
        self._default: str | None = None
        self._resolved: dict[str | None, Style] = {}

    def paragraph(self, name: str | None) -> Style:
        """The paragraph style with the id, or the default one."""
        while not name and not self._default and self._read_on():
            pass
        return self.get(name or self._default)

    def get(self, name: str | None) -> Style:
        """The style with the id, with what it has from its bases."""
        style = self._resolved.get(name)
        if style is None:
            style = self._resolved[name] = self._resolve(name)
        return style

    def _resolve(self, name: str | None) -> Style:
        chain: dict[str, int | None] = {}
        level = hidden = list_id = None
        is_contents = False
        while name is not None and name not in chain and len(chain) < MAX_BASES:
            style = self._element(name)
            if style is None:
                break
            title = (val(child(style, W + "name")) or "").lower()
            named = re.fullmatch(r"(?:heading|标题) ?([1-9])", title)
            properties = child(style, W + "pPr")
            numbering = child(properties, W + "numPr")
            level = first(level, outline(child(properties, W + "outlineLvl")), int(named[1]) if named else None)
            list_id = first(list_id, val(child(numbering, W + "numId")))
            chain[name] = count(child(numbering, W + "ilvl"), 8)
            hidden = first(hidden, on(child(child(style, W + "rPr"), W + "vanish")))
            is_contents = is_contents or re.fullmatch(r"(toc|目录) ?[1-9]", title) is not None
            name = val(child(style, W + "basedOn"))
        return Style(
            chain=tuple(chain.items()),
            level=level,
            list_id=list_id,
            hidden=hidden,
            is_contents=is_contents,
        )

    def _element(self, name: str) -> _Element | None:
        while name not in self._elements and self._read_on():
            pass
        return self._elements.get(name)

    def _read_on(self) -> bool:
        """Read one more style; False if there is none. The first of an id counts."""
        style = next(self._unread, None)
        if style is None:
            return False
        name = style.get(W + "styleId")
        self._elements.setdefault(name, style)
        if style.get(W + "type") == "paragraph" and style.get(W + "default") in {"1", "true", "on"}:
            self._default = self._default or name
        return True


def outline(level: _Element | None) -> int | None:
    """The level that `w:outlineLvl` gives: 1 to 9 for a heading, 0 for body text."""
    number = count(level, 9)
    return None if number is None else (number + 1) % 10
