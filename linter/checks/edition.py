"""`edition`: the template edition that each table follows."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from linter.check import Finding, Unchecked
from linter.diagnostic import Related
from linter.errors import Phrase
from linter.report import Report
from linter.tables import PrintedTable
from linter.template import Template


class EditionCheck(NamedTuple):
    """Every table has the edition for the report's year, or all tables have one edition."""

    must: Literal["current", "uniform"]

    def placeholders(self) -> frozenset[str]:
        """The table and its edition, the edition that it should have, and the report's year."""
        return frozenset({"table", "edition", "expected", "year", "other"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding for each table of the wrong edition, at the first label that shows it."""
        return _outdated(report) if self.must == "current" else _mixed(report)


def _outdated(report: Report) -> Iterator[Finding | Unchecked]:
    if report.year is None:
        yield Unchecked(reason=Phrase(zh="没有写明是哪一年的报告", en="the report does not say which year it is about"))
        return
    if not report.template.covers(report.year):
        yield Unchecked(
            reason=Phrase(zh=f"没有适用于 {report.year} 年的格式", en=f"there is no template for {report.year}")
        )
        return
    for table in report.tables.values():
        if table.edition not in {None, report.template.edition}:
            yield from _other_edition(report, table, report.template)


def _mixed(report: Report) -> Iterator[Finding]:
    """The tables that differ from the edition for the report's year, or where all do, from the first table's."""
    known = [table for table in report.tables.values() if table.edition is not None]
    editions = [table.edition for table in known]
    if len(set(editions)) < 2:
        return
    usual = report.template.edition if report.template.edition in editions else editions[0]
    other = next(table for table in known if table.edition == usual)
    template = next(template for template in report.templates if template.edition == usual)
    for table in known:
        if table.edition != usual:
            yield from _other_edition(report, table, template, other)


def _other_edition(
    report: Report, table: PrintedTable, expected: Template, other: PrintedTable | None = None
) -> Iterator[Finding]:
    """A finding where a table first shows that it is not of the expected edition, which `other` has."""
    form = expected.table(table.form.key)
    if form is None:
        return
    yield Finding(
        at=table.evidence(form),
        address=table.form.key,
        values={
            "table": table.form.name,
            "edition": table.edition,
            "expected": expected.edition,
            "year": report.year or "",
            "other": other.form.name if other else "",
        },
        related=(Related(at=other.at, address=other.form.key),) if other else (),
    )
