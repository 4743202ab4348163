"""`contradiction`: what the prose says in words (全部办结, 未收到申请) does not meet cells that say otherwise."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from linter.check import Finding, Problem, Unchecked
from linter.claims import Sum, Total, cell_name, relative_years
from linter.diagnostic import Related
from linter.errors import Phrase
from linter.passage import Passage
from linter.pattern import Pattern
from linter.report import Report
from linter.template import Template


class Nothing(NamedTuple):
    """Cells that must add up to 0 where the clause, or else its sentence up to there, matches `about`."""

    about: Pattern
    sum: Sum


class Statement(NamedTuple):
    """Words that leave no room for anything in some cells."""

    says: Pattern  # searched in each clause
    leaves: tuple[Nothing, ...]
    after: Pattern | None = None  # must match the sentence up to the clause's end, unless it is in the section `home`
    home: str = ""
    unless: Pattern | None = None  # in the sentence: it says something narrower


class ContradictionCheck(NamedTuple):
    """None of `statements` is made in the prose while a cell that it leaves no room for is more than 0."""

    sections: tuple[str, ...]
    elsewhere: Pattern  # in the sentence up to there: another year, period or body
    statements: tuple[Statement, ...]

    def placeholders(self) -> frozenset[str]:
        """The statement as printed and its section, and the cells that say otherwise with their values."""
        return frozenset({"claim", "section", "cells"})

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """Addresses that no template has."""
        for statement in self.statements:
            for nothing in statement.leaves:
                yield from nothing.sum.problems("statements", templates)

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding for each statement that the tables contradict."""
        likely = [statement for statement in self.statements if statement.says.may_match(report.folded)]
        for passage in report.passages(self.sections) if likely else ():
            said = [statement for statement in likely if statement.says.may_match(passage.folded)]
            for start, end in passage.sentences() if said else ():
                yield from self._check(passage, start, end, said, report)

    def _check(
        self, passage: Passage, start: int, end: int, statements: Sequence[Statement], report: Report
    ) -> Iterator[Finding | Unchecked]:
        sentence = relative_years(passage.folded[start:end], report.year)
        first = start
        for clause in passage.folded[start:end].split(","):
            last = first + len(clause)
            for statement in statements:
                said = statement.says.search(clause)
                if said is None or (statement.unless and statement.unless.search(sentence)):
                    continue
                ahead = relative_years(passage.folded[start:last], report.year)
                at_home = passage.section.key == statement.home
                if statement.after and not at_home and not statement.after.search(passage.topic + ahead):
                    continue
                if self.elsewhere.search(ahead):
                    continue
                about = [nothing for nothing in statement.leaves if nothing.about.search(clause)] or [
                    nothing for nothing in statement.leaves if nothing.about.search(passage.topic + ahead)
                ]
                yield from _contradicted(passage, (first + said.start(), first + said.end()), about, report)
            first = last + 1


def _contradicted(
    passage: Passage, span: tuple[int, int], about: list[Nothing], report: Report
) -> Iterator[Finding | Unchecked]:
    totals = [total for nothing in about if (total := nothing.sum.of(report)) is not None]
    filled = [figure for total in totals if isinstance(total, Total) for figure in total.figures if figure.value]
    if not filled:
        yield from (total for total in totals if isinstance(total, Unchecked))
        return
    named = [(cell_name(report.tables[f.address.partition(".")[0]].form, f.address), f.value) for f in filled]
    yield Finding(
        at=passage.at(*span),
        address=filled[0].address,
        values={
            "claim": passage.printed(*span),
            "section": passage.section.label,
            "cells": Phrase(
                zh="，".join(f"{name.zh}是 {value}" for name, value in named),
                en=", ".join(f"{name.en} is {value}" for name, value in named),
            ),
        },
        related=tuple(Related(at=figure.at, address=figure.address) for figure in filled),
    )
