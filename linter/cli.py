"""The command line: argv → exit status.

The only place that touches argv and the standard streams. It alone reads the environment too, but for the place of the
cache (`cachefolder`) and of LibreOffice (`office`).
"""

import argparse
import gc
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TextIO

from linter.arguments import make_parser
from linter.cachefolder import cache_folder
from linter.config import BASELINE_NAME, WAIVERS_NAME, find_config, find_or_place
from linter.diagnostic import FileResult, Level
from linter.discovery import find_sources
from linter.engine import Source, check, file_source, with_waivers
from linter.errors import NianbaoError, Phrase, ReadError, UsageError, unwritable
from linter.formatters import Context, formatter
from linter.limits import move
from linter.outputs import Output, open_output, spread
from linter.plan import Plan, Terms, Wishes
from linter.ruleset import Ruleset, load_rules
from linter.selection import Choice

if TYPE_CHECKING:  # only who asks for them pays for them
    from datetime import date

    from linter.fixing import Fixed
    from linter.waivers import Waivers

OK, FOUND, UNUSABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit status: nothing to complain of; diagnostics; bad usage, configuration or file; a bug; Ctrl-C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # UTF-8 whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    argv = list(sys.argv[1:] if argv is None else argv)
    options = make_parser(argv).parse_args(argv)
    lang = options.lang or "zh"
    try:
        plan = _plan(options)
        lang = options.lang or plan.run().config.lang
        if any(plan.run().config.limits):
            move(plan.run().config.limits)
        status = COMMANDS[options.command](options, plan, lang)
        sys.stdout.flush()
    except NianbaoError as error:
        print(Phrase(zh="错误：", en="error: ").say(lang) + error.phrase.say(lang), file=sys.stderr)  # noqa: T201 - the one that speaks
        return UNUSABLE
    except BrokenPipeError:  # the reader (head, less) went away: not our error, and nothing is left to say it to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _plan(options: argparse.Namespace) -> Plan:
    wishes = Wishes(config=options.config, lang=options.lang, rules=tuple(options.rules or []))
    if options.command in {"check", "settings"}:
        select, extend, ignore = (
            tuple(chain.from_iterable(given or [])) for given in (options.select, options.extend_select, options.ignore)
        )
        wishes = wishes._replace(
            choice=Choice(select=select, extend_select=extend, ignore=ignore),
            preview=options.preview,
            fail_on=Level(options.fail_on) if options.fail_on else None,
        )
    if options.command in {"check", "settings", "extract"}:
        wishes = wishes._replace(template=options.template, year=options.year)
    if options.command == "test-rules":
        folders = (path if os.path.isdir(path) else os.path.dirname(path) or os.curdir for path in options.paths)
        wishes = wishes._replace(rules=(*wishes.rules, *map(os.path.normpath, folders)))
    return Plan(wishes, _load_rules)


