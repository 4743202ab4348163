"""`file`: the file can be read and holds a report."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from linter.check import Finding, Unchecked
from linter.report import Report


class FileCheck(NamedTuple):
    """The file can be read, or something in it was recognised as a part of a report.

    What could not be read has no report to run on: the engine stamps that rule itself, and it is a rule so that it is
    listed and explained like any other. A file that is no report gets no other diagnostic.
    """

    must: Literal["readable", "recognised"]

    def placeholders(self) -> frozenset[str]:
        """What is wrong with the file, and what to do."""
        return frozenset({"problem", "remedy"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding at the first line of a file that is no report."""
        if self.must == "recognised" and not report.recognised:
            yield Finding(at=report.start)
