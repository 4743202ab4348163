"""What a kind of check is, and what it yields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from linter.diagnostic import Related
from linter.document import Position
from linter.errors import Phrase
from linter.report import Report
from linter.template import Template

Value = object
"""A value for a message's placeholder: anything with a `str`; a Phrase is said in the message's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A place where a rule does not hold; the engine makes a Diagnostic of it."""

    at: Position
    values: Mapping[str, Value] = field(default_factory=dict)  # for the message's placeholders
    address: str | None = None
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """An instance of a rule that cannot be checked on this report, with the reason."""

    reason: Phrase
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An option that fits its type and yet makes no sense, such as an address that no template knows."""

    option: str
    name: str  # what is wrong in it
    known: tuple[str, ...]  # what could stand there


class Check(Protocol):
    """A kind of check with its options: a frozen dataclass whose fields are the options in a rule's `with`.

    It yields nothing for what holds, a Finding for what does not, and Unchecked for what cannot be told.
    """

    def placeholders(self) -> frozenset[str]:
        """The names that the rule's messages may use."""

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """What is wrong with the options, given the templates there are."""

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """What the check finds in the report."""


class NoProblems:
    """For checks whose options cannot name what does not exist."""

    __slots__ = ()

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:  # noqa: ARG002 - part of the protocol
        """Nothing."""
        return iter(())
