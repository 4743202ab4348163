"""`period`: the statistical period that the report states."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from linter.check import Finding, Unchecked
from linter.dates import Span, spans, whole_years
from linter.document import Heading, Paragraph, Position, place
from linter.errors import Phrase
from linter.folding import fold, sentence, unfold
from linter.pattern import Pattern
from linter.report import Report

CONTEXT = 60
"""Characters in front of a span of dates in which the words that make it the statistical period must stand."""


class Statement(NamedTuple):
    """A statement of the period: the span of dates and where it is printed."""

    span: Span
    at: Position


class PeriodCheck(NamedTuple):
    """The period is stated, or each statement is 1 January to 31 December of the report's year.

    A span of dates states the period when one of `phrases` matches the same sentence in front of it or one of
    `followed_by` right behind it (regular expressions over folded text); a count up to a date states nothing.
    """

    must: Literal["stated", "whole-year"]
    phrases: tuple[Pattern, ...]
    followed_by: tuple[Pattern, ...] = ()

    def placeholders(self) -> frozenset[str]:
        """The report's year and the period as printed."""
        return frozenset({"year", "printed"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding where the period is not stated (at the title or the first block), or is another (there)."""
        stated = list(self.statements(report))
        if self.must == "stated":
            if not stated:
                yield Finding(at=report.start, values={"year": report.year or "××××", "printed": ""})
            return
        if not stated:
            yield Unchecked(reason=Phrase(zh="没有写明统计期限", en="the period is not stated"))
        for statement in stated:
            year = report.year or (statement.span.last[0] if statement.span.last else None)
            if year is None or (statement.span.first, statement.span.last) != ((year, 1, 1), (year, 12, 31)):
                yield Finding(
                    at=statement.at,
                    values={"year": year or "", "printed": _text(report, statement.at)},
                )

    def statements(self, report: Report) -> Iterator[Statement]:
        """Every statement of the period in the report's prose."""
        blocks = [*report.preface, *(block for section in report.sections for block in section.blocks)]
        for block in blocks:
            if not isinstance(block, Heading | Paragraph):
                continue
            folded = fold(block.text)
            for span in (*spans(folded), *whole_years(folded)):
                if self._is_period(folded, span):
                    start, end = unfold(block.text, span.start, span.end)
                    yield Statement(span=span, at=place(block, start, end))

    def _is_period(self, folded: str, span: Span) -> bool:
        first, _ = sentence(folded, span.start, span.end)
        before = folded[max(first, span.start - CONTEXT) : span.start]
        behind = folded[span.end : span.end + CONTEXT]
        return any(phrase.search(before) for phrase in self.phrases) or (
            any(phrase.match(behind) for phrase in self.followed_by)
        )


def _text(report: Report, at: Position) -> str:
    """The text at a place, for the message."""
    lines = report.document.lines
    if at.line == at.end_line:
        return lines[at.line - 1][at.column - 1 : at.end_column - 1]
    return lines[at.line - 1][at.column - 1 :] + "…"
