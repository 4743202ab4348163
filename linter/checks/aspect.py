"""`aspect`: the aspects that the template wants a section to speak of."""

from collections.abc import Iterator
from typing import NamedTuple

from linter.check import Finding, Problem, Unchecked
from linter.document import Table
from linter.folding import fold
from linter.report import Report
from linter.template import Template


class AspectCheck(NamedTuple):
    """The section names every aspect that the template for the report's year lists for it, in any accepted wording."""

    section: str

    def placeholders(self) -> frozenset[str]:
        """The section, and the aspects that it does not speak of."""
        return frozenset({"section", "missing"})

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """A section that no template has."""
        known = tuple(dict.fromkeys(form.key for template in templates for form in template.sections))
        if self.section not in known:
            yield Problem(option="section", name=self.section, known=known)

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """One finding at the section's heading for all aspects that are missing."""
        form = report.template.section(self.section)
        section = report.section(self.section)
        if form is None or section is None or report.year is None or not report.template.covers(report.year):
            return
        texts = (
            "".join(cell.text for cell in block.cells) if isinstance(block, Table) else block.text
            for block in section.blocks
        )
        text = fold("".join(texts))
        missing = [
            aspect.label
            for aspect in form.aspects
            if not any(fold(name) in text for name in (aspect.label, *aspect.aliases))
        ]
        if missing:
            yield Finding(at=section.at, values={"section": form.label, "missing": "、".join(missing)})
