"""The pipeline: read → align → check → suppress → sort. The only place that makes a Diagnostic."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from linter.check import Finding, Holding, Unchecked
from linter.checks.file import FileCheck
from linter.checks.total import TotalCheck
from linter.diagnostic import Diagnostic, Exemption, FileResult, Hint, NotChecked, Shown, Wanted
from linter.document import NOWHERE, Document
from linter.errors import Phrase, ReadError
from linter.readers import convert_ahead, is_old_word, read, read_bounded, refuse_too_large
from linter.report import Report, align
from linter.ruleset import READ_RULE, Rule, Ruleset

if TYPE_CHECKING:
    from linter.suppression import Exceptions
    from linter.waivers import Waivers

AHEAD = 20
"""How many files are looked at together for old Word files, which one start of LibreOffice converts."""


class Source(NamedTuple):
    """A file to check: the path to show, and how to get its bytes (may raise OSError or ReadError).

    It may go to another process.
    """

    path: str
    load: Callable[[], bytes]


def file_source(path: str) -> Source:
    """The file at `path`."""
    return Source(path=path, load=partial(load_file, path))


def loaded(path: str, data: bytes) -> Source:
    """A file of which the bytes are known."""
    return Source(path=path, load=partial(bytes, data))


def load_file(path: str) -> bytes:
    """The bytes of the file at `path`. Raises ReadError, with the remedy, where they cannot be had."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # a pipe or a device may never end
            raise ReadError(
                Phrase(zh="不是普通文件", en="not a regular file"),
                Phrase(zh="请另存为文件再检查", en="save it as a file first"),
            )
        refuse_too_large(status.st_size)
        with open(path, "rb") as file:
            return read_bounded(file, status.st_size)
    except FileNotFoundError:
        problem = Phrase(zh="文件不存在", en="no such file")
        remedy = Phrase(zh="请检查路径", en="check the path")
        if os.path.islink(path):
            problem = Phrase(zh="链接指向的文件不存在", en="the link points to a file that does not exist")
            remedy = Phrase(zh="请修复或删除这个链接", en="mend or remove the link")
    except PermissionError:
        problem = Phrase(zh="没有读取权限", en="permission denied")
        remedy = Phrase(zh="请检查文件的权限，或先关闭占用它的程序", en="check the file's permissions")
    except OSError as error:
        problem = Phrase(zh=f"无法打开：{error.strerror}", en=f"cannot be opened: {error.strerror}")
        remedy = Phrase(zh="请检查文件", en="check the file")
    raise ReadError(problem, remedy)


def read_report(source: Source, ruleset: Ruleset) -> Report:
    """The report in `source`. Raises ReadError."""
    return report_of(source.load(), source.path, ruleset)


def report_of(data: bytes, path: str, ruleset: Ruleset) -> Report:
    """The report in the bytes of a file, which `path` names. Raises ReadError."""
    return align(read(data, path), ruleset.templates, ruleset.year)


def read_document(source: Source) -> Document:
    """The document in `source`. Raises ReadError."""
    return read(source.load(), source.path)


class Task(NamedTuple):
    """How files are checked."""

    ruleset: Ruleset  # the rules that are chosen
    every: Ruleset  # all of them: that a file cannot be read is always said
    lang: str
    wanted: Wanted = Wanted()
    waivers: "Waivers | None" = None  # what is wrong with them, `with_waivers` says when all is checked


def check(sources: Iterable[Source], task: Task) -> Iterator[FileResult]:
    """The result of each source, in the order given; one that cannot be read does not stop the others."""
    for source in converted(sources):
        yield check_source(source, task)


def check_source(source: Source, task: Task) -> FileResult:
    """The result of one source, also where it cannot be read."""
    try:
        report = read_report(source, task.ruleset)
        waived = task.waivers.of(source.path) if task.waivers else ()
        result = check_report(report, source.path, task.ruleset, task.lang, task.every, waived)
        return _with_wanted(result, report, task)
    except ReadError as error:
        return failed(source.path, error, task)
    except MemoryError:
        return failed(source.path, _out_of_memory(), task)
    except Exception as error:  # a bug of ours must not lose the other files; the command exits with 3
        return failed(source.path, _bug(error), task)._replace(bug=True)


def with_waivers(
    results: Iterable[FileResult], waivers: "Waivers", ruleset: Ruleset, lang: str
) -> Iterator[FileResult]:
    """The results of a run, and behind them, where something is wrong with the waivers, one for their file."""
    unused: list[Exemption] = []
    for result in results:
        unused.extend(result.unused)
        yield result
    yield from _waiver_results(waivers, unused, ruleset, lang)


def converted(sources: Iterable[Source]) -> Iterator[Source]:
    """The same sources; the old Word files among each AHEAD of them are converted together."""
    waiting = iter(sources)
    while batch := list(islice(waiting, AHEAD)):
        old = {number: data for number, source in enumerate(batch) if (data := _load_old_word(source)) is not None}
        ready = convert_ahead([(batch[number].path, data) for number, data in old.items()])
        for number, data in zip(old, ready, strict=True):
            batch[number] = loaded(batch[number].path, data)
        yield from batch


def _load_old_word(source: Source) -> bytes | None:
    """The bytes of an old Word file; None for other files, and where they cannot be had, which `check` will say."""
    if not is_old_word(source.path):
        return None
    try:
        return source.load()
    except (OSError, ReadError):
        return None


