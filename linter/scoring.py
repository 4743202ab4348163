"""How much the rules see: a valid report is changed in one place after the other, and what no rule catches is named."""

import os
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from linter.check import Finding
from linter.edits import apply, writable
from linter.engine import Source, load_file, report_of
from linter.errors import Phrase, ReadError, UsageError
from linter.mutations import mutations
from linter.report import Report
from linter.ruleset import Ruleset, built_in_examples

SPECIMENS = ("requests-balance/ok.txt", "requests-outcome-sum/alike.txt")
"""Fixtures that hold a whole valid report with figures of many sizes: of template 2021 and of 2019."""

MOST_NAMED = 6
"""Places named for one kind of change that no rule catches."""


class Score(NamedTuple):
    """One kind of change."""

    kind: Phrase
    made: int
    missed: tuple[str, ...]  # what was changed without any rule's notice


def specimens() -> list[Source]:
    """The built-in valid reports."""
    paths = [os.path.join(built_in_examples(), *name.split("/")) for name in SPECIMENS]
    return [Source(path=os.path.basename(path), load=partial(load_file, path)) for path in paths]


def score(source: Source, ruleset: Ruleset) -> tuple[str, list[Score]]:
    """(edition of the report, each kind of change). Raises UsageError where the report has findings or is no source."""
    try:
        data = source.load()
        report = report_of(data, source.path, ruleset)
    except ReadError as error:
        raise UsageError(
            Phrase(zh=f"{source.path}：{error.phrase.zh}", en=f"{source.path}: {error.phrase.en}")
        ) from None
    known = _found(report, ruleset)
    if known or not report.recognised or not writable(source.path):
        raise UsageError(
            Phrase(
                zh=f"{source.path}：请给一份检查没有问题、可以改写的年报（.txt、.md、.html、.docx）",
                en=f"{source.path}: give a report without findings that can be written (.txt, .md, .html, .docx)",
            )
        )
    made: Counter[Phrase] = Counter()
    missed: dict[Phrase, list[str]] = {}
    for kind, subject, edits in mutations(report, ruleset):
        changed = apply(data, report.document, edits) if edits else data
        if changed == data:
            continue
        made[kind] += 1
        if not _found(report_of(changed, source.path, ruleset), ruleset):
            missed.setdefault(kind, []).append(subject)
    return report.template.edition, [Score(kind, count, tuple(missed.get(kind, ()))) for kind, count in made.items()]


def _found(report: Report, ruleset: Ruleset) -> bool:
    """Whether any rule has a finding; hints and messages are not wanted here, so the engine is not asked."""
    return any(isinstance(outcome, Finding) for rule in ruleset.rules for outcome in rule.check.run(report))


def table(edition: str, scores: list[Score], lang: str) -> Iterator[str]:
    """The scores as a Markdown table, what is missed most first."""
    made, missed = sum(item.made for item in scores), sum(len(item.missed) for item in scores)
    yield Phrase(
        zh=f"{edition} 格式：改动 {made} 处，查出 {made - missed} 处，漏掉 {missed} 处\n\n",
        en=f"template {edition}: {made} changes, {made - missed} caught, {missed} missed\n\n",
    ).say(lang)
    yield Phrase(zh="| 改动 | 处 | 漏掉 | 漏在哪里 |\n", en="| change | made | missed | where |\n").say(lang)
    yield "|---|--:|--:|---|\n"
    for item in sorted(scores, key=lambda item: -len(item.missed)):
        where = "、".join(item.missed[:MOST_NAMED])
        more = len(item.missed) - MOST_NAMED
        if more > 0:
            where += Phrase(zh=f"…另有 {more} 处", en=f" … and {more} more").say(lang)
        yield f"| {item.kind.say(lang)} | {item.made} | {len(item.missed)} | {where} |\n"
