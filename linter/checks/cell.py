"""`cell`: what the number cells of all tables hold."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from linter.check import Finding, Unchecked
from linter.diagnostic import Related
from linter.errors import Phrase
from linter.figure import Figure
from linter.number import is_blank
from linter.report import Report
from linter.tables import PrintedTable


class CellCheck(NamedTuple):
    """Every number cell is filled, holds only a number, is not negative, or is a whole number.

    Blank cells of one row are one finding, and so is a column that is blank from top to bottom.
    """

    must: Literal["filled", "number", "not-negative", "whole"]

    def placeholders(self) -> frozenset[str]:
        """What the cell holds, and the names of the cells."""
        return frozenset({"cells", "count", "text", "row", "column"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding for each cell, row or column that is not as it must be."""
        for table in report.tables.values():
            if self.must == "filled":
                yield from _blanks(table)
                continue
            for figure in self._wrong(table):
                yield self._finding(figure, table)

    def _wrong(self, table: PrintedTable) -> list[Figure]:
        """The figures that are not as they must be."""
        numbers, form = table.numbers, table.form
        if self.must == "number":
            return [figure for figure in table.unread if not is_blank(figure.text)]
        if self.must == "not-negative":
            odd, allowed = [address for address, value in numbers.items() if value < 0], "signed"
        else:
            odd, allowed = [address for address, value in numbers.items() if value % 1], "decimal"
        return [table.figures[address] for address in odd if form.column_of(address).number != allowed]

    def _finding(self, figure: Figure, table: PrintedTable) -> Finding:
        return Finding(
            at=figure.at,
            address=figure.address,
            values={
                "cells": f"{table.form.name}{table.form.cell_label(figure.address)}",
                "count": 1,
                "text": figure.text,
                "row": table.form.label_of(figure.address),
                "column": table.form.column_of(figure.address).label,
            },
        )


def _blanks(table: PrintedTable) -> Iterator[Finding]:
    blank = [figure.address for figure in table.unread if is_blank(figure.text)]
    if not blank:
        return
    form = table.form
    for block, columns in enumerate(form.columns):
        keys = [row.key for row in form.rows if row.block == block]
        for column in columns:
            addresses = [f"{form.key}.{key}.{column.key}" for key in keys]
            if len(keys) > 1 and set(addresses) <= set(blank):
                blank = [address for address in blank if address not in addresses]
                zh, en = f"{form.name}“{column.label}”一列", f"the whole column '{column.label}' of {form.name}"
                yield _blank_finding(table, addresses, Phrase(zh=zh, en=en), column.label)
    rows: dict[str, list[str]] = {}
    for address in blank:
        rows.setdefault(form.label_of(address), []).append(address)
    for row, addresses in rows.items():
        names = "、".join(form.column_of(address).label for address in addresses)
        zh, en = f"{form.name}“{row}”的{names}", f"{names} of row '{row}' in {form.name}"
        yield _blank_finding(table, addresses, Phrase(zh=zh, en=en), names)


def _blank_finding(table: PrintedTable, addresses: list[str], name: Phrase, columns: str) -> Finding:
    figures = [table.figures[address] for address in addresses]
    marks = sorted({f"“{figure.text}”" for figure in figures if figure.text.strip()})
    return Finding(
        at=figures[0].at,
        address=addresses[0],
        values={
            "cells": name,
            "count": len(figures),
            "text": "、".join(marks) or Phrase(zh="空白", en="blank"),
            "row": table.form.label_of(addresses[0]),
            "column": columns,
        },
        related=tuple(Related(at=figure.at, address=figure.address) for figure in figures[1:]),
    )
