"""Fixers: the edits that correct what a rule finds, where the right form is certain and no figure changes.

Whether an edit does no harm is not for a fixer to say: `fixing` reads and checks the file again after each.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from linter.check import Finding
from linter.checks.total import Instance, TotalCheck
from linter.document import Position, width
from linter.edits import Edit, reader_of, spot
from linter.figure import Figure
from linter.folding import fold, label_core, numeral_end, unfold
from linter.number import is_blank
from linter.outline import MARKS, Section
from linter.report import Report

NUMERALS = "一二三四五六七八九十"

MOST_SLIPS = 2
"""Characters by which a heading may differ from the template's: with more, what was meant is not certain."""

_NARROW = {code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *map(ord, "＋－，．"))}
_TOKEN = re.compile(r"<[^>]*>|&(?:#?\w+);|.")
_SPACES = " \xa0\u3000\u2002\u2003"
_DELIMITER = re.compile(r"[\t|]")
_YEAR = re.compile(r"[\[(【〔﹝［（]{0,2}(\s*20\d\d\s*)[\])】〕﹞］）]{0,2}")
_BRACKETS = re.compile(r"[\[\]()【】〔〕﹝﹞［］（）]")
_BOOKMARK = re.compile(r"\[bookmark:[^\]]*\]")


class Task(NamedTuple):
    """What a fixer goes by."""

    report: Report
    findings: Sequence[Finding]  # of its rule
    totals: Sequence[TotalCheck]  # the equations that the figures must meet


Fixer = Callable[[Task], Iterator[Edit]]


def _numbers(task: Task) -> Iterator[Edit]:
    """Full-width digits and signs become ASCII; spaces in a number cell that are no separators of columns go."""
    plain = reader_of(task.report.document.path) == "text"
    for figure in task.report.figures.values():
        if figure.value is None:
            continue
        for number, start, end in _lines(task.report, figure.at):
            line = task.report.document.lines[number - 1]
            left, right = _reach(line, start, end) if plain else (start, end)
            new = _narrow(line[start:end])
            if "|" in line[max(0, left - 1) : left] + line[right : right + 1]:  # ASCII spaces are layout there
                new = " " * line.count(" ", left, start) + new + " " * line.count(" ", end, right)
            elif plain and not _DELIMITER.search(line) and line[right:].strip():  # columns may be aligned by spaces
                new += " " * (width(line[left:right]) - width(new))
            if new != line[left:right]:
                yield Edit(spot(figure.at, number, left, right), new)


def _lines(report: Report, at: Position) -> Iterator[tuple[int, int, int]]:
    """(line, start offset, end offset) of each line that a place covers."""
    for line in range(at.line, at.end_line + 1):
        end = at.end_column - 1 if line == at.end_line else len(report.document.lines[line - 1])
        yield line, at.column - 1 if line == at.line else 0, end


def _reach(line: str, start: int, end: int) -> tuple[int, int]:
    """From one separator of cells to the next, where only spaces stand between them and `line[start:end]`."""
    left = len(line[:start].rstrip(_SPACES))
    right = len(line) - len(line[end:].lstrip(_SPACES))
    between = (not left or line[left - 1] in "\t|") and (right == len(line) or line[right] in "\t|")
    return (left, right) if between and _DELIMITER.search(line) else (start, end)


def _narrow(printed: str) -> str:
    """What the file says for a number, in ASCII and without no-break or full-width spaces; markup stays."""
    return "".join(_narrow_token(token[0]) for token in _TOKEN.finditer(printed))


def _narrow_token(token: str) -> str:
    shown = html.unescape(token)
    if shown.isspace() and not shown.isascii():
        return ""
    return _NARROW.get(ord(shown), token) if len(shown) == 1 else token


def _citation(task: Task) -> Iterator[Edit]:
    """The year stands in 〔〕, where nothing but brackets and spaces is wrong."""
    for at, values, *_ in task.findings:
        printed, right = _printed(task.report, at), fold(str(values["name"]))
        fixed = _YEAR.sub(lambda match: f"〔{match[1].strip()}〕", printed, count=1)
        if fold(fixed) == right and fold(_BRACKETS.sub("", printed)) == _BRACKETS.sub("", right):
            yield Edit(at, fixed)


def _leftover(task: Task) -> Iterator[Edit]:
    """Bookmarks of a conversion go."""
    for finding in task.findings:
        if _BOOKMARK.fullmatch(_printed(task.report, finding.at)):
            yield Edit(finding.at, "")


