"""What a run says of a file: diagnostics, what could not be checked, and the facts that outputs begin with."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

from linter.document import Block, Position
from linter.figure import Figure


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


class Exemption(NamedTuple):
    """An exception from a rule that someone asked for, with the reason."""

    kind: Literal["inline", "waiver"]
    rule: str
    reason: str
    at: Position  # where it is written: in the report, or in the waiver file
    line: int | None = None  # inline: the line it is for; None for the whole file
    address: str | None = None  # waiver: the address it is for; None for diagnostics without one

    @property
    def whole_file(self) -> bool:
        """Whether it is for the whole file and not for one place."""
        return self.kind == "inline" and self.line is None

    def covers(self, diagnostic: Diagnostic) -> bool:
        """Whether it takes out the diagnostic."""
        if diagnostic.rule != self.rule:
            return False
        if self.kind == "waiver":
            return diagnostic.address == self.address
        return self.line in {None, diagnostic.at.line}


class Suppressed(NamedTuple):
    """A diagnostic that was taken out, and why."""

    diagnostic: Diagnostic
    kind: Literal["inline", "waiver", "baseline"]
    reason: str | None  # None for the baseline, which has none


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


class TablePlace(NamedTuple):
    """Where a table of the template stands in a report, and what was made of it."""

    key: str
    state: Literal["read", "unreadable", "missing"]
    edition: str  # of a template whose table it was read as, or should be
    at: Position | None  # all of its printed rows; where it is missing its section's heading, None without one
    unreadable: tuple[str, ...] = ()  # labels of rows that could not be read; "" stands for several


class Wanted(NamedTuple):
    """What a result shall hold besides what was found: it takes time, and most outputs have no use for it."""

    held: bool = False
    figures: bool = False
    text: bool = False  # all of it, with where its tables and headings stand


class FileResult(NamedTuple):
    """All that a run found in one file."""

    path: str
    diagnostics: tuple[Diagnostic, ...]  # sorted
    editions: Mapping[str, str | None]
    lines: tuple[str, ...] = ()  # the view that line numbers index; empty where nothing points into it
    title: str | None = None
    agency: str | None = None
    year: int | None = None
    unchecked: tuple[NotChecked, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()  # taken out by an exception; not among the diagnostics
    unused: tuple[Exemption, ...] = ()  # waivers for this file that took out nothing
    held: tuple[Shown, ...] = ()  # only where it is wanted
    figures: tuple[Figure, ...] = ()  # only where they are wanted
    blocks: tuple[Block, ...] = ()  # the text as its reader made it out; this and the next two only where it is wanted
    tables: tuple[TablePlace, ...] = ()
    headings: tuple[Position, ...] = ()  # of the title and the sections
    failed: bool = False  # the file could not be read or checked
    bug: bool = False  # … because of a bug of this program

    @property
    def facts(self) -> dict[str, object]:
        """What JSON says of a file before all else: its path, and whose report of which year and editions it holds."""
        return {
            "path": self.path,
            "title": self.title,
            "agency": self.agency,
            "year": self.year,
            "editions": dict(self.editions),
        }
