"""`section`: the sections that the template wants."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from linter.check import Finding, NoProblems, Unchecked
from linter.document import Position
from linter.report import Report

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCheck(NoProblems):
    """Every section of the template is there, or those that are there stand in order and are numbered once."""

    must: Literal["present", "ordered"]

    def placeholders(self) -> frozenset[str]:
        """The section's wording and number, and what stands in its way."""
        return frozenset({"section", "number", "printed", "other"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding for each section that is missing, out of order, or wrongly numbered."""
        return _missing(report) if self.must == "present" else _disorder(report)


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
            values={"section": form.label, "number": NUMERALS[number], "printed": "", "other": ""},
        )


def _end(report: Report) -> Position:
    """The last line that is not empty."""
    lines = report.document.lines
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    width = len(lines[last - 1]) if lines else 0
    return Position(line=last, column=1, end_line=last, end_column=width + 1)


def _disorder(report: Report) -> Iterator[Finding]:
    order = {form.key: number for number, form in enumerate(report.template.sections)}
    highest = None
    seen: dict[str, Position] = {}
    for section in report.sections:
        place = order[section.key]
        values = {"section": section.label, "number": NUMERALS[place], "printed": section.text}
        if section.key in seen:
            yield Finding(at=section.at, values=values | {"other": section.label})
        elif highest is not None and place < order[highest.key]:
            yield Finding(at=section.at, values=values | {"other": highest.label})
        elif section.number is not None and section.number != place + 1:
            yield Finding(at=section.at, values=values | {"other": NUMERALS[section.number - 1]})
        if highest is None or place > order[highest.key]:
            highest = section
        seen[section.key] = replace(section.at)