def _wording(task: Task) -> Iterator[Edit]:
    """A heading that differs from the template's by a slip reads as the template's; its number stays."""
    from rapidfuzz.distance.Levenshtein import distance  # only for a heading that is wrong

    for section in _sections(task.report, task.findings):
        text = section.text
        folded = fold(text)
        marks = len(folded) - len(folded.lstrip(MARKS))
        number = marks + numeral_end(folded[marks:])
        start = unfold(text, 0, number)[1] if number else 0
        stop = len(text.rstrip(MARKS + " ：:"))
        if distance(label_core(text), label_core(section.label)) <= MOST_SLIPS:
            first = section.at.column - 1
            yield Edit(spot(section.at, section.at.line, first + start, first + stop), section.label)


def _numbering(task: Task) -> Iterator[Edit]:
    """All sections are there and in order: each has its place's number."""
    order = [form.key for form in task.report.template.sections]
    if [section.key for section in task.report.sections] != order:
        return
    for section in _sections(task.report, task.findings):
        marks = len(fold(section.text)) - len(fold(section.text).lstrip(MARKS))
        first, last = unfold(section.text, marks, marks + 1)
        column = section.at.column - 1
        place = spot(section.at, section.at.line, column + first, column + last)
        yield Edit(place, NUMERALS[order.index(section.key)])


def _sections(report: Report, findings: Sequence[Finding]) -> Iterator[Section]:
    """The sections that findings sit on, those whose heading is printed without markup in it."""
    places = {finding.at for finding in findings}
    for section in report.sections:
        if section.at in places and _printed(report, section.at) == section.text:
            yield section


def _printed(report: Report, at: Position) -> str:
    """What the file says at a place; nothing for one of several lines."""
    line = report.document.lines[at.line - 1]
    return line[at.column - 1 : at.end_column - 1] if at.line == at.end_line else ""


def _zeros(task: Task) -> Iterator[Edit]:
    """A blank is 0 where every equation of the cell then holds, and one of them has a printed number to say so."""
    for address in zeros(task.report, task.totals):
        figure = task.report.figures[address]
        if (edit := _fill(task.report, figure)) is not None:
            yield edit


def zeros(report: Report, totals: Sequence[TotalCheck]) -> frozenset[str]:
    """The addresses of the blanks that `_zeros` may fill."""
    figures = report.figures
    values = {address: figure.value for address, figure in figures.items()}
    filled = {a for a, figure in figures.items() if figure.value is None and is_blank(figure.text)}
    equations = [(check, check.coefficients(instance)) for check in totals for instance in _instances(report, check)]
    said = {
        address
        for check, factors in equations
        if check.holds.relation == "==" and any(values.get(a) is not None for a in factors)
        for address in factors
    }
    filled &= said
    while True:
        wrong: set[str] = set()
        for check, factors in equations:
            parts = [(f, Decimal(0) if a in filled else values.get(a)) for a, f in factors.items()]
            known = [factor * value for factor, value in parts if value is not None]
            if len(known) < len(parts) or not check.holds.holds(sum(known, Decimal(0)), Decimal(0)):
                wrong |= factors.keys()
        if not filled & wrong:
            return frozenset(filled)
        filled -= wrong


def _instances(report: Report, check: TotalCheck) -> tuple[Instance, ...]:
    table = report.tables.get(check.table)
    return () if table is None else check.instances(table.form)


def _fill(report: Report, figure: Figure) -> Edit | None:
    """The edit that writes 0 into a blank cell; None where the file shows no place for it."""
    at = figure.at
    if at.line != at.end_line:
        return None
    line, printed = report.document.lines[at.line - 1], _printed(report, at)
    if printed.startswith("<"):  # an empty cell of HTML is placed at its tag
        return Edit(at, f"{printed}0")
    if printed.strip() or html.unescape(printed).strip():
        return Edit(at, "0")
    left, right = line[: at.column - 1].rstrip(" "), line[at.end_column - 1 :].lstrip(" ")
    beside = left[-1:] + right[:1]
    if _DELIMITER.search(beside) and not beside.strip("\t|"):
        return Edit(at, " 0 " if printed else "0")
    return Edit(at, "0") if printed else None


FIXERS: dict[str, Fixer] = {
    "leftover-markup": _leftover,
    "section-heading": _wording,
    "section-order": _numbering,
    "citation-misprint": _citation,
    "cell-not-number": _numbers,
}
"""Rule → what corrects it, in the order in which they are run."""

UNSAFE: dict[str, Fixer] = {"cell-blank": _zeros}
"""Those that write a figure."""