def _check(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    outputs = _outputs(options)
    groups = plan.groups(_sources(options, plan, outputs))
    renders = [formatter(output.format) for output in outputs]
    gc.freeze()  # what is loaded by now stays: no later collection need look at it
    gc.enable()
    tally = _Tally()
    run = _Run(options, lang, tally, _waivers(plan))
    results: Iterator[FileResult] = chain.from_iterable(_checked(run, group, terms) for terms, group in groups)
    if run.waivers:
        terms = plan.terms(os.curdir)
        results = tally.watch(with_waivers(results, run.waivers, terms.chosen, lang), terms.fail_on)
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    context = Context(lang, rules=plan.every().rules, fail_on=plan.wishes.fail_on or plan.run().config.fail_on)
    with ExitStack() as files:
        # With --diff standard output is a patch; what is left to correct by hand goes beside it.
        screen = sys.stderr if options.diff else sys.stdout
        streams = [files.enter_context(open_output(output)) if output.path else screen for output in outputs]
        contexts = [context._replace(color=color and not output.path) for output in outputs]
        for index, piece in spread(results, list(zip(renders, contexts, strict=True))):
            _put(streams[index], outputs[index], piece)
    return tally.status


class _Run(NamedTuple):
    """What holds for all files of a run of `check`."""

    options: argparse.Namespace
    lang: str
    tally: "_Tally"
    waivers: "Waivers | None"


def _checked(run: _Run, sources: Iterable[Source], terms: Terms) -> Iterator[FileResult]:
    """The results of sources on the same terms, corrected first where that is asked for."""
    options, lang, tally, waivers = run
    if options.fix or options.diff or options.unsafe_fixes:
        from linter.fixing import fix

        repair = partial(fix, ruleset=terms.chosen, every=terms.every, unsafe=options.unsafe_fixes)
        sources = _fixed(run, sources, repair)
    results = check(sources, terms.chosen, terms.every, lang, verbose=options.verbose, waivers=waivers)
    if options.baseline is not None:
        results = _without_baseline(results, options.baseline)
    return tally.watch(results, terms.fail_on)


def today() -> "date":
    """Today: the one thing in a verdict that is in no file (a waiver's last day may be over)."""
    from datetime import datetime

    return datetime.now().astimezone().date()


def _waivers(plan: Plan) -> "Waivers | None":
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


def _fixed(run: _Run, sources: Iterable[Source], repair: Callable[[Source], "Fixed"]) -> Iterator[Source]:
    """The sources as corrected: written with --fix, shown as a diff with --diff."""
    options, lang, tally, _ = run
    if options.fix == options.diff:
        raise UsageError(
            Phrase(zh="请在 --fix 和 --diff 中选一个", en="choose one of --fix and --diff"),
        )
    if options.fix and "-" in options.paths:
        raise UsageError(Phrase(zh="标准输入不能 --fix：请用 --diff", en="standard input cannot be fixed: use --diff"))
    for source in sources:
        try:
            fixed = repair(source)
        except ReadError:  # the check says so
            yield source
            continue
        except Exception as error:  # a bug of ours: the check reports it, and goes on with the other files
            yield Source(path=source.path, load=partial(_fail, error))
            continue
        if options.diff:
            _write(sys.stdout, fixed.diff())
            if fixed.applied:
                tally.status = max(tally.status, FOUND)
        elif fixed.applied:
            _write_bytes(source.path, fixed.data)
        if summary := fixed.summary(lang):
            _write(sys.stderr, [f"{summary}\n"])
        yield Source(path=source.path, load=partial(bytes, fixed.data))


def _fail(error: Exception) -> bytes:
    raise error


def _write_bytes(path: str, data: bytes) -> None:
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise unwritable(path, error) from None


def _load_rules(own: tuple[str, ...]) -> Ruleset:
    name = "rules.cache"
    if own:
        from zlib import crc32  # a cache for each set of folders

        name = f"rules-{crc32(os.pathsep.join(map(os.path.abspath, own)).encode()):08x}.cache"
    return load_rules(own, cache=os.path.join(cache_folder(), name))


def _sources(options: argparse.Namespace, plan: Plan, outputs: Sequence[Output]) -> Iterator[Source]:
    paths = options.paths or list(plan.run().config.paths)
    ours = {os.path.realpath(output.path) for output in outputs if output.path}  # may lie in a folder that is checked
    for source in find_sources([path for path in paths if path != "-"], plan.excludes):
        if not ours or os.path.realpath(source.path) not in ours:
            yield source
    if "-" in paths:
        yield Source(path=options.stdin_filename, load=sys.stdin.buffer.read)


class _Tally:
    """Notes the exit status as the results go by, so that they need not be kept."""

    def __init__(self) -> None:
        self.status = OK

    def watch(self, results: Iterable[FileResult], fail_on: Level) -> Iterator[FileResult]:
        """The same results."""
        for result in results:
            if any(diagnostic.level.rank <= fail_on.rank for diagnostic in result.diagnostics):
                self.status = max(self.status, FOUND)
            if result.failed:
                self.status = max(self.status, BUG if result.bug else UNUSABLE)
            yield result


def _write(stream: TextIO, pieces: Iterable[str]) -> None:
    stream.writelines(pieces)


def _put(stream: TextIO, output: Output, piece: str) -> None:
    """Writes a piece of an output. Raises UsageError where its file does not take it."""
    try:
        _write(stream, (piece,))
        if output.path:
            stream.flush()
    except OSError as error:
        if not output.path:
            raise
        with suppress(OSError):  # which tries once more to write what is left, and fails again
            stream.close()
        raise unwritable(output.path, error) from None


def _rules(options: argparse.Namespace, plan: Plan, lang: str) -> int:  # noqa: ARG001
    from linter import commands

    _write(sys.stdout, commands.list_rules(plan.every(), lang))
    return OK


def _explain(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import explanation

    ruleset = plan.every()
    _write(sys.stdout, explanation.explain(ruleset, ruleset.rule(options.rule), lang))
    return OK


def _view(options: argparse.Namespace, plan: Plan, lang: str) -> int:  # noqa: ARG001
    from linter import commands

    if options.diff:
        changes = list(commands.view_diff(options.diff, options.file))
        _write(sys.stdout, changes)
        return FOUND if changes else OK
    _write(sys.stdout, commands.view_plain(options.file) if options.plain else commands.view(options.file))
    return OK


def _extract(options: argparse.Namespace, plan: Plan, lang: str) -> int:  # noqa: ARG001
    from linter import commands

    _write(sys.stdout, commands.EXTRACTS[options.format](options.file, plan.terms(options.file).every))
    return OK


def _score(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import scoring

    ruleset = plan.terms(options.file or os.curdir).chosen
    sources = [file_source(options.file)] if options.file else scoring.specimens()
    for number, source in enumerate(sources):
        _write(sys.stdout, ["\n"] if number else [])
        _write(sys.stdout, scoring.table(*scoring.score(source, ruleset), lang))
    return OK


def _init(options: argparse.Namespace, plan: Plan, lang: str) -> int:  # noqa: ARG001
    from linter import commands

    settings = {"lang": options.lang, "fail-on": options.fail_on}
    _write(sys.stdout, commands.init(os.getcwd(), {key: value for key, value in settings.items() if value}, lang))
    return OK


def _settings(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import provenance

    _write(sys.stdout, provenance.show(plan, options.file, lang))
    return OK


def _schema(options: argparse.Namespace, plan: Plan, lang: str) -> int:  # noqa: ARG001
    from linter import schema

    _write(sys.stdout, schema.print_schema(options.name))
    return OK


def _test_rules(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import ruletest

    every = plan.every()
    folders = options.paths or [*plan.run().config.rules, *plan.wishes.rules]
    outcomes = ruletest.run(every, folders, lang, options.update)
    _write(sys.stdout, ruletest.show(outcomes, lang))
    return FOUND if any(outcome.problem for outcome in outcomes) else OK


def _new_rule(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import scaffold

    folder = options.folder or next(iter(plan.run().config.rules), "rules")
    _write(sys.stdout, scaffold.new_rule(options.rule, options.check, folder, plan.every(), lang))
    return OK


def _waive(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import commands

    path = find_or_place(os.getcwd(), WAIVERS_NAME)
    fields = {name: getattr(options, name) for name in ("file", "rule", "address", "reason", "approver", "expires")}
    _write(sys.stdout, commands.waive(path, fields, plan.every(), today(), lang))
    return OK


def _baseline(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    from linter import commands

    path = options.output or find_or_place(os.getcwd(), BASELINE_NAME)
    tally = _Tally()
    fail_on = plan.run().config.fail_on
    waivers = _waivers(plan)
    results = chain.from_iterable(
        tally.watch(check(group, terms.chosen, terms.every, lang, waivers=waivers), fail_on)
        for terms, group in plan.groups(_sources(options, plan, []))
    )
    chosen = plan.terms(os.curdir).chosen
    _write(sys.stdout, commands.baseline(path, results, chosen, lang, pruned=options.prune))
    return tally.status if tally.status > FOUND else OK


COMMANDS: dict[str, Callable[[argparse.Namespace, Plan, str], int]] = {
    "rules": _rules,
    "explain": _explain,
    "view": _view,
    "extract": _extract,
    "score": _score,
    "init": _init,
    "settings": _settings,
    "schema": _schema,
    "test-rules": _test_rules,
    "new-rule": _new_rule,
    "waive": _waive,
    "baseline": _baseline,
    "check": _check,
}
"""Name of a command in `arguments` → what does it."""
