"""One walk over the document for all that says something of its text.

Most elements only dress it. lxml passes over those in C, many times faster than Python looks at each; so everything is
found at once: what stands in what, properties that matter, and the text of paragraphs that hold nothing else.
"""

from collections import defaultdict

from lxml.etree import _Element

from linter.readers.docx.line import ACTIONS, CHARACTERS, RUN
from linter.readers.docx.xml import ALTERNATE, MATH, W

PARAGRAPH = W + "p"
TABLE = W + "tbl"
ROW = W + "tr"
CELL = W + "tc"
TEXT = W + "t"
STRUCTURE = frozenset({PARAGRAPH, TABLE, W + "altChunk", ROW, CELL, ALTERNATE})
CONTAINERS = frozenset({TABLE, ROW, CELL})
WRAPPERS = frozenset(W + tag for tag in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"))
PROPERTIES = frozenset(
    W + tag
    for tag in (
        *("pStyle", "numPr", "outlineLvl", "moveFrom", "del"),  # of a paragraph; the last two of its mark
        *("rStyle", "vanish"),  # of a run
        *("gridBefore", "del"),  # of a row
        *("gridSpan", "vMerge", "cellDel"),  # of a cell
    )
)
OWNERS = {W + "pPr": PARAGRAPH, W + "rPr": RUN, W + "trPr": ROW, W + "tcPr": CELL}
"""Element that holds properties → whose they are."""
SOUGHT = (*STRUCTURE, TEXT, MATH + "t", *CHARACTERS, *ACTIONS, *PROPERTIES)

Tagged = tuple[str, _Element]
"""An element with its tag, which lxml makes anew each time that it is asked for."""


class Survey:
    """What the document below `root` holds."""

    def __init__(self, root: _Element) -> None:
        self.properties: dict[_Element, dict[str, _Element]] = {}
        """Paragraph, run, row or cell → those of its PROPERTIES that it has, by tag; what has none is not there."""
        self.texts: dict[_Element | None, list[str]] = {}
        """Paragraph → the pieces of its text; it is not there if it holds more than text in runs."""
        self._contents: dict[_Element, list[Tagged]] = defaultdict(list)
        self._around: dict[_Element, _Element] = {}
        containers = {root}
        paragraph = None
        pieces: list[str] = []
        for element in root.iterdescendants(*SOUGHT):
            tag = element.tag
            parent: _Element = element.getparent()  # type: ignore[assignment]  # it is below the root
            if tag == TEXT and parent.tag == RUN and parent.getparent() is paragraph:
                pieces.append((element.text or "").replace("\n", " "))
            elif tag in STRUCTURE:
                if parent not in containers:
                    parent = self._unwrapped(parent)
                self._contents[parent].append((tag, element))
                if tag == PARAGRAPH:
                    paragraph = element
                    pieces = self.texts[element] = []
                elif tag in CONTAINERS:
                    containers.add(element)
            elif not (tag in PROPERTIES and self._note(element, parent)):
                self.texts.pop(paragraph, None)

    def inside(self, container: _Element, wanted: frozenset[str]) -> list[Tagged]:
        """What stands in `container` with a wanted tag, also in content controls, kept changes and one alternative."""
        found: list[Tagged] = []
        for tagged in self._contents.get(container, ()):
            tag, element = tagged
            if tag in wanted:
                found.append(tagged)
            elif tag == ALTERNATE:
                found += next(filter(None, (self.inside(branch, wanted) for branch in element)), ())
        return found

    def _unwrapped(self, container: _Element) -> _Element:
        """What is around the wrappers; a paragraph around that holds more than text: a text box."""
        around = self._around.get(container)
        if around is None:
            if container.tag in WRAPPERS:
                around = self._unwrapped(container.getparent())  # type: ignore[arg-type]  # none of them is the root
            else:
                around = container
                for paragraph in (container, *container.iterancestors(PARAGRAPH)):
                    self.texts.pop(paragraph, None)
            self._around[container] = around
        return around

    def _note(self, element: _Element, holder: _Element) -> bool:
        """Keep a property; False if it is none, or one of a run, which may be hidden."""
        owner = holder.getparent()
        if holder.tag == W + "rPr" and owner is not None and owner.tag == W + "pPr":  # of the paragraph's mark
            holder, owner = owner, owner.getparent()
        if owner is None or OWNERS.get(holder.tag) != owner.tag:
            return False
        self.properties.setdefault(owner, {})[element.tag] = element
        return owner.tag != RUN
