"""`agency`: figures that only some organs can have."""

from collections.abc import Iterator
from typing import NamedTuple

from linter.check import Finding, Problem, Unchecked
from linter.diagnostic import Related
from linter.pattern import Pattern
from linter.report import Report
from linter.template import Template


class AgencyCheck(NamedTuple):
    """The cells are not above 0 in the report of an organ that cannot have what they count.

    `agency` are patterns that find the names of such organs. A report that does not name its organ is left alone.
    """

    cells: tuple[str, ...]  # addresses
    agency: tuple[Pattern, ...]

    def placeholders(self) -> frozenset[str]:
        """The organ, and the first of the cells with its number."""
        return frozenset({"agency", "cell", "text"})

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """Addresses that no template has."""
        known = tuple({address for template in templates for form in template.tables for address in form.addresses()})
        yield from (Problem(option="cells", name=cell, known=known) for cell in self.cells if cell not in known)

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """One finding at the first cell above 0, the others related."""
        agency = report.agency
        if agency is None or not any(pattern.search(agency) for pattern in self.agency):
            return
        figures = report.figures
        wrong = [figure for cell in self.cells if (figure := figures.get(cell)) and figure.value and figure.value > 0]
        if wrong:
            first, *others = wrong
            form = report.tables[first.address.partition(".")[0]].form
            yield Finding(
                at=first.at,
                address=first.address,
                values={"agency": agency, "cell": f"{form.name}{form.cell_label(first.address)}", "text": first.text},
                related=tuple(Related(at=figure.at, address=figure.address) for figure in others),
            )
