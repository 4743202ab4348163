"""The figures of reports as rows and as JSON: what `extract` writes."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from linter.diagnostic import FileResult
from linter.figure import Figure
from linter.number import plain_number
from linter.parquet import Field
from linter.spreadsheet import Value, number
from linter.template import TableForm, Template

VERSION = 1
"""Of the JSON: members are only ever added."""

LONG = (
    *(Field("path"), Field("agency"), Field("year", "count"), Field("edition"), Field("address")),
    *(Field("table"), Field("row_label"), Field("column_label"), Field("text"), Field("value", "number")),
    *(Field("line", "count"), Field("column", "count"), Field("page", "count"), Field("where")),
)
"""The columns of the long form: a row a figure. A contract, as the JSON is."""


class Cell(NamedTuple):
    """How a template names a cell."""

    table: str  # 表三
    row: str
    column: str


def long_rows(results: Iterable[FileResult], templates: Sequence[Template]) -> Iterator[tuple[Value, ...]]:
    """A row for each figure of each report, in the columns of LONG."""
    for result in results:
        for figure in result.figures:
            edition = result.editions.get(figure.address.partition(".")[0])
            cell = cell_of(figure.address, edition, templates)
            at = figure.at
            yield (
                *(result.path, result.agency, result.year, edition, figure.address),
                *(cell.table, cell.row, cell.column, figure.text, number(figure.value)),
                *(at.line, at.column, at.page, at.where),
            )


def wide_fields(templates: Sequence[Template]) -> list[Field]:
    """The columns of the wide form: the report's, the edition of each table, and a column for each address."""
    tables = dict.fromkeys(form.key for template in templates for form in template.tables)
    return [
        *(Field("path"), Field("agency"), Field("year", "count"), Field("title")),
        *(Field(f"edition.{table}") for table in tables),
        *(Field(address, "number") for address in addresses(templates)),
    ]


def wide_rows(results: Iterable[FileResult], templates: Sequence[Template]) -> Iterator[tuple[Value, ...]]:
    """A row for each report, in the columns of `wide_fields`; a cell that holds no number is None, as a missing one."""
    tables = list(dict.fromkeys(form.key for template in templates for form in template.tables))
    columns = addresses(templates)
    for result in results:
        values = {figure.address: figure.value for figure in result.figures}
        yield (
            *(result.path, result.agency, result.year, result.title),
            *(result.editions.get(table) for table in tables),
            *(number(values.get(address)) for address in columns),
        )


def legend(templates: Sequence[Template]) -> Iterator[tuple[Value, ...]]:
    """(address, table, row, column) of each address, as the newest template that has it names them."""
    for address in addresses(templates):
        yield address, *cell_of(address, None, templates)


def addresses(templates: Sequence[Template]) -> list[str]:
    """Every address of the templates once, table by table, in the order of the newest template."""
    newest_first = list(reversed(templates))
    tables = dict.fromkeys(form.key for template in newest_first for form in template.tables)
    forms = [form for key in tables for template in newest_first if (form := template.table(key)) is not None]
    return list(dict.fromkeys(address for form in forms for address in form.addresses()))


def cell_of(address: str, edition: str | None, templates: Sequence[Template]) -> Cell:
    """How the template of that edition names the cell; where the edition is not known, the newest that has it."""
    key = address.partition(".")[0]
    newest_first = list(reversed(templates))
    for template in (*(each for each in newest_first if each.edition == edition), *newest_first):
        form = template.table(key)
        if form is not None and (cell := _cells(form).get(address)):
            return cell
    return Cell("", "", "")


@lru_cache(maxsize=64)
def _cells(form: TableForm) -> Mapping[str, Cell]:
    return {
        address: Cell(form.name, form.label_of(address), form.column_of(address).label) for address in form.addresses()
    }


def json_one(results: Iterable[FileResult]) -> Iterator[str]:
    """The one report's object, of which other programs hold the contract; nothing where it could not be read."""
    for result in results:
        yield json.dumps({"version": VERSION, **_object(result)}, ensure_ascii=False, indent=1) + "\n"


def json_many(results: Iterable[FileResult]) -> Iterator[str]:
    """One object with all reports, each on its line."""
    yield f'{{"version": {VERSION},\n "reports": ['
    for count, result in enumerate(results):
        yield ("," if count else "") + "\n  " + json.dumps(_object(result), ensure_ascii=False)
    yield "]}\n"


def _object(result: FileResult) -> dict[str, Any]:
    return {**result.facts, "figures": {figure.address: _figure(figure) for figure in result.figures}}


def _figure(figure: Figure) -> dict[str, Any]:
    at = figure.at
    return {
        "text": figure.text,
        "value": plain_number(figure.value),
        "line": at.line,
        "column": at.column,
        "page": at.page,
        "where": at.where,
    }
