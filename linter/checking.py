"""The command `check`: the files, corrected where that is asked for, checked, and written to the outputs.

Beside `cli` the only module that touches the standard streams.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TextIO

from linter.config import BASELINE_NAME, WAIVERS_NAME, find_config, find_or_place
from linter.diagnostic import FileResult, Wanted
from linter.discovery import find_sources
from linter.engine import Source, Task, check, with_waivers
from linter.errors import Phrase, ReadError, UsageError, unwritable
from linter.formatters import WITH_FIGURES, Context, formatter
from linter.outputs import Output, open_output, spread
from linter.plan import Plan, Terms
from linter.status import FOUND, Tally

if TYPE_CHECKING:  # only who asks for them pays for them
    from datetime import date

    from linter.fixing import Fixed
    from linter.waivers import Waivers


def run(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    """Checks what the options name and writes the outputs; the exit status."""
    outputs = _outputs(options)
    groups = plan.groups(sources(options, plan, outputs))
    renders = [formatter(output.format) for output in outputs]
    gc.freeze()  # what is loaded by now stays: no later collection need look at it
    gc.enable()
    wanted = Wanted(held=options.verbose, figures=any(output.format in WITH_FIGURES for output in outputs))
    job = _Job(options, lang, Tally(), wanted, waivers_of(plan))
    results: Iterator[FileResult] = chain.from_iterable(_checked(job, group, terms) for terms, group in groups)
    if job.waivers:
        terms = plan.terms(os.curdir)
        results = job.tally.watch(with_waivers(results, job.waivers, terms.chosen, lang), terms.fail_on)
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    every = plan.every()
    fail_on = plan.wishes.fail_on or plan.run().config.fail_on
    context = Context(lang, rules=every.rules, templates=every.templates, fail_on=fail_on)
    with ExitStack() as files:
        # With --diff standard output is a patch; what is left to correct by hand goes beside it.
        screen = sys.stderr if options.diff else sys.stdout
        streams = [files.enter_context(open_output(output)) if output.path else screen for output in outputs]
        contexts = [context._replace(color=color and not output.path) for output in outputs]
        for index, piece in spread(results, list(zip(renders, contexts, strict=True))):
            _put(streams[index], outputs[index], piece)
    return job.tally.status


class _Job(NamedTuple):
    """What holds for all files of a run."""

    options: argparse.Namespace
    lang: str
    tally: Tally
    wanted: Wanted
    waivers: "Waivers | None"


def _checked(job: _Job, group: Iterable[Source], terms: Terms) -> Iterator[FileResult]:
    """The results of sources on the same terms, corrected first where that is asked for."""
    options = job.options
    if options.fix or options.diff or options.unsafe_fixes:
        from linter.fixing import fix

        repair = partial(fix, ruleset=terms.chosen, every=terms.every, unsafe=options.unsafe_fixes)
        group = _fixed(job, group, repair)
    results = check(group, Task(terms.chosen, terms.every, job.lang, job.wanted, job.waivers))
    if options.baseline is not None:
        results = _without_baseline(results, options.baseline)
    return job.tally.watch(results, terms.fail_on)


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


def _without_baseline(results: Iterable[FileResult], path: str) -> Iterator[FileResult]:
    from linter.baseline import leave_out, load_baseline

    if path and not path.endswith(".json"):
        raise UsageError(
            Phrase(
                zh=f"--baseline 后面的“{path}”不是 .json 文件：要检查的路径请写在 --baseline 前面",
                en=f"'{path}' behind --baseline is no .json file: write the paths to check before --baseline",
            )
        )
    return leave_out(results, load_baseline(path or find_or_place(os.getcwd(), BASELINE_NAME)))


def _outputs(options: argparse.Namespace) -> list[Output]:
    """What to write where. Raises UsageError where one file would take two outputs, or the place of a report."""
    outputs = [Output(options.format, options.output), *options.output_format]
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and any(output.format == "github" for output in outputs):
        outputs.append(Output("github-summary", summary, "a"))
    taken = {os.path.realpath(path) for path in options.paths}
    for path in (output.path for output in outputs if output.path):
        if os.path.realpath(path) in taken:
            raise UsageError(
                Phrase(
                    zh=f"{path} 已用作要检查的文件或另一种输出，请换一个文件名",
                    en=f"{path} is a file to check or another output; choose another name",
                )
            )
        taken.add(os.path.realpath(path))
    return outputs


def _fixed(job: _Job, group: Iterable[Source], repair: Callable[[Source], "Fixed"]) -> Iterator[Source]:
    """The sources as corrected: written with --fix, shown as a diff with --diff."""
    options = job.options
    if options.fix == options.diff:
        raise UsageError(
            Phrase(zh="请在 --fix 和 --diff 中选一个", en="choose one of --fix and --diff"),
        )
    if options.fix and "-" in options.paths:
        raise UsageError(Phrase(zh="标准输入不能 --fix：请用 --diff", en="standard input cannot be fixed: use --diff"))
    for source in group:
        try:
            fixed = repair(source)
        except ReadError:  # the check says so
            yield source
            continue
        except Exception as error:  # a bug of ours: the check reports it, and goes on with the other files
            yield Source(path=source.path, load=partial(_fail, error))
            continue
        if options.diff:
            sys.stdout.writelines(fixed.diff())
            if fixed.applied:
                job.tally.status = max(job.tally.status, FOUND)
        elif fixed.applied:
            _write_bytes(source.path, fixed.data)
        if summary := fixed.summary(job.lang):
            sys.stderr.write(f"{summary}\n")
        yield Source(path=source.path, load=partial(bytes, fixed.data))


def _fail(error: Exception) -> bytes:
    raise error


def _write_bytes(path: str, data: bytes) -> None:
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise unwritable(path, error) from None


def sources(options: argparse.Namespace, plan: Plan, outputs: Sequence[Output] = ()) -> Iterator[Source]:
    """What to check: the paths of the options, else those of the configuration, without the outputs' own files."""
    paths = options.paths or list(plan.run().config.paths)
    ours = {os.path.realpath(output.path) for output in outputs if output.path}  # may lie in a folder that is checked
    for source in find_sources([path for path in paths if path != "-"], plan.excludes):
        if not ours or os.path.realpath(source.path) not in ours:
            yield source
    if "-" in paths:
        yield Source(path=options.stdin_filename, load=sys.stdin.buffer.read)


def _put(stream: TextIO, output: Output, piece: str) -> None:
    """Writes a piece of an output. Raises UsageError where its file does not take it."""
    try:
        stream.write(piece)
        if output.path:
            stream.flush()
    except OSError as error:
        if not output.path:
            raise
        with suppress(OSError):  # which tries once more to write what is left, and fails again
            stream.close()
        raise unwritable(output.path, error) from None
