"""Fixing a file: the edits of one rule after the other, each kept only where it does no harm.

After the edits of a rule the file is read and checked again. Where a figure then differs (but for a blank that `unsafe`
fills with 0), or a rule finds something that it did not find before, they are not made.
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from linter.check import Finding
from linter.checks.total import TotalCheck
from linter.diagnostic import Exemption
from linter.document import Position
from linter.edits import Edit, apply, writable
from linter.engine import Source, check_report, report_of
from linter.errors import Phrase
from linter.fixers import FIXERS, UNSAFE, Fixer, Task, zeros
from linter.report import Report
from linter.ruleset import Rule, Ruleset

MOST_ROUNDS = 4
"""A fix can show the next fault; more rounds than rules depend on one another are not needed."""


class Fixed(NamedTuple):
    path: str
    data: bytes  # of the whole file
    before: tuple[str, ...]  # the text view
    after: tuple[str, ...]
    applied: Mapping[str, int]  # rule → edits made
    writable: bool = True  # whether files of this format are ever written

    def diff(self) -> Iterator[str]:
        """The changes as a unified diff of the text view; nothing where there are none."""
        pieces = difflib.unified_diff(self.before, self.after, self.path, self.path, lineterm="")
        yield from (f"{piece}\n" for piece in pieces)

    def summary(self, lang: str) -> str:
        """One line on what was corrected, or why nothing could be; empty where there was nothing to do."""
        if not self.writable:
            return Phrase(
                zh=f"{self.path}：这种格式从不改写，请改原文件（.docx、.html、.md、.txt）",
                en=f"{self.path}: this format is never written; correct the original (.docx, .html, .md, .txt)",
            ).say(lang)
        if not self.applied:
            return ""
        rules = Phrase(zh="、", en=", ").say(lang).join(f"{rule} {count}" for rule, count in self.applied.items())
        total = sum(self.applied.values())
        return Phrase(
            zh=f"{self.path}：修正 {total} 处（{rules}）", en=f"{self.path}: {total} correction(s) ({rules})"
        ).say(lang)


def fix(  # noqa: PLR0913 - what a correction depends on
    source: Source,
    ruleset: Ruleset,
    every: Ruleset,
    *,
    waived: Sequence[Exemption] = (),
    unsafe: bool = False,
    within: Position | None = None,
) -> Fixed:
    """The file with what the chosen rules find corrected, where that is safe. Raises ReadError.

    `every` holds all rules: the equations that a filled blank must meet, and what must not be found anew. What is
    `waived`, or excepted by a comment in the file, is left as it is. `within` is the place beyond which nothing is
    changed.
    """
    data = source.load()
    if not writable(source.path):
        return Fixed(source.path, data, (), (), {}, writable=False)
    report = report_of(data, source.path, every)
    before = report.document.lines
    applied: Counter[str] = Counter()
    fixers = {**FIXERS, **UNSAFE} if unsafe else FIXERS
    rules = {rule.id: rule for rule in ruleset.rules}
    for _ in range(MOST_ROUNDS if report.recognised else 0):
        start = data
        for name, fixer in fixers.items():
            if name in rules:
                data, report, made = _step(data, report, rules[name], partial(_edits, fixer, within), every, waived)
                applied.update({name: made} if made else {})
        if data == start:
            break
    return Fixed(source.path, data, before, report.document.lines, applied)


def _edits(fixer: Fixer, within: Position | None, task: Task) -> Iterator[Edit]:
    """What the fixer would change within a place, or anywhere."""
    for edit in fixer(task):
        if within is None or _covers(within, edit.at):
            yield edit


def _covers(outer: Position, inner: Position) -> bool:
    starts = (outer.line, outer.column) <= (inner.line, inner.column)
    return starts and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


def _meet(one: Position, other: Position) -> bool:
    """Whether two places have something in common; one without characters has its own place."""
    before = (one.end_line, one.end_column) < (other.line, other.column)
    return not before and not (other.end_line, other.end_column) < (one.line, one.column)


def _step(  # noqa: PLR0913, PLR0917 - a round's state and what it depends on
    data: bytes, report: Report, rule: Rule, fixer: Fixer, every: Ruleset, waived: Sequence[Exemption]
) -> tuple[bytes, Report, int]:
    """The file after one fixer, its report, and the number of edits; as it was where they would do harm."""
    result = check_report(report, report.document.path, every._replace(rules=(rule,)), "zh", every, waived)
    shown = {diagnostic.at for diagnostic in result.diagnostics}
    findings = [found for found in rule.check.run(report) if isinstance(found, Finding)]
    excepted = [at for f in findings if f.at not in shown for at in (f.at, *(other.at for other in f.related))]
    totals = [other.check for other in every.rules if isinstance(other.check, TotalCheck)]
    task = Task(report, [finding for finding in findings if finding.at in shown], totals)
    edits = [edit for edit in fixer(task) if not any(_meet(edit.at, at) for at in excepted)]
    new = apply(data, report.document, edits) if edits else data
    if new == data:
        return data, report, 0
    after = report_of(new, report.document.path, every)
    filled = zeros(report, totals) if rule.id in UNSAFE else frozenset()
    if _figures(after) != _filled(report, after, filled) or _new(report, after, every):
        return data, report, 0
    return new, after, len(edits)


def _figures(report: Report) -> dict[str, Decimal | None]:
    return {address: figure.value for address, figure in report.figures.items()}


def _filled(report: Report, after: Report, blanks: Iterable[str]) -> dict[str, Decimal | None]:
    """The figures that the report may have once it is fixed: those of `blanks` that were written are 0."""
    values, new = _figures(report), _figures(after)
    return values | {address: Decimal(0) for address in blanks if new.get(address) is not None}


def _new(report: Report, after: Report, every: Ruleset) -> bool:
    """Whether a rule finds in `after` what it did not find in `report`: at another address, or once more."""
    found = check_report(report, report.document.path, every, "zh").diagnostics
    known = Counter((d.rule, address) for d in found for address in (d.address, *(r.address for r in d.related)))
    now = check_report(after, after.document.path, every, "zh").diagnostics
    return bool(Counter((d.rule, d.address) for d in now) - known)
