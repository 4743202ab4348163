"""The outline of a draft: its title, the sections under it, their tables, and the tables' rows."""

from collections.abc import Iterator

from lsprotocol import types

from linter.document import Position
from linter.outline import Section
from linter.report import Report
from linter.server.analysis import first_line
from linter.server.coordinates import Coordinates
from linter.tables import PrintedTable


def symbols(report: Report, places: Coordinates) -> list[types.DocumentSymbol]:
    """The title with the sections under it; the sections alone where there is no title."""
    ends = [section.at for section in report.sections[1:]]
    sections = [
        _section(report, section, places.span(places.offset(*section.at[:2]), _end(end, places)), places)
        for section, end in zip(report.sections, [*ends, None], strict=False)
    ]
    if report.title is None:
        return sections
    return [
        types.DocumentSymbol(
            name=report.title.text,
            kind=types.SymbolKind.File,
            range=places.everything(),
            selection_range=places.range(report.title.at),
            children=sections,
        )
    ]


def _end(next_section: Position | None, places: Coordinates) -> int:
    return places.offset(*next_section[:2]) if next_section else places.length


def _section(report: Report, section: Section, range_: types.Range, places: Coordinates) -> types.DocumentSymbol:
    tables = [table for table in report.tables.values() if table.form.section == section.key]
    return types.DocumentSymbol(
        name=section.text,
        kind=types.SymbolKind.Namespace,
        range=range_,
        selection_range=places.range(section.at),
        children=[_table(table, report, places) for table in tables],
    )


def _table(table: PrintedTable, report: Report, places: Coordinates) -> types.DocumentSymbol:
    spots = [table.at, *(figure.at for figure in table.figures.values())]
    rows = list(_rows(table, places))
    return types.DocumentSymbol(
        name=table.form.name,
        detail=table.edition,
        kind=types.SymbolKind.Array,
        range=_around(spots, places),
        selection_range=places.range(first_line(table.at, report.document.lines)),
        children=rows,
    )


def _rows(table: PrintedTable, places: Coordinates) -> Iterator[types.DocumentSymbol]:
    """The rows that have figures, in the template's order."""
    cells: dict[str, list[Position]] = {}
    for address, figure in table.figures.items():
        cells.setdefault(address.rpartition(".")[0], []).append(figure.at)
    for row, spots in cells.items():
        range_ = _around(spots, places)
        label = table.form.label_of(f"{row}.")
        yield types.DocumentSymbol(name=label, kind=types.SymbolKind.Field, range=range_, selection_range=range_)


def _around(spots: list[Position], places: Coordinates) -> types.Range:
    """The smallest range that holds all the places."""
    starts = [places.offset(at.line, at.column) for at in spots]
    return places.span(min(starts), max(places.offset(at.end_line, at.end_column) for at in spots))
