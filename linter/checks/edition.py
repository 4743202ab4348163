"""`edition`: the template edition that each table follows."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from linter.check import Finding, Unchecked
from linter.diagnostic import Related
from linter.errors import Phrase
from linter.report import Report


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
    for key, table in report.tables.items():
        expected = report.template.table(key)
        if expected is None or table.edition in {None, report.template.edition}:
            continue
        yield Finding(
            at=table.evidence(expected),
            address=key,
            values={
                "table": table.form.name,
                "edition": table.edition,
                "expected": report.template.edition,
                "year": report.year,
                "other": "",
            },
        )


def _mixed(report: Report) -> Iterator[Finding]:
    """The tables that differ from the edition for the report's year, or where all do, from the first table's."""
    known = {key: table for key, table in report.tables.items() if table.edition is not None}
    editions = [table.edition for table in known.values()]
    if len(set(editions)) < 2:
        return
    usual = report.template.edition if report.template.edition in editions else editions[0]
    other = next(table for table in known.values() if table.edition == usual)
    template = next(template for template in report.templates if template.edition == usual)
    for key, table in known.items():
        form = template.table(key)
        if table.edition == usual or form is None:
            continue
        yield Finding(
            at=table.evidence(form),
            address=key,
            values={
                "table": table.form.name,
                "edition": table.edition,
                "expected": usual,
                "year": report.year or "",
                "other": other.form.name,
            },
            related=(Related(at=other.at, address=other.form.key),),
        )
