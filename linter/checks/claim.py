"""`claim`: a count in the prose equals the cell that it speaks of, or one of several permitted sums."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from linter.check import Finding, Held, Problem, Unchecked, Value
from linter.claims import Sum, Total, before, behind, relative_years, without_brackets
from linter.diagnostic import Related
from linter.document import Position
from linter.errors import Phrase
from linter.passage import Passage
from linter.pattern import Pattern
from linter.quantities import Quantity, quantities
from linter.report import Report
from linter.template import Template

PART = "其中"
"""What a count of a part follows."""


class Subject(NamedTuple):
    """What counts are about: the words that say so, and the cells that hold them.

    `phrases` stand in front of the number, `after` behind it; fillers in both do not count, and nothing else may stand
    there. A subject with `of` is a part: it is meant only after a count of one of those subjects in the same paragraph,
    or, with `alone`, also before any count.
    """

    key: str
    phrases: tuple[str, ...]
    sums: tuple[Sum, ...]  # each is right; those that the table's edition lacks are left out
    after: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    alone: bool = False
    context: Pattern | None = None  # must occur in the paragraph in front, unless it is in `section`
    section: str = ""
    unless: Pattern | None = None  # in the sentence in front: the count is another's
    unit: str = ""  # its one measure word, instead of the check's
    divisor: int = 1  # what a printed value is divided by to compare with the cell: 元 with 万元


class Claim(NamedTuple):
    """A count in the prose of which it is certain what it is about."""

    subject: Subject
    quantity: Quantity
    scope: str  # the words for the organ or region that it is of; empty where it names none
    passage: Passage
    start: int  # where its words begin
    end: int  # … and end

    @property
    def at(self) -> Position:
        """The place of the number."""
        return self.passage.at(self.quantity.start, self.quantity.end)


class Words(NamedTuple):
    """The measure words of all subjects, and the subjects by the phrases in front of a number and behind it."""

    units: frozenset[str]
    fronts: Mapping[str, tuple[Subject, ...]]
    backs: Mapping[str, tuple[Subject, ...]]


class ClaimCheck(NamedTuple):
    """Every exact count in the prose that is one of `subjects` equals one of its sums.

    A count is left alone when any word in front of it is not understood, when its sentence holds `elsewhere` (another
    year, period or body), and when it stands behind 其中 and is no known part.
    """

    sections: tuple[str, ...]
    units: tuple[str, ...]
    fillers: Pattern  # words that do not change what is counted
    region: Pattern  # words for the whole region, which only a government reports on
    government: Pattern  # matches the organ's name where the whole region is its own
    elsewhere: Pattern
    neutral: Pattern  # parts by channel or applicant, and comparisons: what follows is still about the same whole
    onward: Pattern  # how the words behind a number go on where they do not narrow what it counts
    subjects: tuple[Subject, ...]

    def __hash__(self) -> int:
        """By identity: rules are few, live as long as the ruleset, and are keys of what is derived from them."""
        return id(self)

    def placeholders(self) -> frozenset[str]:
        """The claim as printed and its section, the cells that it should equal, and their value."""
        return frozenset({"claim", "number", "section", "cells", "value"})

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """Addresses that no template has, and subjects that are not there."""
        keys = tuple(subject.key for subject in self.subjects)
        for subject in self.subjects:
            yield from (Problem(option="subjects", name=key, known=keys) for key in subject.of if key not in keys)
            for total in subject.sums:
                yield from total.problems("subjects", templates)

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding for each claim that equals none of its sums."""
        yield from (found for found in self._judge(report) if not isinstance(found, Held))

    def held(self, report: Report) -> Iterator[Held]:
        """The claims that hold."""
        yield from (found for found in self._judge(report) if isinstance(found, Held))

    def _judge(self, report: Report) -> Iterator[Finding | Unchecked | Held]:
        """What is found of each claim. One that fails is left alone where another, of another scope, holds."""
        judged = [
            (claim, found) for claim in self.claims(report) if (found := self._compare(claim, report)) is not None
        ]
        scopes: dict[str, set[str]] = {}
        for claim, found in judged:
            if isinstance(found, Held):
                scopes.setdefault(claim.subject.key, set()).add(claim.scope)
        for claim, found in judged:
            if not isinstance(found, Finding) or not scopes.get(claim.subject.key, set()) - {claim.scope}:
                yield found

    def _compare(self, claim: Claim, report: Report) -> Finding | Unchecked | Held | None:
        totals: list[Total] = []
        unread: Unchecked | None = None
        shown = claim.quantity
        quantity = shown._replace(value=shown.value / claim.subject.divisor, step=shown.step / claim.subject.divisor)
        for permitted in claim.subject.sums:
            total = permitted.of(report)
            if isinstance(total, Unchecked):
                unread = unread or total
            elif total is not None:
                totals.append(total)
        right = next((total for total in totals if quantity.agrees(total.value)), None)
        best = right or next(iter(totals), None)
        if right is None and unread is not None:
            return unread
        if best is None:
            return None
        filled = [figure for figure in best.figures if figure.value] or list(best.figures)
        values: dict[str, Value] = {
            "claim": claim.passage.printed(claim.start, claim.end),
            "number": claim.passage.printed(shown.start, shown.end),
            "section": claim.passage.section.label,
            "cells": best.name,
            "value": best.value,
        }
        related = tuple(Related(at=figure.at, address=figure.address) for figure in filled)
        if right is not None:
            zh = f"“{values['claim']}” = {best.name.zh} {best.value}"
            en = f"'{values['claim']}' = {best.name.en} {best.value}"
            return Held(at=claim.at, text=Phrase(zh=zh, en=en), related=related)
        return Finding(at=claim.at, values=values, address=best.figures[0].address, related=related)

    def claims(self, report: Report) -> Iterator[Claim]:
        """The claims of the report's prose, in printed order."""
        for passage in report.passages(self.sections):
            yield from self._claims(passage, report)

    def _claims(self, passage: Passage, report: Report) -> Iterator[Claim]:
        folded = passage.folded
        units = _words(self).units
        counted = [quantity for quantity in quantities(folded) if quantity.unit in units]
        starts = [quantity.start for quantity in counted]
        whole: str | None = ""  # the subject of the last whole; empty before any, None where it was not understood
        for first, last in passage.sentences() if counted else ():
            inside = counted[bisect_left(starts, first) : bisect_left(starts, last)]
            part = False
            previous = first
            for number, quantity in enumerate(inside):
                start = before(folded, quantity, previous)
                following = inside[number + 1].start if number + 1 < len(inside) else last
                part = part or PART in folded[previous : quantity.start]
                ahead = relative_years(folded[first : quantity.start], report.year)
                claim = self._claim(passage, quantity, (start, following), whole, report)
                previous = quantity.end
                if claim is None or (part and not claim.subject.of):
                    bracketed = ahead.count("(") > ahead.count(")")
                    if not bracketed and not self.neutral.search(folded[start : quantity.start]):
                        whole = None
                    continue
                elsewhere = self._is_elsewhere(claim, ahead)
                if not claim.subject.of:
                    whole = None if elsewhere else claim.subject.key
                if quantity.exact and not elsewhere:
                    yield claim

    def _claim(
        self, passage: Passage, quantity: Quantity, span: tuple[int, int], whole: str | None, report: Report
    ) -> Claim | None:
        """The claim that a quantity makes, or None where it is not certain what it is about."""
        start, following = span
        lead, scope = self._core(passage.folded[start : quantity.start], report)
        words = behind(passage.folded, quantity, following)
        tail, _ = self._core(words, report)
        _, fronts, backs = _words(self)
        narrowed = tail and not self.onward.match(words)  # 收到5件自然人申请
        found = backs.get(tail, ()) if not lead else () if narrowed else fronts.get(lead, ())
        context = passage.ahead(quantity.end) + words
        for subject in found:
            fits = not subject.of or whole in subject.of or (subject.alone and whole == "")
            unit = quantity.unit == subject.unit if subject.unit else quantity.unit in self.units
            about = subject.context is None or passage.section.key == subject.section or subject.context.search(context)
            if fits and unit and about:
                end = quantity.end if lead else quantity.end + len(words)
                return Claim(subject=subject, quantity=quantity, scope=scope, passage=passage, start=start, end=end)
        return None

    def _core(self, words: str, report: Report) -> tuple[str, str]:
        """(the words without fillers and without the report's own organ or region, the words for these)."""
        words = relative_years(words, report.year)
        scope = ""
        agency = _short(report.agency or "")
        if agency and self.government.search(agency) and (region := self.region.search(words)):
            scope = region[0]
        else:
            short = _short(words)
            own = next((agency[cut:] for cut in range(len(agency) - 2) if agency[cut:] in short), "")
            if own:
                words, scope = short, own
        return re.sub(self.fillers.source, "", words.replace(scope, "", 1) if scope else words), scope

    def _is_elsewhere(self, claim: Claim, ahead: str) -> bool:
        ahead = without_brackets(ahead)
        unless = claim.subject.unless
        return bool(self.elsewhere.search(ahead) or (unless and unless.search(ahead)))


def _short(name: str) -> str:
    """An organ's name as sentences shorten it."""
    return name.replace("人民政府", "政府").replace("办公室", "办")


@lru_cache(maxsize=8)
def _words(check: ClaimCheck) -> Words:
    fronts: dict[str, tuple[Subject, ...]] = {}
    backs: dict[str, tuple[Subject, ...]] = {}
    for subject in check.subjects:
        for phrases, index in ((subject.phrases, fronts), (subject.after, backs)):
            for phrase in phrases:
                core = re.sub(check.fillers.source, "", phrase)
                index[core] = (*index.get(core, ()), subject)
    return Words(frozenset({*check.units, *(subject.unit for subject in check.subjects)}), fronts, backs)
