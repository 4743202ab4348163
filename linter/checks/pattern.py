"""`pattern`: words that must stand in a report, or must not."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from linter.check import Finding, Problem, Unchecked
from linter.document import Block, Heading, Paragraph, Position, Table, place
from linter.folding import fold, sentence, unfold
from linter.pattern import Pattern
from linter.report import Report
from linter.template import Template

PLACES = ("title", "preface", "prose", "tables")
"""What a scope may name beside the keys of sections; prose is all text outside tables, title and preface included."""

_ID_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CARD_DIGITS = "10X98765432"


class Passage(NamedTuple):
    """A paragraph or a cell, folded."""

    text: str
    at: Position
    block: Heading | Paragraph | None  # None where only the whole has a place

    def part(self, start: int, end: int) -> tuple[str, Position]:
        """The original of `text[start:end]`, and where it stands."""
        if self.block is None:
            return self.text[start:end], self.at
        first, last = unfold(self.block.text, start, end)
        return self.block.text[first:last], place(self.block, first, last)


class PatternCheck(NamedTuple):
    """Everything that `patterns` names is found in `scope`, or nothing of it is.

    Patterns are searched in the folded text of one paragraph or cell after the other. The group `here`, where a pattern
    has it, is the place of the finding; the group `id_card` must hold an ID-card number whose check digit is right.
    """

    must: Literal["occur", "not-occur"]
    patterns: dict[str, tuple[Pattern, ...]]  # what is meant → its wordings
    scope: tuple[str, ...] = ("prose",)  # PLACES and keys of sections
    unless: tuple[Pattern, ...] = ()  # a match is right where one of these is found in its sentence
    belongs: str | None = None  # key of the section where what must occur belongs; without the section none is wanted
    editions: tuple[str, ...] = ()  # only reports that must follow these templates; all reports where empty
    agency: tuple[Pattern, ...] = ()  # only reports of an organ whose name one of these finds; all reports where empty

    def placeholders(self) -> frozenset[str]:
        """What is meant (of all that is missing, in one), and the words as printed."""
        return frozenset({"name", "text"})

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """Places, sections and editions that do not exist."""
        sections = tuple(dict.fromkeys(form.key for template in templates for form in template.sections))
        editions = tuple(template.edition for template in templates)
        belongs = (self.belongs,) if self.belongs is not None else ()
        for option, names, known in (
            ("scope", self.scope, PLACES + sections),
            ("belongs", belongs, sections),
            ("editions", self.editions, editions),
        ):
            yield from (Problem(option=option, name=name, known=known) for name in names if name not in known)

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """One finding for all that is missing, or one for each place where something stands that must not."""
        if not self.concerns(report):
            return
        if self.must == "occur":
            yield from self._missing(report, list(_passages(report, self.scope)))
            return
        wordings = [(name, pattern) for name, patterns in self.patterns.items() for pattern in patterns]
        likely = [(name, pattern) for name, pattern in wordings if pattern.may_occur(report.folded)]
        clean: set[str] = set()  # most cells of a report hold the same few texts
        for passage in _passages(report, self.scope) if likely else ():  # most clean reports are done with here
            if passage.text not in clean:
                findings = list(self._present(passage, likely))
                yield from findings
                if not findings:
                    clean.add(passage.text)

    def concerns(self, report: Report) -> bool:
        """Whether the report is one of the edition and of the organs that the rule is for."""
        template, year, agency = report.template, report.year, report.agency
        if self.editions and (year is None or not template.covers(year) or template.edition not in self.editions):
            return False
        return not self.agency or (agency is not None and any(pattern.search(agency) for pattern in self.agency))

    def _missing(self, report: Report, passages: list[Passage]) -> Iterator[Finding]:
        home = report.section(self.belongs) if self.belongs is not None else next(iter(passages), None)
        if home is None:
            return
        missing = [
            name
            for name, wordings in self.patterns.items()
            if not any(pattern.search(passage.text) for passage in passages for pattern in wordings)
        ]
        if missing:
            yield Finding(at=home.at, values={"name": "、".join(missing), "text": home.text})

    def _present(self, passage: Passage, wordings: Sequence[tuple[str, Pattern]]) -> Iterator[Finding]:
        end = 0
        for start, stop, name in sorted(self._spans(passage.text, wordings)):
            if start < end:  # another wording for what has been reported
                continue
            end = stop
            text, at = passage.part(start, stop)
            yield Finding(at=at, values={"name": name, "text": text})

    def _spans(self, text: str, wordings: Sequence[tuple[str, Pattern]]) -> Iterator[tuple[int, int, str]]:
        """(start, end, name) of all that stands in a text and is not right there."""
        for name, pattern in wordings:
            start = 0
            while match := pattern.search(text, start):
                start = max(match.end(), start + 1)
                groups = match.groupdict()
                span = match.span("here" if groups.get("here") else 0)
                card = groups.get("id_card")
                if span[0] == span[1] or (card and not _is_id_card(card)):
                    continue
                if not any(excuse.search(text[slice(*sentence(text, *span))]) for excuse in self.unless):
                    yield *span, name


def _passages(report: Report, scope: tuple[str, ...]) -> Iterator[Passage]:
    if "title" in scope and report.title is not None:
        yield Passage(text=report.title.text, at=report.title.at, block=None)
    prose, tables = "prose" in scope, "tables" in scope
    yield from _of_blocks(report.preface, text=prose or "preface" in scope, cells=tables)
    for section in report.sections:
        own = section.key in scope
        yield from _of_blocks(section.blocks, text=prose or own, cells=tables or own)


def _of_blocks(blocks: tuple[Block, ...], *, text: bool, cells: bool) -> Iterator[Passage]:
    for block in blocks:
        if not isinstance(block, Table):
            if text:
                yield Passage(text=fold(block.text), at=block.at, block=block)
        elif cells:
            yield from (Passage(text=fold(cell.text), at=cell.at, block=None) for cell in block.cells)


def _is_id_card(number: str) -> bool:
    """Whether the check digit of an 18-digit ID-card number is right (GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_CARD_WEIGHTS, number, strict=False))
    return _ID_CARD_DIGITS[total % 11] == number[-1].upper()
