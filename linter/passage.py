"""The prose of a report: its paragraphs, folded, with what tells their subjects."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from linter.diagnostic import Related
from linter.document import Heading, Paragraph, Position, Table, place
from linter.folding import fold, unfold
from linter.outline import Section

TOPIC = 40
"""Characters up to which a paragraph can be the topic of the one below it: （二）依申请公开。"""

MAX_SENTENCE = 2000
"""Characters up to which a sentence is looked at: longer ones are no prose, and would take their length squared."""

MAX_PARAGRAPH = 20_000
"""Characters up to which a paragraph is looked at; a report's longest have some 2,000."""

_SENTENCE = re.compile(r"[^。;!?]+")


class Passage(NamedTuple):
    """A paragraph of a section, folded, with what tells its subject."""

    section: Section
    block: Heading | Paragraph
    folded: str
    topic: str  # a short paragraph right above it, folded; else empty

    def at(self, start: int, end: int) -> Position:
        """The place of `folded[start:end]`."""
        return place(self.block, *unfold(self.block.text, start, end))

    def related(self, start: int, end: int) -> Related:
        """The place of `folded[start:end]` as another place of a finding, named by what is printed there."""
        return Related(at=self.at(start, end)._replace(where=f"“{self.printed(start, end)}”"))

    def printed(self, start: int, end: int) -> str:
        """`folded[start:end]` as printed, its white space closed up to single blanks."""
        first, last = unfold(self.block.text, start, end)
        return " ".join(self.block.text[first:last].split())

    def sentences(self) -> Iterator[tuple[int, int]]:
        """(start, end) of each sentence; a semicolon ends one."""
        for match in _SENTENCE.finditer(self.folded):
            if match.end() - match.start() <= MAX_SENTENCE:
                yield match.start(), match.end()

    def ahead(self, end: int) -> str:
        """What the paragraph, and its topic, say in front of `end`."""
        return self.topic + self.folded[max(0, end - MAX_SENTENCE) : end]


def prose(sections: Iterable[Section]) -> Iterator[Passage]:
    """The paragraphs of the sections, in printed order; tables are not prose."""
    for section in sections:
        above = ""
        for block in section.blocks:
            if isinstance(block, Table) or len(block.text) > MAX_PARAGRAPH:
                above = ""
                continue
            folded = fold(block.text)
            yield Passage(section, block, folded, topic=above if len(above) <= TOPIC else "")
            above = folded