def check_report(  # noqa: PLR0913, PLR0917 - what a verdict depends on
    report: Report,
    path: str,
    ruleset: Ruleset,
    lang: str,
    every: Ruleset | None = None,
    waived: Sequence[Exemption] = (),
) -> FileResult:
    """What the rules find in one report; hints respect the identities of `every`, else of the same rules.

    A rule that is not chosen runs where an exception names it: whether that is needed depends on no choice.
    """
    diagnostics: list[Diagnostic] = []
    unchecked: list[NotChecked] = []
    exceptions = _exceptions(report.document, every or ruleset, waived)
    rules = list(exceptions.with_named(ruleset, every or ruleset) if exceptions else ruleset.rules)
    if not report.recognised:
        rules = [rule for rule in rules if isinstance(rule.check, FileCheck)]
    outcomes = [(rule, outcome) for rule in rules for outcome in rule.check.run(report)]
    unmet = any(outcome.address and _identity(rule) for rule, outcome in outcomes)
    hints = _hints(report, every or ruleset, lang) if unmet else {}
    for rule, outcome in outcomes:
        hint = hints.get((rule.id, outcome.address))
        if isinstance(outcome, Unchecked):
            reason = outcome.reason.say(lang)
            unchecked.append(NotChecked(rule=rule.id, reason=reason, address=outcome.address, hint=hint))
        else:
            diagnostics.append(_stamp(outcome, rule, path, lang)._replace(hint=hint))
    result = FileResult(
        path=path,
        lines=report.document.lines,
        title=report.title.text if report.title else None,
        agency=report.agency,
        year=report.year,
        editions=report.editions,
        diagnostics=tuple(sorted(diagnostics, key=lambda diagnostic: diagnostic.order)),
        unchecked=tuple(unchecked),
    )
    if not exceptions:
        return result
    from linter.suppression import suppress  # only where there are exceptions

    ran = {rule.id for rule in rules}
    return suppress(result, exceptions, ruleset, ran, lambda finding, rule: _stamp(finding, rule, path, lang))


def _exceptions(document: Document, every: Ruleset, waived: Sequence[Exemption]) -> "Exceptions | None":
    """The exceptions for a document: those in it, and those that are waived for it."""
    if not document.directives and not waived:
        return None
    from linter.suppression import read_exceptions  # only where there are exceptions

    return read_exceptions(document.directives, every, waived)


def _waiver_results(
    waivers: "Waivers", unused: Sequence[Exemption], ruleset: Ruleset, lang: str
) -> Iterator[FileResult]:
    """The result of the waiver file, where something is wrong with it."""
    from linter.suppression import complaints  # only where there are waivers

    def stamp(finding: Finding, rule: Rule) -> Diagnostic:
        return _stamp(finding, rule, waivers.path, lang)

    if found := complaints(waivers.faults, unused, ruleset, stamp):
        ordered = tuple(sorted(found, key=lambda diagnostic: diagnostic.order))
        yield FileResult(path=waivers.path, lines=waivers.lines, editions={}, diagnostics=ordered)


def _with_wanted(result: FileResult, report: Report, task: Task) -> FileResult:
    """The result with what is wanted besides, and without the text where nothing points into it."""
    held, figures, text = task.wanted
    if held:
        result = result._replace(held=tuple(_held(report, task.ruleset, task.lang)))
    if figures:
        result = result._replace(figures=tuple(report.figures.values()))
    if text:
        return result._replace(
            blocks=report.document.blocks,
            tables=tuple(report.places),
            headings=tuple(report.headings),
        )
    return result if result.diagnostics or result.suppressed else result._replace(lines=())


def _held(report: Report, ruleset: Ruleset, lang: str) -> Iterator[Shown]:
    for rule in ruleset.rules:
        if isinstance(rule.check, Holding):
            for held in rule.check.held(report):
                yield Shown(rule=rule.id, at=held.at, text=held.text.say(lang), related=held.related)


def _identity(rule: Rule) -> TotalCheck | None:
    return rule.check if isinstance(rule.check, TotalCheck) and rule.check.holds.relation == "==" else None


def _hints(report: Report, ruleset: Ruleset, lang: str) -> Mapping[tuple[str, str | None], Hint]:
    from linter.blame import hints  # only for a report with a sum that does not hold or cannot be checked

    identities = {rule.id: check for rule in ruleset.rules if (check := _identity(rule)) is not None}
    return hints(report.tables.values(), identities, lang)


def _stamp(finding: Finding, rule: Rule, path: str, lang: str) -> Diagnostic:
    values = {name: value.say(lang) if isinstance(value, Phrase) else value for name, value in finding.values.items()}
    return Diagnostic(
        path=path,
        at=finding.at,
        rule=rule.id,
        level=rule.level,
        message=rule.message.say(lang).format_map(values),
        address=finding.address,
        related=finding.related,
    )


def _out_of_memory() -> ReadError:
    return ReadError(
        Phrase(zh="内存不足，无法检查这个文件", en="there is not enough memory to check this file"),
        Phrase(
            zh="请关闭其他程序再试，或确认选对了文件", en="close other programs, or see whether it is the right file"
        ),
    )


def _bug(error: Exception) -> ReadError:
    """What a bug of this program says, with the place in the program."""
    import traceback  # only for a bug

    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__}, {os.path.basename(frame.filename)}:{frame.lineno}"
    return ReadError(
        Phrase(zh=f"程序内部错误（{place}）", en=f"internal error ({place})"),
        Phrase(
            zh="请把这一行和这个文件报告给 nianbao-lint", en="please report this line and this file to nianbao-lint"
        ),
    )


def failed(path: str, error: ReadError, task: Task) -> FileResult:
    """The result of a file that cannot be read or checked."""
    finding = Finding(at=NOWHERE, values={"problem": error.phrase, "remedy": error.remedy})
    diagnostic = _stamp(finding, task.every.rule(READ_RULE), path, task.lang)
    return FileResult(path=path, editions={}, diagnostics=(diagnostic,), failed=True)
