"""`cell`: what the number cells of all tables hold."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from linter.check import Finding, Unchecked
from linter.diagnostic import Related
from linter.errors import Phrase
from linter.number import is_blank
from linter.report import Report
from linter.tables import Figure, PrintedTable
from linter.template import ColumnForm


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
            for address, column in _columns(table):
                figure = table.figures.get(address)
                if figure is not None and self._is_wrong(figure, column):
                    row = table.form.label_of(address)
                    yield Finding(
                        at=figure.at,
                        address=address,
                        values={
                            "cells": f"{table.form.name}{table.form.cell_label(address)}",
                            "count": 1,
                            "text": figure.text,
                            "row": row,
                            "column": column.label,
                        },
                    )

    def _is_wrong(self, figure: Figure, column: ColumnForm) -> bool:
        if figure.value is None:
            return self.must == "number" and not is_blank(figure.text)
        if self.must == "not-negative":
            return figure.value < 0 and column.number != "signed"
        return self.must == "whole" and column.number != "decimal" and figure.value % 1 != 0


def _columns(table: PrintedTable) -> Iterator[tuple[str, ColumnForm]]:
    """(address, column) of each cell of the table's form."""
    for row in table.form.rows:
        for column in table.form.columns[row.block]:
            yield f"{table.form.key}.{row.key}.{column.key}", column


def _blanks(table: PrintedTable) -> Iterator[Finding]:
    blank = [(address, column) for address, column in _columns(table) if _is_blank(table, address)]
    for block, columns in enumerate(table.form.columns):
        keys = [row.key for row in table.form.rows if row.block == block]
        for column in columns:
            addresses = [f"{table.form.key}.{key}.{column.key}" for key in keys]
            if len(keys) > 1 and all(_is_blank(table, address) for address in addresses):
                blank = [pair for pair in blank if pair[0] not in addresses]
                name = Phrase(
                    zh=f"{table.form.name}“{column.label}”一列",
                    en=f"the whole column '{column.label}' of {table.form.name}",
                )
                yield _blank_finding(table, addresses, name, column.label)
    rows: dict[str, list[tuple[str, ColumnForm]]] = {}
    for address, column in blank:
        rows.setdefault(address.rpartition(".")[0], []).append((address, column))
    for group in rows.values():
        row = table.form.label_of(group[0][0])
        names = "、".join(column.label for _, column in group)
        name = Phrase(zh=f"{table.form.name}“{row}”的{names}", en=f"{names} of row '{row}' in {table.form.name}")
        yield _blank_finding(table, [address for address, _ in group], name, names)


def _is_blank(table: PrintedTable, address: str) -> bool:
    figure = table.figures.get(address)
    return figure is not None and figure.value is None and is_blank(figure.text)


def _blank_finding(table: PrintedTable, addresses: list[str], name: Phrase, columns: str) -> Finding:
    figures = [table.figures[address] for address in addresses]
    marks = sorted({f"“{figure.text}”" for figure in figures if figure.text})
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
