"""The command `check`: the files, corrected where that is asked for, checked, and written to the outputs.

Beside `cli` the only module that touches the standard streams.
"""

import argparse
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TextIO

from linter import collector, effort
from linter.cachefolder import cache_folder
from linter.config import BASELINE_NAME, WAIVERS_NAME, find_config, find_or_place
from linter.diagnostic import FileResult, Level, Wanted
from linter.discovery import find_sources
from linter.dispatch import Means, check_all
from linter.engine import Source, Task, loaded, with_waivers
from linter.errors import Phrase, ReadError, UsageError, unwritable
from linter.formatters import DRAWING, Context, formatter
from linter.outputs import Output, open_binary, open_output, spread
from linter.plan import Plan, Terms
from linter.progress import Progress
from linter.status import FOUND, Tally

if TYPE_CHECKING:  # only who asks for them pays for them
    from datetime import date

    from linter.summary import Summary
    from linter.waivers import Waivers


def run(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    """Checks what the options name and writes the outputs; the exit status."""
    outputs = _outputs(options)
    drawn = any(output.format in DRAWING for output in outputs)
    wanted = Wanted(held=options.verbose, figures=drawn or bool(options.summary), text=drawn)
    written = (*(output.path for output in outputs if output.path), *([options.summary] if options.summary else ()))
    refuse_taken(options.paths, written)
    tally, progress = Tally(), Progress(terminal(options), lang)
    summary = _summary() if options.summary else None
    job = Job(options, plan, lang, tally, written, wanted, waivers_of(plan), progress=progress)
    _refuse_contradictions(options)
    survey = survey_of(job)
    results = tally.watch(_without_baseline(check_files(job, survey), options.baseline))
    results = progress.watch(results, survey.files)
    if options.verbose:
        results = _told(results, job)
    if summary is not None:
        results = summary.watch(results)
    if job.waivers:
        results = _with_waivers(results, job, job.waivers)
    renders = [formatter(output.format) for output in outputs]
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    every = plan.every()
    fail_on = plan.wishes.fail_on or plan.run().config.fail_on
    context = Context(lang, rules=every.rules, templates=every.templates, fail_on=fail_on, quiet=options.quiet)
    collector.start()
    with progress, ExitStack() as files:
        # With --diff standard output is a patch; what is left to correct by hand goes beside it.
        screen = sys.stderr if options.diff else sys.stdout
        streams = [files.enter_context(open_output(output)) if output.path else screen for output in outputs]
        contexts = [context._replace(color=color and not output.path) for output in outputs]
        table = files.enter_context(open_binary(options.summary)) if summary is not None else None
        for index, piece in spread(results, list(zip(renders, contexts, strict=True))):
            _put(streams[index], outputs[index], piece, progress)
        if summary is not None and table is not None:
            summary.write(table, options.summary, context)
    return tally.status


class Job(NamedTuple):
    """What holds for all files of a run."""

    options: argparse.Namespace
    plan: Plan
    lang: str
    tally: Tally
    written: tuple[str, ...] = ()  # files that the run writes, which may lie in a folder that is checked
    wanted: Wanted = Wanted()
    waivers: "Waivers | None" = None
    reads_only: bool = False  # no rule is asked, only the figures are
    progress: Progress = Progress(None, "zh")  # one that never shows


class Survey(NamedTuple):
    """What a first walk over the files tells."""

    terms: Sequence[Terms]  # all that hold for some file
    files: int
    seconds: float  # that checking them will take, roughly


def survey_of(job: Job) -> Survey:
    """Looks at each file's name and terms, not into it.

    Raises RuleError or UsageError for a wrong configuration, so that it is said before anything is read.
    """
    terms: dict[int, Terms] = {}
    files, seconds = 0, 0.0
    for source in _sources(job):
        found = job.plan.terms(source.path)
        terms[id(found)] = found
        files += 1
        seconds += effort.seconds(source.path)
    return Survey(list(terms.values()), files, seconds)


def check_files(job: Job, survey: Survey) -> Iterator[tuple[FileResult, Level]]:
    """(result, level from which on it fails) of each file, corrected first where that is asked for."""
    chosen = [terms.chosen._replace(rules=()) if job.reads_only else terms.chosen for terms in survey.terms]
    tasks = [
        Task(ruleset, terms.every, job.lang, job.wanted, job.waivers)
        for ruleset, terms in zip(chosen, survey.terms, strict=True)
    ]
    for result, number in check_all(_numbered(job, survey.terms), tasks, _means(job, survey)):
        yield result, survey.terms[number].fail_on


def _numbered(job: Job, known: Sequence[Terms]) -> Iterator[tuple[Source, int]]:
    """Each file with the number of its terms. One that has come since the survey, with others, is for the next run."""
    numbers = {id(terms): number for number, terms in enumerate(known)}
    for source in _sources(job):
        terms = job.plan.terms(source.path)
        if id(terms) in numbers:
            yield _corrected(job, source, terms) if _corrects(job.options) else source, numbers[id(terms)]


def _means(job: Job, survey: Survey) -> Means:
    """More processes and a cache, where they are worth it; not for files that are corrected on the way."""
    if _corrects(job.options):
        return Means()
    jobs = job.options.jobs or (_cores() if survey.seconds > effort.POOL_PAYS else 1)
    cached = survey.seconds > effort.CACHE_PAYS and not job.options.no_cache
    limits = job.plan.run().config.limits
    return Means(min(jobs, max(survey.files, 1)), cache_folder() if cached else None, limits)


def _cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def today() -> "date":
    """Today: the one thing in a verdict that is in no file (a waiver's last day may be over)."""
    from datetime import datetime

    return datetime.now().astimezone().date()


def waivers_of(plan: Plan) -> "Waivers | None":
    """The waivers that hold for the working folder."""
    path = find_config(os.getcwd(), WAIVERS_NAME)
    if path is None:
        return None
    from linter.waivers import load_waivers

    return load_waivers(os.path.relpath(path), plan.every(), today())


def _with_waivers(results: Iterable[FileResult], job: Job, waivers: "Waivers") -> Iterator[FileResult]:
    """The results, and behind them what is wrong with the waivers, which is judged by the working folder's terms."""
    terms = job.plan.terms(os.curdir)
    for result in with_waivers(results, waivers, terms.chosen, job.lang):
        yield job.tally.note(result, terms.fail_on) if result.path == waivers.path else result


def _without_baseline(
    results: Iterable[tuple[FileResult, Level]], path: str | None
) -> Iterable[tuple[FileResult, Level]]:
    """The results without what is in the baseline at `path`: an empty one is looked for; None for no baseline."""
    if path is None:
        return results
    from linter.baseline import leave_out, load_baseline

    if path and not path.endswith(".json"):
        raise UsageError(
            Phrase(
                zh=f"--baseline 后面的“{path}”不是 .json 文件：要检查的路径请写在 --baseline 前面",
                en=f"'{path}' behind --baseline is no .json file: write the paths to check before --baseline",
            )
        )
    baseline = load_baseline(path or find_or_place(os.getcwd(), BASELINE_NAME))
    return ((leave_out(result, baseline), fail_on) for result, fail_on in results)


def _summary() -> "Summary":
    from linter.summary import Summary  # brings the csv module

    return Summary()


def _outputs(options: argparse.Namespace) -> list[Output]:
    """What to write where."""
    outputs = [Output(options.format, options.output), *options.output_format]
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and any(output.format == "github" for output in outputs):
        outputs.append(Output("github-summary", summary, "a"))
    return outputs


def refuse_taken(paths: Iterable[str], written: Iterable[str]) -> None:
    """Raises UsageError where a file to write is one of the paths to read, or is to be written twice."""
    taken = {os.path.realpath(path) for path in paths}
    for path in written:
        if os.path.realpath(path) in taken:
            raise UsageError(
                Phrase(
                    zh=f"{path} 已用作要检查的文件或另一种输出，请换一个文件名",
                    en=f"{path} is a file to check or another output; choose another name",
                )
            )
        taken.add(os.path.realpath(path))


def _refuse_contradictions(options: argparse.Namespace) -> None:
    if not _corrects(options):
        return
    if options.fix == options.diff:
        raise UsageError(Phrase(zh="请在 --fix 和 --diff 中选一个", en="choose one of --fix and --diff"))
    if options.fix and "-" in options.paths:
        raise UsageError(Phrase(zh="标准输入不能 --fix：请用 --diff", en="standard input cannot be fixed: use --diff"))


def _corrects(options: argparse.Namespace) -> bool:
    return bool(options.fix or options.diff or options.unsafe_fixes)


def _corrected(job: Job, source: Source, terms: Terms) -> Source:
    """The source as corrected: written with --fix, shown as a diff with --diff."""
    from linter.fixing import fix

    options = job.options
    try:
        waived = job.waivers.of(source.path) if job.waivers else ()
        fixed = fix(source, terms.chosen, terms.every, waived=waived, unsafe=options.unsafe_fixes)
    except ReadError:  # the check says so
        return source
    except Exception as error:  # a bug of ours: the check reports it, and goes on with the other files
        return Source(path=source.path, load=partial(_fail, error))
    if options.diff:
        job.progress.write(sys.stdout, "".join(fixed.diff()))
        if fixed.applied:
            job.tally.status = max(job.tally.status, FOUND)
    elif fixed.applied:
        _write_bytes(source.path, fixed.data)
    if (summary := fixed.summary(job.lang)) and not options.quiet:
        job.progress.write(sys.stderr, f"{summary}\n")
    return loaded(source.path, fixed.data)


def _fail(error: Exception) -> bytes:
    raise error


def _write_bytes(path: str, data: bytes) -> None:
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise unwritable(path, error) from None


def _sources(job: Job) -> Iterator[Source]:
    """What to check: the paths of the options, else those of the configuration, without what the run writes."""
    options, plan = job.options, job.plan
    paths = options.paths or list(plan.run().config.paths)
    written = set(map(os.path.realpath, job.written))
    for source in find_sources([path for path in paths if path != "-"], plan.excludes):
        if not written or os.path.realpath(source.path) not in written:
            yield source
    if "-" in paths:
        yield Source(path=options.stdin_filename, load=sys.stdin.buffer.read)


def _told(results: Iterable[FileResult], job: Job) -> Iterator[FileResult]:
    """The same results; before each is said by which configuration the file was checked."""
    for result in results:
        configs = " ← ".join(layer.file.path for layer in reversed(job.plan.settings(result.path).layers))
        none = Phrase(zh="默认设置", en="defaults")
        said = Phrase(zh=f"{result.path}：{configs or none.zh}", en=f"{result.path}: {configs or none.en}")
        job.progress.write(sys.stderr, said.say(job.lang) + "\n")
        yield result


def terminal(options: argparse.Namespace) -> TextIO | None:
    """Standard error, where it is a terminal that someone watches and that a progress bar does not spoil."""
    unwatched = options.quiet or any(os.environ.get(name) for name in ("CI", "PRE_COMMIT"))
    if unwatched or os.environ.get("TERM") == "dumb" or not sys.stderr.isatty():
        return None
    # what a pager or head makes of a pipe comes out on the same terminal, and nothing tells when
    mode = os.fstat(sys.stdout.fileno()).st_mode
    return None if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else sys.stderr


def _put(stream: TextIO, output: Output, piece: str, progress: Progress) -> None:
    """Writes a piece of an output. Raises UsageError where its file does not take it."""
    try:
        progress.write(stream, piece)
        if output.path:
            stream.flush()
    except OSError as error:
        if not output.path:
            raise
        with suppress(OSError):  # which tries once more to write what is left, and fails again
            stream.close()
        raise unwritable(output.path, error) from None
