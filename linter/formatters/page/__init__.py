"""One HTML page for people who use no terminal: it loads nothing, and can be read, filtered and printed.

The page is written file by file. The summary, which is known last, is written last; it is shown first.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from linter import __version__
from linter.diagnostic import FileResult, Level
from linter.formatters import Context
from linter.formatters.page.sheet import sheet
from linter.formatters.page.words import words
from linter.xmltext import xml_text

MOST_RELATED = 6
"""Related places shown with a message; the others unfold."""


class Row(NamedTuple):
    """A file's row of the summary: all that is kept of it."""

    number: int
    path: str
    title: str | None
    agency: str | None
    year: int | None
    counts: dict[str, int]  # by level, and "unchecked", "suppressed"
    failed: bool
    drawn: bool


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:
    """The page, piece by piece. A file with nothing to say of it is only a row of the summary."""
    page = _environment(context)
    yield page.get_template("head.html.jinja").render()
    rows: list[Row] = []
    rules: Counter[str] = Counter()
    report = page.get_template("report.html.jinja")
    unfolded = True
    for number, result in enumerate(results, 1):
        row = _row(number, result)
        rows.append(row)
        rules.update(diagnostic.rule for diagnostic in result.diagnostics)
        if row.drawn:
            yield report.render(sheet=sheet(number, result, context), row=row, unfolded=unfolded)
            unfolded = unfolded and not result.diagnostics  # the first with findings; the others unfold on demand
        else:
            yield ""  # taken note of: another output of this run need not wait
    known = {rule.id: rule for rule in context.rules}
    titles = {rule: known[rule].title.say(context.lang) if rule in known else rule for rule in sorted(rules)}
    totals = Counter[str]()
    for row in rows:
        totals.update(row.counts)
    totals["clean"] = sum(not row.counts["found"] and not row.counts["suppressed"] for row in rows)
    yield page.get_template("end.html.jinja").render(rows=rows, rules=rules, titles=titles, totals=totals)


def _row(number: int, result: FileResult) -> Row:
    counts = {level.value: 0 for level in Level} | Counter(found.level.value for found in result.diagnostics)
    counts |= {
        "found": len(result.diagnostics),
        "unchecked": len(result.unchecked),
        "suppressed": len(result.suppressed),
    }
    drawn = bool(result.diagnostics or result.unchecked or result.suppressed or result.held)
    return Row(number, result.path, result.title, result.agency, result.year, counts, result.failed, drawn)


def _environment(context: Context) -> Environment:
    """Jinja with everything escaped, and what every part of the page needs."""
    environment = Environment(
        loader=PackageLoader(__name__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_visible,
    )
    style, script = (Markup((files(__name__) / name).read_text("utf-8")) for name in ("page.css", "page.js"))  # noqa: S704 - our own files
    environment.globals.update(
        say=words(context.lang),
        lang="en" if context.lang == "en" else "zh-CN",
        language=context.lang,
        version=__version__,
        most_related=MOST_RELATED,
        levels=[level.value for level in Level],
        style=style,
        script=script,
        # nothing is loaded, and of what could run only the page's own script does
        policy="; ".join(
            (
                "default-src 'none'",
                f"style-src '{_digest(style)}'",
                f"script-src '{_digest(script)}'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
    )
    return environment


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _visible(value: object) -> object:
    """What stands between braces in a template; of a report's text, control characters are made visible."""
    return xml_text(value) if type(value) is str else value
