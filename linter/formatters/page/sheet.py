"""One file of a run, ready to be drawn: its findings, its text with their places marked, its tables."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from linter.diagnostic import Diagnostic, FileResult, Level, NotChecked, Suppressed
from linter.document import Position
from linter.errors import Phrase
from linter.figure import Figure
from linter.formatters import Context
from linter.formatters.page.equations import Sum, failing
from linter.formatters.page.tables import DrawnTable, Flag, draw, drawn_addresses
from linter.formatters.page.text import Mark, Piece, TextLine, lines_of_blocks, lines_of_file, pieces, spans
from linter.ruleset import Rule
from linter.template import TableForm


class Link(NamedTuple):
    """A place to go to; without an anchor there is nothing to see there."""

    anchor: str | None
    text: str


class Note(NamedTuple):
    """A finding."""

    number: int
    diagnostic: Diagnostic
    rule: Rule | None  # None for one that the context does not know
    place: str  # the anchor of its place
    related: tuple[Link, ...]
    hint: str | None
    same_hint: int | None  # the earlier finding that has the same hint
    equation: Sum | None

    @property
    def level(self) -> Level:
        """How grave it is."""
        return self.diagnostic.level


class Line(NamedTuple):
    number: int
    pieces: tuple[Piece, ...]
    heading: bool
    notes: tuple[Note, ...]  # those that stand beside it


class Part(NamedTuple):
    """A stretch of the file: lines, or tables drawn in place of their lines."""

    tables: tuple[DrawnTable, ...]
    lines: tuple[Line, ...]  # of drawn tables: as they were read
    notes: tuple[Note, ...]  # of drawn tables; lines have their own
    open: bool  # whether the lines of drawn tables hold a place that is nowhere else


class Reason(NamedTuple):
    """Why something could not be checked."""

    link: Link | None  # to the cell that it is about
    text: str


class Unchecked(NamedTuple):
    """What could not be checked of one rule."""

    rule: str
    title: str
    total: int
    reasons: tuple[Reason, ...]
    hints: tuple[str, ...]


class Taken(NamedTuple):
    """A finding that was taken out."""

    item: Suppressed
    title: str


class Edition(NamedTuple):
    name: str
    state: str  # "read", "unreadable", "missing"
    edition: str | None
    alike: bool  # whether all editions have the same table


class Sheet(NamedTuple):
    number: int
    result: FileResult
    notes: tuple[Note, ...]
    editions: tuple[Edition, ...]
    anchored: frozenset[str]  # the cells, besides those with findings, that links lead to
    parts: tuple[Part, ...]
    unchecked: tuple[Unchecked, ...]
    suppressed: tuple[Taken, ...]


def sheet(number: int, result: FileResult, context: Context) -> Sheet:
    """All that is drawn of a file. Its text is only where something was found in it."""
    templates = {template.edition: template for template in context.templates}
    forms = {
        place.key: form
        for place in result.tables
        if place.edition in templates and (form := templates[place.edition].table(place.key))
    }
    drawn = [place.key for place in result.tables if place.state == "read" and place.key in forms]
    known = _Known(
        number=number,
        result=result,
        context=context,
        rules={rule.id: rule for rule in context.rules},
        forms=forms,
        figures={figure.address: figure for figure in result.figures},
        cells=frozenset(cell for key in drawn if result.diagnostics for cell in drawn_addresses(forms[key])),
    )
    notes = tuple(known.notes())
    return Sheet(
        number=number,
        result=result,
        notes=notes,
        editions=tuple(known.editions()),
        anchored=frozenset(known.anchored(notes)),
        parts=tuple(known.parts(notes)) if notes else (),
        unchecked=tuple(known.unchecked()),
        suppressed=tuple(Taken(item, known.title(item.diagnostic.rule)) for item in result.suppressed),
    )


class _Known(NamedTuple):
    """What the parts of a sheet are made from."""

    number: int
    result: FileResult
    context: Context
    rules: Mapping[str, Rule]
    forms: Mapping[str, TableForm]  # by the table's key, in the edition that the report has
    figures: Mapping[str, Figure]
    cells: frozenset[str]  # the addresses of the cells and rows that are drawn

    def anchored(self, notes: Iterable[Note]) -> Iterator[str]:
        """The cells, besides those with findings, that links lead to."""
        for note in notes:
            if note.equation:
                for side in (note.equation.left, note.equation.right):
                    yield from (number.address for number in side.numbers)
        yield from (item.address for item in self.result.unchecked if item.address)

    def title(self, rule: str) -> str:
        """A rule's title."""
        known = self.rules.get(rule)
        return known.title.say(self.context.lang) if known else rule

    def _cell(self, address: str | None) -> str | None:
        """The anchor of the drawn cell or row at an address."""
        return f"f{self.number}-c-{address}" if address in self.cells else None

    def _own(self, diagnostic: Diagnostic) -> str | None:
        """The anchor of the cell, row or table that a finding is about."""
        address = diagnostic.address
        return f"f{self.number}-c-{address}" if address in self.forms else self._cell(address)

    def notes(self) -> Iterator[Note]:
        """The findings, numbered from 1."""
        hinted: dict[str, int] = {}
        for number, diagnostic in enumerate(self.result.diagnostics, 1):
            hint = diagnostic.hint.text if diagnostic.hint else None
            same = hinted.setdefault(hint, number) if hint else number
            related = tuple(
                Link(
                    anchor=self._cell(item.address) or f"f{self.number}-r{number}-{index}",
                    text=self._said(item.at, item.address),
                )
                for index, item in enumerate(diagnostic.related)
            )
            yield Note(
                number=number,
                diagnostic=diagnostic,
                rule=self.rules.get(diagnostic.rule),
                place=self._own(diagnostic) or f"f{self.number}-p{number}",
                related=related,
                hint=hint if same == number else None,
                same_hint=same if same != number else None,
                equation=self._equation(diagnostic),
            )

    def _said(self, at: Position, address: str | None) -> str:
        """A place as people name it: a cell by its row and column, else by what its reader says, else by its line."""
        line = Phrase(zh=f"第 {at.line} 行", en=f"line {at.line}").say(self.context.lang)
        return self._name(address) or at.where or line

    def _name(self, address: str | None) -> str | None:
        """A cell's table, row and column."""
        form = self.forms.get(address.partition(".")[0]) if address else None
        if not address or form is None or address not in form.addresses():
            return None
        return f"{form.name} {form.label_of(address)} · {form.column_of(address).label}"

    def _equation(self, diagnostic: Diagnostic) -> Sum | None:
        rule, address = self.rules.get(diagnostic.rule), diagnostic.address
        form = self.forms.get(address.partition(".")[0]) if address else None
        return failing(rule, address, form, self.figures) if rule and address and form else None

    def _marks(self, notes: Iterable[Note]) -> Iterator[Mark]:
        """The places that are not cells of a drawn table."""
        for note in notes:
            if not self._own(note.diagnostic):
                yield Mark(note.diagnostic.at, note.number, note.level, note.place)
            for link, item in zip(note.related, note.diagnostic.related, strict=True):
                if link.anchor and not self._cell(item.address):
                    yield Mark(item.at, note.number, note.level, link.anchor, related=True)

    def _flags(self, notes: Iterable[Note]) -> dict[str, list[Flag]]:
        flags: dict[str, list[Flag]] = {}
        for note in notes:
            if self._own(note.diagnostic):
                flags.setdefault(str(note.diagnostic.address), []).append(Flag(note.number, note.level))
            for item in note.diagnostic.related:
                if self._cell(item.address):
                    flags.setdefault(str(item.address), []).append(Flag(note.number, note.level, related=True))
        return flags

    def parts(self, notes: tuple[Note, ...]) -> Iterator[Part]:
        """The file from top to bottom, its places marked."""
        parts = list(self._stretches(self._flags(notes)))
        shown = [line for _, lines in parts for line in lines]
        marked = spans(self._marks(notes), shown)
        headings = {line for at in self.result.headings for line in range(at.line, at.end_line + 1)}
        beside: dict[int, list[Note]] = {}  # index of a line → the notes whose place is on it
        for index, found in marked.items():
            own = (span.mark for span in found if span.first and not span.mark.related)
            beside[index] = [notes[number] for number in sorted(mark.number - 1 for mark in own)]
        within: dict[str, list[Note]] = {}  # key of a table → the notes that are about it or one of its cells
        for note in notes:
            if self._own(note.diagnostic):
                within.setdefault(str(note.diagnostic.address).partition(".")[0], []).append(note)
        start = 0
        for tables, text in parts:
            indices = range(start, start + len(text))
            lines = tuple(
                Line(
                    number=line.number,
                    pieces=tuple(pieces(line.text, marked.get(index, ()))),
                    heading=line.heading or line.number in headings,
                    notes=tuple(beside.get(index, ())),
                )
                for index, line in zip(indices, text, strict=True)
            )
            inside = [note for table in tables for note in within.get(table.place.key, ())]
            inside += [note for line in lines if tables for note in line.notes]
            inside.sort(key=lambda note: note.number)
            yield Part(tables, lines, tuple(inside), open=any(index in marked for index in indices))
            start += len(text)
        if not shown:  # nothing to stand beside
            yield Part((), (), tuple(note for note in notes if not self._own(note.diagnostic)), open=False)

    def _stretches(self, flags: Mapping[str, list[Flag]]) -> Iterator[tuple[tuple[DrawnTable, ...], list[TextLine]]]:
        """The file from top to bottom: its text, and with drawn tables the lines in the place of which they stand."""
        next_line = 1
        for first, last, tables in self._drawn(flags):
            if first > next_line:
                yield (), self._text(next_line, first - 1)
            yield tables, self._text(first, last)
            next_line = last + 1
        yield (), self._text(next_line, len(self.result.lines))

    def _text(self, first: int, last: int) -> list[TextLine]:
        if self.result.blocks:
            return list(lines_of_blocks(self.result.blocks, first, last))
        return list(lines_of_file(self.result.lines, first, last))

    def _drawn(self, flags: Mapping[str, list[Flag]]) -> Iterator[tuple[int, int, tuple[DrawnTable, ...]]]:
        """(first line, last line, the tables drawn in their place), from top to bottom; tables that overlap together.

        Of a table that is missing or could not be read, the lines stay, and it is drawn behind the first of them.
        """
        found: list[tuple[int, int, DrawnTable]] = []
        for place in self.result.tables:
            form = self.forms.get(place.key)
            if form is None:
                continue
            section = next(
                (s.label for t in self.context.templates for s in t.sections if s.key == form.section), form.section
            )
            table = draw(form, section, place, self.figures, flags)
            if place.state == "read" and place.at:
                found.append((place.at.line, place.at.end_line, table))
            else:
                behind = (place.at.line if place.at else len(self.result.lines)) + 1
                found.append((behind, behind - 1, table))
        found.sort(key=lambda item: item[:2])
        first, last, tables = 0, 0, list[DrawnTable]()
        for start, end, table in found:
            if tables and start > last:
                yield first, last, tuple(tables)
                tables = []
            if not tables:
                first, last = start, end
            tables.append(table)
            last = max(last, end)
        if tables:
            yield first, last, tuple(tables)

    def editions(self) -> Iterator[Edition]:
        """The edition of each table."""
        for place in self.result.tables:
            form = self.forms.get(place.key)
            if form is not None:
                forms = [table for one in self.context.templates if (table := one.table(place.key))]
                alike = all(table.blocks == form.blocks for table in forms)
                yield Edition(form.name, place.state, self.result.editions.get(place.key), alike)

    def unchecked(self) -> Iterator[Unchecked]:
        """What could not be checked, by rule."""
        by_rule = sorted(self.result.unchecked, key=lambda item: item.rule)
        for rule, group in groupby(by_rule, key=lambda item: item.rule):
            items = list(group)
            reasons = dict.fromkeys(Reason(self._about(item), item.reason) for item in items)
            hints = dict.fromkeys(item.hint.text for item in items if item.hint)
            yield Unchecked(rule, self.title(rule), len(items), tuple(reasons), tuple(hints))

    def _about(self, item: NotChecked) -> Link | None:
        name = self._name(item.address)
        return Link(self._cell(item.address), name) if name else None
