"""The text of one paragraph."""

import re
from collections.abc import Callable

from lxml.etree import _Element

from linter.readers.docx.styles import Style, Styles
from linter.readers.docx.xml import ALTERNATE, MATH, Properties, W, first, on, val


class Line:
    """The text of one paragraph as it is shown, and the text boxes anchored in it."""

    __slots__ = ("_fields", "_hidden", "_properties", "_styles", "boxes", "pieces")

    def __init__(self, styles: Styles, style: Style, properties: Properties) -> None:
        self.pieces: list[str] = []
        self.boxes: list[_Element] = []
        self._styles = styles
        self._hidden = bool(style.hidden)
        self._properties = properties
        self._fields: list[int | None] = []  # open fields: where the pieces of the instruction begin, None behind it

    def walk(self, parent: _Element) -> None:
        """Add what stands in `parent`; an element that only wraps others is passed through."""
        for child in parent:
            tag = child.tag
            if tag == RUN:
                said = self._properties.get(child)
                if not (self._hidden if said is None else self._is_hidden(said)):
                    self.walk(child)
            elif tag in TEXTS:
                self.pieces.append((child.text or "").replace("\n", " "))
            elif tag in CHARACTERS:
                self.pieces.append(CHARACTERS[tag])
            elif tag in ACTIONS:
                ACTIONS[tag](self, child)
            elif tag not in DROPPED:
                self.walk(child)

    def _is_hidden(self, run: dict[str, _Element]) -> bool:
        """Whether a run with these properties is."""
        by_style = self._styles.get(val(run.get(W + "rStyle"))).hidden
        return bool(first(on(run.get(W + "vanish")), by_style, self._hidden))

    def field(self, mark: _Element) -> None:
        """Begin, divide or end a field: its instruction goes, its result stays."""
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(len(self.pieces))
        elif self._fields:
            start = self._fields.pop()
            if start is not None:
                del self.pieces[start:]
            if kind == "separate":
                self._fields.append(None)

    def symbol(self, symbol: _Element) -> None:
        """Add a character of a symbol font: a tick or a box, or what never passes for a blank or a figure."""
        code = symbol.get(W + "char", "").upper()
        character = chr(int(code, 16)) if re.fullmatch("[0-9A-F]{1,4}", code) else UNREADABLE
        tick = TICKS.get((symbol.get(W + "font", ""), code))
        self.pieces.append(tick or (character if character.isprintable() else UNREADABLE))

    def alternate(self, choices: _Element) -> None:
        """Add the first alternative that holds anything."""
        before = len(self.pieces) + len(self.boxes)
        for choice in choices:
            self.walk(choice)
            if len(self.pieces) + len(self.boxes) > before:
                return

    def box(self, content: _Element) -> None:
        """Keep a text box for after the paragraph."""
        self.boxes.append(content)


UNREADABLE = "\N{REPLACEMENT CHARACTER}"
TICKS = {
    **{("Wingdings", code): tick for code, tick in {"F0FE": "☑", "F0FC": "√", "F0FB": "×", "F0A8": "□"}.items()},
    **{("Wingdings 2", code): tick for code, tick in {"F052": "☑", "F050": "√", "F04F": "×", "F0A3": "□"}.items()},
}
RUN = W + "r"
TEXTS = frozenset({W + "t", MATH + "t"})
CHARACTERS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
ACTIONS: dict[str, Callable[[Line, _Element], None]] = {
    W + "fldChar": Line.field,
    W + "sym": Line.symbol,
    W + "txbxContent": Line.box,
    ALTERNATE: Line.alternate,
}
DROPPED = frozenset(W + tag for tag in ("pPr", "rPr", "sdtPr", "del", "moveFrom", "instrText", "rt"))
