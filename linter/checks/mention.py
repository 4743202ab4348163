"""`mention`: what a cell counts is spoken of in the prose."""

from collections.abc import Iterator
from typing import NamedTuple

from linter.check import Finding, Problem, Unchecked
from linter.claims import Sum
from linter.diagnostic import Related
from linter.pattern import Pattern
from linter.report import Report
from linter.template import Template


class MentionCheck(NamedTuple):
    """Where the cells of `sum` hold more than 0, a paragraph of `sections` matches `words`."""

    sections: tuple[str, ...]
    sum: Sum
    words: Pattern
    place: str  # key of the section where it belongs

    def placeholders(self) -> frozenset[str]:
        """The cells and their value."""
        return frozenset({"cells", "value"})

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """Addresses that no template has."""
        yield from self.sum.problems("sum", templates)

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding at the section where it belongs; a section that is missing is a fault of its own."""
        total = self.sum.of(report)
        section = report.section(self.place)
        if isinstance(total, Unchecked):
            yield total
        elif total is None or total.value <= 0 or section is None:
            return
        elif not any(self.words.search(passage.folded) for passage in report.passages(self.sections)):
            yield Finding(
                at=section.at,
                address=total.figures[0].address,
                values={"cells": total.name, "value": total.value},
                related=tuple(Related(at=figure.at, address=figure.address) for figure in total.figures),
            )
