"""What `nianbao check` says of a draft, as its places and rules; what only some ask for is found when they ask."""

import os
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from linter.checks.file import FileCheck
from linter.config import WAIVERS_NAME, find_config
from linter.diagnostic import Diagnostic, Exemption, FileResult, NotChecked
from linter.document import Position
from linter.encoding import line_starts
from linter.engine import Source, Task, check_source, read_report, with_waivers
from linter.errors import ReadError
from linter.fixers import FIXERS
from linter.fixing import fix
from linter.plan import Plan, Terms
from linter.report import Report
from linter.ruleset import Rule
from linter.waivers import Waivers, load_waivers

CODEC = "utf-8-sig"
"""How a text is handed to its reader: with a mark, so that a charset that a web page names is not believed."""


class Surroundings:
    """What drafts are held against - configurations, rules, waivers - each read once, when it is first needed."""

    def __init__(self, plan: Plan, today: date) -> None:
        self.plan = plan
        self._today = today
        self._waivers: dict[str, Waivers] = {}

    def waivers(self, path: str) -> Waivers | None:
        """The waivers in the file that is nearest to a draft. Raises NianbaoError."""
        found = find_config(os.path.dirname(path), WAIVERS_NAME)
        if found is None:
            return None
        if found not in self._waivers:
            self._waivers[found] = load_waivers(found, self.plan.terms(found).every, self._today)
        return self._waivers[found]


class Note(NamedTuple):
    """Something that is said of a place in a draft."""

    at: Position
    rule: Rule
    said: Diagnostic | NotChecked

    @property
    def quiet(self) -> bool:
        """Whether it is only hinted at: nothing is wrong there as far as can be told, or no report was meant at all."""
        stray = isinstance(self.rule.check, FileCheck) and self.rule.check.must == "recognised"
        return stray or isinstance(self.said, NotChecked)


class Replacement(NamedTuple):
    """A part of a text, by its offsets, and what stands there instead."""

    start: int
    end: int
    text: str


class Analysis:
    """One version of a draft, checked. Raises NianbaoError where its configuration, rules or waivers are wrong."""

    def __init__(self, path: str, text: str, around: Surroundings, lang: str | None) -> None:
        self.path = path
        self.lang = lang or around.plan.settings(path).config.lang
        self.terms: Terms = around.plan.terms(path)
        self.waivers = around.waivers(path)
        self._data = text.removeprefix("\ufeff").encode(CODEC, "replace")
        self._source = Source(path=path, load=lambda: self._data)
        self._mark = len(text) - len(text.removeprefix("\ufeff"))
        self._corrections: dict[tuple[str, Position], tuple[Replacement, ...]] = {}
        self._meant = bool(text.strip()) and not around.plan.excludes(path)
        self.result = FileResult(path=path, diagnostics=(), editions={})
        if self._meant:
            task = Task(self.terms.chosen, self.terms.every, self.lang, waivers=self.waivers)
            self.result = check_source(self._source, task)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The diagnostics, then what could not be checked."""
        rules = {rule.id: rule for rule in self.terms.every.rules}
        found = [Note(diagnostic.at, rules[diagnostic.rule], diagnostic) for diagnostic in self.result.diagnostics]
        unchecked = [Note(self._place(item.address), rules[item.rule], item) for item in self.result.unchecked]
        return (*found, *unchecked)

    @cached_property
    def report(self) -> Report | None:
        """The draft as a report; None where it cannot be read, is empty, or is left out by its configuration."""
        try:
            return read_report(self._source, self.terms.chosen) if self._meant else None
        except ReadError:
            return None

    def _place(self, address: str | None) -> Position:
        """Where the cell at an address is, else its row, else the first line of its table, else the report's title."""
        assert self.report is not None  # noqa: S101 - what is not read has no rules that could not be checked
        address = address or ""
        figures, table = self.report.figures, self.report.tables.get(address.partition(".")[0])
        row = address.rpartition(".")[0] + "."
        beside = next((figure for key, figure in figures.items() if key.startswith(row)), None)
        if found := figures.get(address) or beside:
            return found.at
        return first_line(table.at, self.report.document.lines) if table else self.report.start

    def correction(self, note: Note) -> tuple[Replacement, ...]:
        """What `--fix` would change at the place of a note; nothing where that is not certain."""
        if note.rule.id not in FIXERS or isinstance(note.said, NotChecked):
            return ()
        key = (note.rule.id, note.at)
        if key not in self._corrections:
            alone = self.terms.chosen._replace(rules=(note.rule,))
            fixed = fix(self._source, alone, self.terms.every, waived=self._waived, within=note.at)
            self._corrections[key] = self._replacements(fixed.data)
        return self._corrections[key]

    @cached_property
    def corrections(self) -> tuple[Replacement, ...]:
        """What `--fix` would change in the whole draft."""
        if self.report is None:
            return ()
        fixed = fix(self._source, self.terms.chosen, self.terms.every, waived=self._waived)
        return self._replacements(fixed.data)

    @property
    def _waived(self) -> tuple[Exemption, ...]:
        return self.waivers.of(self.path) if self.waivers else ()

    def _replacements(self, data: bytes) -> tuple[Replacement, ...]:
        """The changes that make the draft say what `data` does."""
        changes = replacements(self._data.decode(CODEC), data.decode(CODEC))
        return tuple(Replacement(start + self._mark, end + self._mark, text) for start, end, text in changes)


def waiver_result(analyses: Sequence[Analysis], waivers: Waivers, around: Surroundings) -> FileResult | None:
    """What is wrong with a waiver file, now that the drafts were checked that it is for; None where nothing is."""
    chosen, lang = around.plan.terms(waivers.path).chosen, analyses[0].lang
    *_, last = with_waivers((analysis.result for analysis in analyses), waivers, chosen, lang)
    return last if last.path == waivers.path else None


def first_line(at: Position, lines: Sequence[str]) -> Position:
    """The part of a place that is on its first line."""
    if at.end_line == at.line:
        return at
    return at._replace(end_line=at.line, end_column=len(lines[at.line - 1]) + 1)


def replacements(old: str, new: str) -> Iterator[Replacement]:
    """One for each line that is different, of no more than the characters that are: a correction keeps the lines."""
    for start, before, after in zip(line_starts(old), _lines(old), _lines(new), strict=True):
        if before != after:
            head = _alike(before, after)
            tail = _alike(before[head:][::-1], after[head:][::-1])
            yield Replacement(start + head, start + len(before) - tail, after[head : len(after) - tail])


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their start."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _lines(text: str) -> list[str]:
    """The lines with their ends."""
    starts = line_starts(text)
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
