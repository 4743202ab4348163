"""What a run says of a file: diagnostics, what could not be checked, and the facts that outputs begin with."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from linter.document import Position


class Level(StrEnum):
    """How sure a rule is that something is wrong, and how much it matters."""

    ERROR = "error"  # certainly wrong
    WARNING = "warning"  # likely wrong, or not confirmed officially
    INFO = "info"  # worth a look

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Level).index(self)


class Related(NamedTuple):
    """Another place that belongs to a diagnostic."""

    at: Position
    address: str | None = None


class Change(NamedTuple):
    """A cell whose change would make identities hold, with the value that it should then have."""

    address: str
    printed: Decimal | None  # None for a blank and for what is not a number
    expected: Decimal


class Hint(NamedTuple):
    """Which cells may be to blame for a diagnostic: a help for the reader, never a repair."""

    certain: bool  # whether nothing else explains it as simply
    sets: tuple[tuple[Change, ...], ...]  # the smallest sets of cells; the change of one set is enough
    text: str  # for people; the first line is a sentence, each further line one of the sets


class Diagnostic(NamedTuple):
    path: str
    at: Position
    rule: str
    level: Level
    message: str
    address: str | None = None  # of the figure or table concerned: "requests.handled.total"
    related: tuple[Related, ...] = ()
    hint: Hint | None = None

    @property
    def order(self) -> tuple[str, int, int, str]:
        """The key by which diagnostics are sorted."""
        return (self.path, self.at.line, self.at.column, self.rule)


class NotChecked(NamedTuple):
    """A rule, or one instance of it, that could not be checked: never to be shown as passed."""

    rule: str
    reason: str
    address: str | None = None
    hint: Hint | None = None  # what the blanks must be


class Shown(NamedTuple):
    """Something that holds, for `--verbose`."""

    rule: str
    at: Position
    text: str
    related: tuple[Related, ...]


class FileResult(NamedTuple):
    """All that a run found in one file."""

    path: str
    diagnostics: tuple[Diagnostic, ...]  # sorted
    editions: Mapping[str, str | None]
    lines: tuple[str, ...] = ()  # the view that line numbers index
    title: str | None = None
    agency: str | None = None
    year: int | None = None
    unchecked: tuple[NotChecked, ...] = ()
    held: tuple[Shown, ...] = ()  # only where it was asked for
    failed: bool = False  # the file could not be read or checked
    bug: bool = False  # … because of a bug of this program
