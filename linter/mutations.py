"""Small changes of a report, one at a time, each a mistake that someone could make."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from linter.checks.pattern import PatternCheck
from linter.checks.period import PeriodCheck
from linter.document import Heading, Paragraph, Position, place
from linter.edits import Edit, spot
from linter.errors import Phrase
from linter.figure import Figure
from linter.folding import fold, unfold
from linter.outline import Section
from linter.report import Report
from linter.ruleset import Ruleset

NUMERALS = "一二三四五六七八九十"

_YEAR = re.compile(r"20\d\d")
_END = re.compile(r"12月31日")


class Mutation(NamedTuple):
    kind: Phrase
    subject: str  # the address of the cell, or the words that change
    edits: tuple[Edit, ...]


def mutations(report: Report, ruleset: Ruleset) -> Iterator[Mutation]:
    """Every change of a cell, of a heading, and of a phrase that the template or a rule requires."""
    for make in (_cells, _title, _headings, _texts, _aspects):
        yield from make(report)
    for rule in ruleset.rules:
        if isinstance(rule.check, PeriodCheck):
            if rule.check.must == "stated":
                yield from _period(report, rule.check)
        elif isinstance(rule.check, PatternCheck) and rule.check.must == "occur" and rule.check.concerns(report):
            yield from _required(report, rule.check, rule.id)


def _cells(report: Report) -> Iterator[Mutation]:
    for key, table in report.tables.items():
        name = table.form.name or key
        figures = list(table.figures.values())
        for change, text in _CHANGES.items():
            kind = Phrase(zh=f"{name}：{change.zh}", en=f"{key}: {change.en}")
            for index, figure in enumerate(figures):
                new = text(figure, figures[index + 1 : index + 2])
                if new is not None and figure.value is not None:
                    yield Mutation(kind, figure.address, tuple(e for at, t in new for e in _write(report, at, t)))


def _plus_one(figure: Figure, following: Sequence[Figure]) -> list[tuple[Position, str]]:  # noqa: ARG001
    return [(figure.at, f"{(figure.value or 0) + 1}")]


def _blank(figure: Figure, following: Sequence[Figure]) -> list[tuple[Position, str]]:  # noqa: ARG001
    return [(figure.at, "")]


def _negative(figure: Figure, following: Sequence[Figure]) -> list[tuple[Position, str]]:  # noqa: ARG001
    return [(figure.at, f"{-(figure.value or 1)}")]


def _swap(figure: Figure, following: Sequence[Figure]) -> list[tuple[Position, str]] | None:
    """The figure and the next one, which stands beside it or begins the next row; None where they are alike."""
    if not following or following[0].value in {None, figure.value}:
        return None
    return [(figure.at, following[0].text), (following[0].at, figure.text)]


_CHANGES: dict[Phrase, Callable[[Figure, Sequence[Figure]], list[tuple[Position, str]] | None]] = {
    Phrase(zh="加 1", en="one more"): _plus_one,
    Phrase(zh="改成空白", en="blanked"): _blank,
    Phrase(zh="改成负数", en="made negative"): _negative,
    Phrase(zh="与后一格对调", en="swapped with the next cell"): _swap,
}


def _title(report: Report) -> Iterator[Mutation]:
    title = report.title
    if title is None:
        return
    yield Mutation(Phrase(zh="标题：删去", en="title: deleted"), title.text, _write(report, title.at, ""))
    printed = _printed(report, title.at)
    for kind, new in (
        (Phrase(zh="标题：删去年份", en="title: without the year"), _YEAR.sub("", printed)),
        (Phrase(zh="标题：年份早一年", en="title: a year early"), _YEAR.sub(_year_before, printed)),
        (Phrase(zh="标题：删去机关", en="title: without the organ"), printed.replace(title.agency or printed, "")),
    ):
        if new != printed:
            yield Mutation(kind, title.text, _write(report, title.at, new))


def _year_before(match: re.Match[str]) -> str:
    return str(int(match[0]) - 1)


def _headings(report: Report) -> Iterator[Mutation]:
    for section, following in zip(report.sections, [*report.sections[1:], None], strict=True):
        deleted = Phrase(zh="部分标题：删去", en="section heading: deleted")
        yield Mutation(deleted, section.text, _write(report, section.at, ""))
        if section.number:
            wrong = NUMERALS[section.number] + section.text[1:]
            numbered = Phrase(zh="部分标题：编号错一个", en="section heading: numbered one off")
            yield Mutation(numbered, section.text, _write(report, section.at, wrong))
        if following is not None:
            swapped = Phrase(zh="部分标题：与后一个对调", en="section heading: swapped with the next")
            edits = (*_write(report, section.at, following.text), *_write(report, following.at, section.text))
            yield Mutation(swapped, section.text, edits)


def _texts(report: Report) -> Iterator[Mutation]:
    tabled = {form.section for form in report.template.tables}
    for section in report.sections:
        if section.key not in tabled:
            edits = tuple(edit for block in _prose(section) for edit in _write(report, block.at, ""))
            yield Mutation(Phrase(zh="部分正文：删去", en="text of a section: deleted"), section.text, edits)


def _aspects(report: Report) -> Iterator[Mutation]:
    for form in report.template.sections:
        section = report.section(form.key)
        for aspect in form.aspects if section else ():
            names = sorted((fold(name) for name in (aspect.label, *aspect.aliases)), key=len, reverse=True)
            pattern = re.compile("|".join(map(re.escape, names)))
            places = [
                place(block, *unfold(block.text, *match.span()))
                for block in (_prose(section) if section else ())
                for match in pattern.finditer(fold(block.text))
            ]
            edits = tuple(edit for at in places for edit in _write(report, at, ""))
            yield Mutation(Phrase(zh="总体情况的方面：删去", en="aspect: deleted"), aspect.label, edits)


def _period(report: Report, check: PeriodCheck) -> Iterator[Mutation]:
    for statement in check.statements(report):
        printed = _printed(report, statement.at)
        for kind, new in (
            (Phrase(zh="统计期限：删去", en="period: deleted"), ""),
            (Phrase(zh="统计期限：开始早一年", en="period: begins a year early"), _YEAR.sub(_year_before, printed, 1)),
            (Phrase(zh="统计期限：截至11月30日", en="period: ends in November"), _END.sub("11月30日", printed)),
        ):
            if new != printed:
                yield Mutation(kind, printed, _write(report, statement.at, new))


def _required(report: Report, check: PatternCheck, rule: str) -> Iterator[Mutation]:
    kind = Phrase(zh=f"{rule} 要求的话：删去", en=f"words that {rule} requires: deleted")
    for name, wordings in check.patterns.items():
        edits = tuple(
            edit
            for section in report.sections
            for block in _prose(section)
            if any(wording.search(fold(block.text)) for wording in wordings)
            for edit in _write(report, block.at, "")
        )
        if edits:  # what the title must hold is changed by `_title`
            yield Mutation(kind, name, edits)


def _prose(section: Section) -> Iterator[Heading | Paragraph]:
    return (block for block in section.blocks if isinstance(block, Heading | Paragraph))


def _printed(report: Report, at: Position) -> str:
    return report.document.lines[at.line - 1][at.column - 1 : at.end_column - 1] if at.line == at.end_line else ""


def _write(report: Report, at: Position, text: str) -> tuple[Edit, ...]:
    """`text` in place of all that stands at `at`, on its first line."""
    edits = []
    for line in range(at.line, at.end_line + 1):
        start = at.column - 1 if line == at.line else 0
        end = at.end_column - 1 if line == at.end_line else len(report.document.lines[line - 1])
        edits.append(Edit(spot(at, line, start, end), text if line == at.line else ""))
    return tuple(edits)
