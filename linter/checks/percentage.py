"""`percentage`: a printed percentage is the count in front of it over its base."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from linter.check import Finding, Problem, Unchecked
from linter.claims import Sum, Total, before, relative_years, without_brackets
from linter.diagnostic import Related
from linter.passage import Passage
from linter.pattern import Pattern
from linter.quantities import Quantity, quantities
from linter.report import Report
from linter.template import Template


class PercentageCheck(NamedTuple):
    """275件，占34.2%: the percentage is the count over a base, to the digits printed, rounded or cut.

    Only counts with `outcomes` in front of them are compared. Any number of the same kind earlier in the paragraph may
    be the base, and so may the cells of `bases`, the first of which is named where none fits.
    """

    sections: tuple[str, ...]
    units: tuple[str, ...]
    share: Pattern  # what stands between the count and its percentage
    outcomes: Pattern
    context: Pattern  # must occur in the paragraph in front, unless it is in the section `home`
    home: str
    elsewhere: Pattern  # in the sentence in front: another year, period or body
    bases: tuple[Sum, ...]

    def placeholders(self) -> frozenset[str]:
        """The count and its percentage as printed, the cells of the base with their value, and the right percentage."""
        return frozenset({"count", "percentage", "cells", "base", "right"})

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """Addresses that no template has."""
        for base in self.bases:
            yield from base.problems("bases", templates)

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding for each percentage that is not the count over any base it could have."""
        for passage in report.passages(self.sections):
            found = quantities(passage.folded) if "%" in passage.folded else ()
            for number in range(1, len(found)):
                if self._is_share(passage, found, number, report):
                    yield from self._compare(passage, found, number, report)

    def _is_share(self, passage: Passage, found: Sequence[Quantity], number: int, report: Report) -> bool:
        """Whether `found[number]` is the percentage that an outcome in front of it has of all requests."""
        count, percentage = found[number - 1 : number + 1]
        folded = passage.folded
        if percentage.unit != "%" or count.unit not in self.units or not (count.exact and percentage.exact):
            return False
        if not self.share.match(folded[count.end : percentage.start]):
            return False
        lead = folded[before(folded, count, found[number - 2].end if number > 1 else 0) : count.start]
        sentence = max(folded.rfind(mark, 0, count.start) for mark in "。;") + 1
        ahead = relative_years(without_brackets(folded[sentence : count.start]), report.year)
        about = passage.section.key == self.home or self.context.search(passage.ahead(count.start))
        return bool(about and self.outcomes.search(lead) and not self.elsewhere.search(ahead))

    def _compare(
        self, passage: Passage, found: Sequence[Quantity], number: int, report: Report
    ) -> Iterator[Finding | Unchecked]:
        count, percentage = found[number - 1 : number + 1]
        printed = [earlier.value for earlier in found[: number - 1] if earlier.unit == count.unit]
        totals: list[Total] = []
        for permitted in self.bases:
            total = permitted.of(report)
            if isinstance(total, Unchecked):
                yield total
                return
            if total is not None:
                totals.append(total)
        bases = [*printed, *(total.value for total in totals)]
        if not totals or any(value and percentage.agrees(100 * count.value / value) for value in bases):
            return
        base = totals[0]
        right = (100 * count.value / base.value).quantize(percentage.step) if base.value else Decimal(0)
        yield Finding(
            at=passage.at(percentage.start, percentage.end),
            address=base.figures[0].address,
            values={
                "count": passage.printed(count.start, count.end),
                "percentage": passage.printed(percentage.start, percentage.end),
                "cells": base.name,
                "base": base.value,
                "right": f"{right}%",
            },
            related=tuple(Related(at=figure.at, address=figure.address) for figure in base.figures),
        )
