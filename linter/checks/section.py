"""`section`: the sections that the template wants."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from linter.check import Finding, Unchecked
from linter.document import Position
from linter.errors import Phrase
from linter.folding import label_core
from linter.outline import Section
from linter.report import Report

NUMERALS = "一二三四五六七八九十"


class SectionCheck(NamedTuple):
    """The template's sections are all there, stand in order and are numbered once, or have an accepted heading."""

    must: Literal["present", "ordered", "worded"]

    def placeholders(self) -> frozenset[str]:
        """The section's wording, number and printed heading, and what is wrong with it."""
        return frozenset({"section", "number", "printed", "problem"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding for each section that is missing, out of order, wrongly numbered, or headed otherwise."""
        find = {"present": _missing, "ordered": _disorder, "worded": _misworded}[self.must]
        return find(report)


def _missing(report: Report) -> Iterator[Finding]:
    found = {section.key: section for section in report.sections}
    for number, form in enumerate(report.template.sections):
        if form.key in found:
            continue
        after = next(
            (found[later.key].at for later in report.template.sections[number + 1 :] if later.key in found), None
        )
        yield Finding(
            at=after or _end(report),
            values={"section": form.label, "number": NUMERALS[number], "printed": "", "problem": ""},
        )


def _end(report: Report) -> Position:
    """The last line that is not empty."""
    lines = report.document.lines
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    width = len(lines[last - 1]) if lines else 0
    return Position(line=last, column=1, end_line=last, end_column=width + 1)


def _disorder(report: Report) -> Iterator[Finding]:
    places = {form.key: number for number, form in enumerate(report.template.sections)}
    disorder = list(_misplaced(report, places))
    yield from disorder or _misnumbered(report, places)


def _misplaced(report: Report, places: dict[str, int]) -> Iterator[Finding]:
    """Sections that come twice, or behind one that they should stand before."""
    highest: Section | None = None
    seen: set[str] = set()
    for section in report.sections:
        if section.key in seen:
            yield _finding(section, places, Phrase(zh="出现了两次", en="is there twice"))
        elif highest is not None and places[section.key] < places[highest.key]:
            zh, en = f"应排在“{highest.label}”之前", f"belongs before '{highest.label}'"
            yield _finding(section, places, Phrase(zh=zh, en=en))
        else:
            highest = section
        seen.add(section.key)


def _misnumbered(report: Report, places: dict[str, int]) -> Iterator[Finding]:
    """Sections in order whose printed number is another; one without a number is not wrong."""
    for section in report.sections:
        place = places[section.key]
        if section.number is not None and section.number != place + 1:
            numeral = NUMERALS[place]
            yield _finding(
                section, places, Phrase(zh=f"的编号应为“{numeral}、”", en=f"should be numbered '{numeral}、'")
            )


def _misworded(report: Report) -> Iterator[Finding]:
    places = {form.key: number for number, form in enumerate(report.template.sections)}
    for form in report.template.sections:
        accepted = {label_core(name) for name in (form.label, *form.aliases)}
        for section in report.sections:
            if section.key == form.key and label_core(section.text) not in accepted:
                yield _finding(section, places, Phrase(zh=f"应写作“{form.label}”", en=f"should read '{form.label}'"))


def _finding(section: Section, places: dict[str, int], problem: Phrase) -> Finding:
    values = {"section": section.label, "number": NUMERALS[places[section.key]], "printed": section.text}
    return Finding(at=section.at, values=values | {"problem": problem})
