"""`table`: the tables that the template wants."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from linter.check import Finding, Unchecked
from linter.diagnostic import Related
from linter.errors import Phrase
from linter.report import Report
from linter.tables import PrintedTable


class TableCheck(NamedTuple):
    """Every section that has a table has it, it can be read, and all of its rows and columns are there."""

    must: Literal["present", "readable", "complete"]

    def placeholders(self) -> frozenset[str]:
        """The table, its section, and what is wrong with it."""
        return frozenset({"table", "section", "problem"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding for each table, and for each kind of thing that it lacks."""
        if self.must == "present":
            yield from _missing(report)
        elif self.must == "readable":
            yield from _unreadable(report)
        else:
            for table in report.tables.values():
                yield from _incomplete(table, report)


def _names(report: Report, key: str) -> dict[str, object]:
    form = report.template.table(key)
    section = report.template.section(form.section) if form else None
    return {"table": form.name if form else key, "section": section.label if section else ""}


def _missing(report: Report) -> Iterator[Finding]:
    """A table whose section is missing is part of that fault: adding the section adds the table."""
    for form in report.template.tables:
        section = report.section(form.section)
        there = form.key in report.tables or any(unreadable.table == form.key for unreadable in report.unreadable)
        if section is not None and not there:
            yield Finding(at=section.at, address=form.key, values=_names(report, form.key) | {"problem": ""})


def _unreadable(report: Report) -> Iterator[Finding]:
    for form in report.template.tables:
        found = [unreadable for unreadable in report.unreadable if unreadable.table == form.key]
        if not found:
            continue
        more = Phrase(zh=f"（共 {len(found)} 行如此）", en=f" ({len(found)} rows in all)")
        reason = found[0].reason
        if len(found) > 1:
            reason = Phrase(zh=reason.zh + more.zh, en=reason.en + more.en)
        yield Finding(
            at=found[0].at,
            address=form.key,
            values=_names(report, form.key) | {"problem": reason},
            related=tuple(Related(at=unreadable.at, address=form.key) for unreadable in found[1:]),
        )


def _incomplete(table: PrintedTable, report: Report) -> Iterator[Finding]:
    names = _names(report, table.form.key)
    rows = "、".join(f"“{row.label}”" for row, _ in table.missing_rows)
    if rows:
        count = len(table.missing_rows)
        problem = Phrase(zh=f"缺 {count} 行：{rows}", en=f"{count} row(s) missing: {rows}")
        row, at = table.missing_rows[0]
        yield Finding(
            at=at,
            address=f"{table.form.key}.{row.key}",
            values=names | {"problem": problem},
        )
    columns = "、".join(f"“{column.label}”" for column in table.missing_columns)
    if columns:
        count = len(table.missing_columns)
        problem = Phrase(zh=f"缺 {count} 列：{columns}", en=f"{count} column(s) missing: {columns}")
        yield Finding(at=table.at, address=table.form.key, values=names | {"problem": problem})
    for row, at in table.repeated:
        problem = Phrase(zh=f"“{row.label}”一行出现了两次", en=f"row '{row.label}' is there twice")
        yield Finding(at=at, address=f"{table.form.key}.{row.key}", values=names | {"problem": problem})
