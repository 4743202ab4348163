"""`year`: work that is told as this year's under the date of another year."""

from collections.abc import Iterator
from typing import NamedTuple

from linter.check import Finding, Unchecked
from linter.document import Heading, Paragraph, Table, place
from linter.folding import fold, sentence, unfold
from linter.pattern import Pattern
from linter.report import Report


class YearCheck(NamedTuple):
    """No paragraph tells this year's work under the year before or after the title's.

    `before` and `after` are patterns over folded text with a group `year`. A paragraph that names the report's own year
    compares, and is left alone. So is a report that is unsure of its year: its title names none, or its text names the
    last day of the other year, as the end of the period perhaps.
    """

    before: tuple[Pattern, ...]  # how work is told, where `year` is the year before the report's
    after: tuple[Pattern, ...]  # the same for the year after it
    unless: tuple[Pattern, ...] = ()  # a year is right where one of these is found behind it in the sentence

    def placeholders(self) -> frozenset[str]:
        """The year as printed and the year of the report."""
        return frozenset({"printed", "year"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding at the first stale year of each paragraph."""
        year = report.title.year if report.title is not None else None
        if year is None:
            return
        paragraphs = [(block, fold(block.text)) for block in _prose(report)]
        for other, patterns in ((year - 1, self.before), (year + 1, self.after)):
            if any(f"{other}年12月31日" in text for _, text in paragraphs):
                continue
            for block, text in paragraphs:
                if str(other) in text and str(year) not in text and (span := self._stale(text, str(other), patterns)):
                    at = place(block, *unfold(block.text, *span))
                    yield Finding(at=at, values={"printed": other, "year": year})

    def _stale(self, text: str, year: str, patterns: tuple[Pattern, ...]) -> tuple[int, int] | None:
        """Where the first of the patterns that finds that year, without excuse, has it."""
        for pattern in patterns:
            start = 0
            while match := pattern.search(text, start):
                start = match.end()
                at = match.start("year")
                rest = text[at : sentence(text, at, at)[1]]
                if match["year"] == year and not any(excuse.search(rest) for excuse in self.unless):
                    return match.span("year")
        return None


def _prose(report: Report) -> Iterator[Heading | Paragraph]:
    for block in (*report.preface, *(block for section in report.sections for block in section.blocks)):
        if not isinstance(block, Table):
            yield block
