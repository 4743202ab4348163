"""`partition`: the parts that a sentence lists after 其中 and the whole in front of it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from linter.check import Finding, Unchecked
from linter.claims import before
from linter.errors import Phrase
from linter.folding import SENTENCE_ENDS
from linter.passage import Passage
from linter.pattern import Pattern
from linter.quantities import Quantity, quantities
from linter.report import Report


class PartitionCheck(NamedTuple):
    """The parts behind `opens` do not exceed the whole in front; those behind `opens_all` add up to it.

    Compared are exact numbers with one measure word. A list is left alone where it is not certain what its whole is, or
    where its parts may overlap: where the sentence is `doubtful`, where only some match one of `kinds`, or
    where the first of them add up to the whole already (applicants, then channels).
    """

    sections: tuple[str, ...]
    units: tuple[str, ...]
    opens: Pattern  # what stands between the whole and the words in front of the first part
    opens_all: Pattern
    doubtful: Pattern  # also right in front of the whole: a growth is no whole
    kinds: tuple[Pattern, ...]  # what parts are told apart by: channel, applicant, outcome
    rest: Pattern  # parts that fit any kind: 其他

    def placeholders(self) -> frozenset[str]:
        """The whole and the parts as printed, their sum, and what is wrong with it."""
        return frozenset({"whole", "parts", "sum", "problem"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding at each whole whose parts are more than it, or are not all of it."""
        for passage in report.passages(self.sections):
            folded = passage.folded
            counted = [quantity for quantity in quantities(folded) if quantity.unit in self.units]
            for number, whole in enumerate(counted[:-1]):
                between = folded[whole.end : counted[number + 1].start]
                complete = self.opens_all.match(between) is not None
                if (complete or self.opens.match(between)) and self._is_only(folded, counted[: number + 1]):
                    yield from self._compare(passage, whole, counted[number + 1 :], complete)

    def _is_only(self, folded: str, counted: Sequence[Quantity]) -> bool:
        """Whether the last quantity is an exact whole, the only number of its kind in its sentence so far."""
        whole = counted[-1]
        sentence = max(folded.rfind(mark, 0, whole.start) for mark in SENTENCE_ENDS) + 1
        lead = folded[sentence : whole.start]
        alone = all(other.start < sentence or other.unit != whole.unit for other in counted[:-1])
        return whole.exact and alone and lead.count("(") == lead.count(")") and not self.doubtful.search(lead[-6:])

    def _compare(
        self, passage: Passage, whole: Quantity, following: Sequence[Quantity], complete: bool
    ) -> Iterator[Finding]:
        parts = self._parts(passage.folded, whole, following)
        total = sum((part.value for part in parts), Decimal(0))
        if not parts or not all(part.exact for part in parts) or self._overlap(passage.folded, whole, parts):
            return
        if total > whole.value:
            problem = Phrase(zh=f"超过 {total - whole.value}", en=f"{total - whole.value} more than the whole")
        elif complete and total < whole.value and self._is_all(passage.folded, parts, following):
            problem = Phrase(zh=f"还差 {whole.value - total}", en=f"{whole.value - total} less than the whole")
        else:
            return
        yield Finding(
            at=passage.at(whole.start, whole.end),
            values={
                "whole": passage.printed(whole.start, whole.end),
                "parts": " + ".join(str(part.value) for part in parts),
                "sum": total,
                "problem": problem,
            },
            related=tuple(passage.related(part.start, part.end) for part in parts),
        )

    def _parts(self, folded: str, whole: Quantity, following: Sequence[Quantity]) -> list[Quantity]:
        """The numbers of the whole's kind up to the sentence's end or a second 其中, without those in brackets."""
        start = following[0].start
        inside = folded[whole.end : start].count("(") > folded[whole.end : start].count(")")
        end = min(
            (found for mark in (*SENTENCE_ENDS, "其中", *(")" * inside)) if (found := folded.find(mark, start)) >= 0),
            default=len(folded),
        )
        return [
            part
            for part in following
            if part.start < end
            and part.unit == whole.unit
            and folded.count("(", start, part.start) == folded.count(")", start, part.start)
        ]

    def _is_all(self, folded: str, parts: Sequence[Quantity], following: Sequence[Quantity]) -> bool:
        """Whether the parts are all numbers that the sentence, semicolons included, goes on to give."""
        end = folded.find("。", parts[-1].end)
        return len(parts) > 1 and len(parts) == sum(end < 0 or other.start < end for other in following)

    def _overlap(self, folded: str, whole: Quantity, parts: Sequence[Quantity]) -> bool:
        """Whether the parts may be of several kinds or count things twice."""
        values = [part.value for part in parts]
        if whole.value in list(accumulate(values))[:-1]:
            return True
        last = min((found for mark in SENTENCE_ENDS if (found := folded.find(mark, parts[-1].end)) >= 0), default=None)
        if self.doubtful.search(folded[whole.end : last]):
            return True
        ends = [whole.end, *(part.end for part in parts)]
        leads = [folded[before(folded, part, end) : part.start] for part, end in zip(parts, ends, strict=False)]
        named = [lead for lead in leads if not self.rest.search(lead)]
        matches = [[kind.search(lead) is not None for lead in named] for kind in self.kinds]
        return any(any(found) and not all(found) for found in matches)
