"""Styles: what a paragraph has from its style and the styles that is based on."""

import re
from dataclasses import dataclass

from lxml.etree import _Element

from linter.readers.docx.xml import W, child, count, first, on, val

MAX_BASES = 20
"""The longest chain of styles, each based on the next, that is followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a style and its bases say; None where they say nothing."""

    chain: tuple[tuple[str, int | None], ...] = ()  # id of the style and of each base, with the list level it names
    level: int | None = None  # heading level from 1, 0 for body text
    list_id: str | None = None
    hidden: bool | None = None
    is_contents: bool = False  # an entry of the table of contents


class Styles:
    """The styles of the document by id."""

    def __init__(self, root: _Element | None) -> None:
        self._elements: dict[str | None, _Element] = {}
        self._default: str | None = None
        self._resolved: dict[str | None, Style] = {}
        for style in () if root is None else root.iterchildren(W + "style"):
            name = style.get(W + "styleId")
            self._elements[name] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in {"1", "true", "on"}:
                self._default = name

    def paragraph(self, name: str | None) -> Style:
        """The paragraph style with the id, or the default one."""
        return self.get(name or self._default)

    def get(self, name: str | None) -> Style:
        """The style with the id, with what it has from its bases."""
        if name not in self._resolved:
            self._resolved[name] = self._resolve(name)
        return self._resolved[name]

    def _resolve(self, name: str | None) -> Style:
        chain: dict[str, int | None] = {}
        level = hidden = list_id = None
        is_contents = False
        while name is not None and name in self._elements and name not in chain and len(chain) < MAX_BASES:
            style = self._elements[name]
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


def outline(level: _Element | None) -> int | None:
    """The level that `w:outlineLvl` gives: 1 to 9 for a heading, 0 for body text."""
    number = count(level, 9)
    return None if number is None else (number + 1) % 10
