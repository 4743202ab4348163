"""What a kind of check is, and what it yields."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol, runtime_checkable

from linter.diagnostic import Related
from linter.document import Position
from linter.errors import Phrase
from linter.report import Report
from linter.template import Template

Value = object
"""A value for a message's placeholder: anything with a `str`; a Phrase is said in the message's language."""


class Finding(NamedTuple):
    """A place where a rule does not hold; the engine makes a Diagnostic of it."""

    at: Position
    values: Mapping[str, Value] = MappingProxyType({})  # for the message's placeholders
    address: str | None = None
    related: tuple[Related, ...] = ()


class Unchecked(NamedTuple):
    """An instance of a rule that cannot be checked on this report, with the reason."""

    reason: Phrase
    address: str | None = None


class Held(NamedTuple):
    """An instance of a rule that holds and is worth showing to those who ask (`--verbose`)."""

    at: Position
    text: Phrase  # what was held against what
    related: tuple[Related, ...] = ()


class Problem(NamedTuple):
    """An option that fits its type and yet makes no sense, such as an address that no template knows."""

    option: str
    name: str  # what is wrong in it
    known: tuple[str, ...]  # what could stand there


class Check(Protocol):
    """A kind of check with its options: a named tuple whose fields are the options in a rule's `with`.

    It yields nothing for what holds, a Finding for what does not, and Unchecked for what cannot be told.
    """

    def placeholders(self) -> frozenset[str]:
        """The names that the rule's messages may use."""

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """What the check finds in the report."""


@runtime_checkable
class Holding(Protocol):
    """A check that can show what it found to hold."""

    def held(self, report: Report) -> Iterator[Held]:
        """The instances that hold, in printed order."""


@runtime_checkable
class Addressing(Protocol):
    """A check with options that name tables, rows or columns, and so can name what does not exist."""

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """What is wrong with the options, given the templates there are."""
