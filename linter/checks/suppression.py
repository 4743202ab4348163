"""`suppression`: an exception from a rule, written in the report or in the waiver file, is valid and needed."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from linter.check import Finding, Unchecked
from linter.report import Report


class SuppressionCheck(NamedTuple):
    """Each exception names a rule and a reason and holds today (`valid`), and there is a finding for it (`needed`).

    Whether one is needed is known when all rules have run: the engine stamps these rules itself.
    """

    must: Literal["valid", "needed"]

    def placeholders(self) -> frozenset[str]:
        """The exception's rule; for an invalid one, what is wrong and what to do."""
        return frozenset({"rule"} if self.must == "needed" else {"problem", "remedy"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:  # noqa: ARG002 - all checks' signature
        """Nothing: see the class."""
        return iter(())
