"""CSV: one row a diagnostic, for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Iterator

from linter.diagnostic import FileResult
from linter.formatters import Context

COLUMNS = (
    *("path", "line", "column", "end_line", "end_column", "page", "where"),
    *("level", "rule", "address", "message", "hint"),
)


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:  # noqa: ARG001 - all formatters' signature
    """A header, then the rows file by file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    yield out.getvalue()
    for result in results:
        out.seek(0)
        out.truncate()
        for diagnostic in result.diagnostics:
            hint = diagnostic.hint.text if diagnostic.hint else None
            at = diagnostic.at
            place = (at.line, at.column, at.end_line, at.end_column, at.page, at.where)
            subject = (diagnostic.level, diagnostic.rule, diagnostic.address, diagnostic.message, hint)
            writer.writerow((diagnostic.path, *place, *subject))
        yield out.getvalue()
