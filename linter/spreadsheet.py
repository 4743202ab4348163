"""Tables in files for spreadsheets: CSV and XLSX, in which no text becomes a formula."""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from linter.xmltext import xml_text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | None

MOST_ROWS = 1_048_576
"""Rows that a sheet of an XLSX file can have."""

LONGEST = 32_767
"""Characters that a cell of an XLSX file can hold."""

PIECE = 500
"""Rows of CSV that are written at once."""

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_HARMLESS = re.compile(r"[+\-＋－]*|[+\-＋－][\d.,]+%?")


class Tinted(NamedTuple):
    """A value on a coloured ground, where the file knows colours."""

    value: Value
    color: str  # RRGGBB


class Column(NamedTuple):
    """A column of a sheet."""

    name: str
    width: int = 12  # in characters, of which a Chinese one takes two


class Sheet(NamedTuple):
    """A sheet of a workbook; its rows are asked for one by one."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value | Tinted]]


def number(value: Decimal | None) -> int | float | None:
    """The value for a cell; None for what no spreadsheet can count with, such as a number of 400 digits."""
    if value is None:
        return None
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value) if isfinite(float(value)) else None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula; a sign before a number is none, nor are signs alone."""
    return _FORMULA.match(text) is not None and _HARMLESS.fullmatch(text) is None


def csv_pieces(names: Sequence[str], rows: Iterable[Sequence[Value | Tinted]]) -> Iterator[str]:
    """CSV, a header first; a text that could be taken for a formula begins with an apostrophe, as OWASP has it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_csv_value, names))
    for count, row in enumerate(rows, 1):
        writer.writerow([_csv_value(value.value if isinstance(value, Tinted) else value) for value in row])
        if count % PIECE == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def write_csv(file: BinaryIO, names: Sequence[str], rows: Iterable[Sequence[Value | Tinted]]) -> None:
    """Writes CSV as Excel opens it: with the mark of UTF-8 at its beginning, without which Chinese is not readable."""
    file.write(BOM_UTF8)
    file.writelines(piece.encode("utf-8", "backslashreplace") for piece in csv_pieces(names, rows))


def _csv_value(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    # One kind of line break: the csv module leaves the other without the quotes that it needs.
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if is_formula(text) else text


def write_xlsx(file: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Writes a workbook, row by row; a sheet with more rows than one can have goes on in another."""
    from zipfile import ZIP_DEFLATED, ZipFile

    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    try:
        for sheet in sheets:
            _write_sheet(book, sheet)
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:  # closed here: left to openpyxl it stays open after an error
            ExcelWriter(book, archive).save()
    except BaseException:
        unfinished: Any  # of a class that openpyxl's stubs do not know whole
        for unfinished in book.worksheets:
            with suppress(FileNotFoundError):  # openpyxl's temporary file, of a sheet that is in the archive already
                unfinished._writer.cleanup()
        raise


def _write_sheet(book: "Workbook", sheet: Sheet) -> None:
    rows = iter(sheet.rows)
    row = next(rows, None)
    part = 1
    while row is not None or part == 1:
        written = book.create_sheet(sheet.title if part == 1 else f"{sheet.title} {part}")
        count = 1
        try:
            _begin(written, sheet.columns)
            while row is not None and count < MOST_ROWS:
                written.append([_xlsx_value(written, value) for value in row])
                row = next(rows, None)
                count += 1
            written.auto_filter.ref = f"A1:{_letter(len(sheet.columns))}{count}"
        finally:
            written.close()
        part += 1


def _begin(sheet: "Worksheet", columns: Sequence[Column]) -> None:
    """Writes the header, which stays in sight."""
    from openpyxl.styles import Alignment, Font

    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns, 1):
        sheet.column_dimensions[_letter(index)].width = column.width
    header = []
    for column in columns:
        cell = _text_cell(sheet, column.name)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        header.append(cell)
    sheet.append(header)


def _letter(index: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(index)


def _xlsx_value(sheet: "Worksheet", value: Value | Tinted) -> "Value | Cell":
    if isinstance(value, Tinted):
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import PatternFill

        text = isinstance(value.value, str)
        cell = _text_cell(sheet, str(value.value)) if text else WriteOnlyCell(sheet, value.value)
        cell.fill = PatternFill("solid", start_color=value.color)
        return cell
    # openpyxl makes a formula of a text with = and an error of one with #
    if isinstance(value, str) and (value[:1] == "#" or len(value) > LONGEST or is_formula(value)):
        return _text_cell(sheet, value)
    return xml_text(value) if isinstance(value, str) else value


def _text_cell(sheet: "Worksheet", text: str) -> "Cell":
    """A cell that holds the text whatever it looks like, also after someone has edited it."""
    from openpyxl.cell import WriteOnlyCell

    shown = xml_text(text)
    cell = WriteOnlyCell(sheet, shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…")
    cell.data_type = "s"
    if is_formula(shown):
        cell.quotePrefix = True
    return cell
