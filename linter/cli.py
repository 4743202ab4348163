"""The command line: argv → exit status.

The only place that touches argv and the standard streams. It alone reads the environment too, but for the place of the
cache (`cachefolder`) and of LibreOffice (`office`).

Built on argparse: it adds 4 ms to a start where click adds some 25, and the start is what a hook's user feels.
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
from typing import TYPE_CHECKING, TextIO

from linter import __version__
from linter.cachefolder import cache_folder
from linter.checks import CHECKS
from linter.config import BASELINE_NAME, WAIVERS_NAME, find_config, find_or_place
from linter.diagnostic import FileResult, Level
from linter.discovery import find_sources
from linter.engine import Source, check, file_source, with_waivers
from linter.errors import NianbaoError, Phrase, ReadError, UsageError
from linter.formatters import FORMATTERS, Context, formatter
from linter.outputs import Output, spread
from linter.plan import Plan, Terms, Wishes
from linter.ruleset import Ruleset, load_rules
from linter.selection import Choice

if TYPE_CHECKING:  # only --fix and --diff pay for it
    from linter.fixing import Fixed

if TYPE_CHECKING:
    from datetime import date

    from linter.waivers import Waivers

OK, FOUND, UNUSABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit status: nothing to complain of; diagnostics; bad usage, configuration or file; a bug; Ctrl-C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # UTF-8 whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = _parser().parse_args(argv)
    lang = options.lang or "zh"
    try:
        plan = _plan(options)
        lang = options.lang or plan.run().config.lang
        status: int = options.run(options, plan, lang)
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
    if options.run in {_check, _settings}:
        select, extend, ignore = (
            tuple(chain.from_iterable(given or [])) for given in (options.select, options.extend_select, options.ignore)
        )
        wishes = wishes._replace(
            choice=Choice(select=select, extend_select=extend, ignore=ignore),
            preview=options.preview,
            fail_on=Level(options.fail_on) if options.fail_on else None,
        )
    if options.run in {_check, _settings, _extract}:
        wishes = wishes._replace(template=options.template, year=options.year)
    if options.run is _test_rules:
        folders = (path if os.path.isdir(path) else os.path.dirname(path) or os.curdir for path in options.paths)
        wishes = wishes._replace(rules=(*wishes.rules, *map(os.path.normpath, folders)))
    return Plan(wishes, _load_rules)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nianbao",
        formatter_class=_help_formatter,
        description="检查政府信息公开工作年度报告。Checks annual reports on open government information.",
        epilog="退出状态 exit status: 0 通过 clean; 1 有问题 found; 2 用法、配置或文件有误 unusable; 3 程序错误 bug",
    )
    parser.add_argument("--version", action="version", version=f"nianbao-lint {__version__}")
    parser.set_defaults(config=None, lang=None, rules=None)
    subparsers = parser.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    common = argparse.ArgumentParser(add_help=False, formatter_class=_help_formatter)
    common.add_argument("--lang", choices=["zh", "en"], help="消息的语言 language of messages (zh)")
    common.add_argument("--rules", metavar="FOLDER", action="append", help="自己的规则文件夹 folder with own rules")
    common.add_argument("--config", metavar="FILE", help="配置文件 configuration file (.nianbao.yaml)")

    def command(name: str, summary: str) -> argparse.ArgumentParser:
        return subparsers.add_parser(
            name, help=summary, description=summary, parents=[common], formatter_class=_help_formatter
        )

    _check_command(command("check", "检查文件和文件夹 check files and folders"))
    rules = command("rules", "列出规则 list the rules")
    rules.set_defaults(run=_rules)
    explain = command("explain", "说明一条规则 explain a rule")
    explain.add_argument("rule", metavar="RULE", help="规则名 rule id")
    explain.set_defaults(run=_explain)
    view = command("view", "打印带行号的文本，诊断的行号即指它 print the numbered text that line numbers refer to")
    view.add_argument("file", metavar="FILE")
    how = view.add_mutually_exclusive_group()
    how.add_argument(
        "--diff", metavar="OLD", help="与旧文件 OLD 比较，有不同时状态为 1 compare with OLD, exit with 1 if different"
    )
    how.add_argument("--plain", action="store_true", help="不带行号 without line numbers")
    view.set_defaults(run=_view)
    extract = command("extract", "提取表中的数 extract the figures of the tables")
    extract.add_argument("file", metavar="FILE")
    extract.add_argument("--format", choices=["json", "csv"], default="json", help="输出格式 output format (json)")
    extract.set_defaults(run=_extract)
    _fixing(extract)
    score = command(
        "score", "逐处改动一份合格年报，列出没有规则查出的改动 change a valid report, name what no rule catches"
    )
    score.add_argument("file", metavar="FILE", nargs="?", help="合格的年报 a valid report (内置的 built-in ones)")
    score.set_defaults(run=_score)
    init = command("init", "在当前文件夹写配置文件，已有的补全 write or complete .nianbao.yaml in this folder")
    init.add_argument("--fail-on", choices=list(Level), help="写入 fail-on set fail-on")
    init.set_defaults(run=_init)
    config = command("config", "列出生效的设置和出处 print the settings in force and where each comes from")
    config.add_argument("file", metavar="FILE", nargs="?", help="对哪个文件 for this file")
    _choosing(config)
    config.set_defaults(run=_settings)
    schema = command(
        "schema", "打印 YAML 文件的 JSON Schema，供编辑器用 print the JSON Schema of a YAML file, for editors"
    )
    schema.add_argument("name", choices=["config", "rule", "template"], help="哪一种文件 of which file")
    schema.set_defaults(run=_schema)
    test = command("test-rules", "用样例测试自己的规则 test own rules against their examples")
    test.add_argument(
        "paths", metavar="PATH", nargs="*", help="规则文件夹或文件 folders or files (rules of the configuration)"
    )
    test.add_argument("--update", action="store_true", help="重写 .out 文件 rewrite the .out files")
    test.set_defaults(run=_test_rules)
    new = command("new-rule", "新建规则和样例 write a rule to start from, with its examples")
    new.add_argument("rule", metavar="ID", help="规则名 rule id")
    new.add_argument("--check", metavar="KIND", choices=list(CHECKS), required=True, help=" ".join(CHECKS))
    new.add_argument(
        "--folder", metavar="FOLDER", help="规则文件夹 rules folder (first of the configuration, else rules)"
    )
    new.set_defaults(run=_new_rule)
    _exception_commands(command)
    return parser


def _choosing(parser: argparse.ArgumentParser) -> None:
    for name, summary in (
        ("--select", "只用这些规则：规则名、主题或 all only these rules: ids, topics, all (a,b)"),
        ("--extend-select", "另外也用这些规则 these rules, too (a,b)"),
        ("--ignore", "不用这些规则 without these rules (a,b)"),
    ):
        parser.add_argument(name, metavar="RULE", action="append", type=_ids, help=summary)
    parser.add_argument(
        "--fail-on", choices=list(Level), help="从哪一级起算失败 level from which on to exit with 1 (error)"
    )
    parser.add_argument("--preview", action="store_true", help="也用试行的规则 preview rules too")
    _fixing(parser)


def _fixing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--template", metavar="EDITION", help="报告应采用的格式 edition that reports must have (auto)")
    parser.add_argument(
        "--year", metavar="YEAR", type=int, help="报告的年度，不看标题 year of the report, whatever it says"
    )


def _exception_commands(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    waive = command("waive", "豁免一处，写入豁免文件 waive a finding, in .nianbao-waivers.yaml")
    waive.add_argument("file", metavar="FILE", help="报告 the report")
    waive.add_argument("rule", metavar="RULE", help="规则名 rule id")
    waive.add_argument("address", metavar="ADDRESS", nargs="?", help="哪一格：表.行.列 the cell: table.row.column")
    waive.add_argument("--reason", required=True, help="理由 why")
    waive.add_argument("--approver", metavar="NAME", help="谁同意的 who approved")
    waive.add_argument("--expires", metavar="YYYY-MM-DD", help="有效期的最后一天 last day on which it holds")
    waive.set_defaults(run=_waive)
    baseline = command("baseline", "记录现有的问题，以后只报新的 record today's findings, to report only new ones")
    baseline.add_argument("paths", metavar="PATH", nargs="*", help="文件或文件夹 files or folders")
    baseline.add_argument("--prune", action="store_true", help="只删去已解决的 only drop what is resolved")
    baseline.add_argument("--output", metavar="FILE", help=f"基线文件 the baseline file ({BASELINE_NAME})")
    baseline.set_defaults(run=_baseline, stdin_filename="stdin.txt")


def _help_formatter(prog: str) -> argparse.HelpFormatter:
    """argparse's own, told its width: left to itself it imports shutil and all its compressors, at every start."""
    try:
        width = os.get_terminal_size().columns
    except OSError:  # not a terminal
        width = 100
    return argparse.HelpFormatter(prog, width=min(width, 100) - 2)


def _check_command(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="文件或文件夹，- 为标准输入 files or folders, - for standard input"
    )
    parser.add_argument("--format", choices=list(FORMATTERS), default="text", help="输出格式 output format (text)")
    parser.add_argument("--output", metavar="FILE", help="结果写入文件 write the result to a file")
    parser.add_argument(
        "--output-format",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        type=_format_and_file,
        help="同时把另一种格式写入文件，可以多次 write another format to a file too, repeatable",
    )
    _choosing(parser)
    parser.add_argument(
        "--stdin-filename", metavar="NAME", default="stdin.txt", help="标准输入的文件名 name of standard input"
    )
    parser.add_argument("--verbose", action="store_true", help="也列出核对无误的数 show what holds, too")
    parser.add_argument(
        "--statistics",
        action="store_const",
        const="statistics",
        dest="format",
        help="只列各规则的次数 counts by rule only",
    )
    parser.add_argument(
        "--fix", action="store_true", help="改正有把握的错误，不动数字 correct what is safe, never a figure"
    )
    parser.add_argument("--diff", action="store_true", help="只显示会怎样改，不写文件 show what --fix would do")
    parser.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="也把等式都成立的空白格填 0 fill blanks with 0 where all equations hold",
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        nargs="?",
        const="",
        help=f"只报基线里没有的问题 only what is not in the baseline ({BASELINE_NAME})",
    )
    parser.set_defaults(run=_check)


def _format_and_file(text: str) -> Output:
    name, _, path = text.partition("=")
    if name not in FORMATTERS or not path:
        raise argparse.ArgumentTypeError(
            f"应写作 格式=文件 write FORMAT=FILE, FORMAT: {', '.join(FORMATTERS)} ({text!r})"
        )
    return Output(name, path)


def _ids(text: str) -> list[str]:
    return [name for name in text.replace(" ", "").split(",") if name]


def _check(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    outputs = _outputs(options)
    groups = plan.groups(_sources(options, plan, outputs))
    renders = [formatter(output.format) for output in outputs]
    gc.freeze()  # what is loaded by now stays: no later collection need look at it
    gc.enable()
    tally = _Tally()
    waivers = _waivers(plan)
    results = chain.from_iterable(_checked(options, group, terms, lang, tally, waivers) for terms, group in groups)
    if waivers:
        terms = plan.terms(os.curdir)
        results = tally.watch(with_waivers(results, waivers, terms.chosen, lang), terms.fail_on)
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    context = Context(lang, rules=plan.every().rules, fail_on=plan.wishes.fail_on or plan.run().config.fail_on)
    with ExitStack() as files:
        # With --diff standard output is a patch; what is left to correct by hand goes beside it.
        screen = sys.stderr if options.diff else sys.stdout
        streams = [files.enter_context(_open(output)) if output.path else screen for output in outputs]
        contexts = [context._replace(color=color and not output.path) for output in outputs]
        for index, piece in spread(results, list(zip(renders, contexts, strict=True))):
            _put(streams[index], outputs[index], piece)
    return tally.status


def _checked(  # noqa: PLR0913 - what the check of a file depends on
    options: argparse.Namespace,
    sources: Iterable[Source],
    terms: Terms,
    lang: str,
    tally: "_Tally",
    waivers: "Waivers | None",
) -> Iterator[FileResult]:
    """The results of sources on the same terms, corrected first where that is asked for."""
    if options.fix or options.diff or options.unsafe_fixes:
        from linter.fixing import fix

        repair = partial(fix, ruleset=terms.chosen, every=terms.every, unsafe=options.unsafe_fixes)
        sources = _fixed(options, sources, repair, lang, tally)
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


def _fixed(
    options: argparse.Namespace,
    sources: Iterable[Source],
    repair: Callable[[Source], "Fixed"],
    lang: str,
    tally: "_Tally",
) -> Iterator[Source]:
    """The sources as corrected: written with --fix, shown as a diff with --diff."""
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
        raise UsageError(
            Phrase(zh=f"无法写入 {path}：{error.strerror}", en=f"cannot write {path}: {error.strerror}")
        ) from None


def _load_rules(own: tuple[str, ...]) -> Ruleset:
    name = "rules.json"
    if own:
        from zlib import crc32  # a cache for each set of folders

        name = f"rules-{crc32(os.pathsep.join(map(os.path.abspath, own)).encode()):08x}.json"
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


def _open(output: Output) -> TextIO:
    """The output's file, to write to. Raises UsageError."""
    try:
        return open(output.path or "", output.mode, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise _unwritable(output, error) from None


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
        raise _unwritable(output, error) from None


def _unwritable(output: Output, error: OSError) -> UsageError:
    return UsageError(
        Phrase(zh=f"无法写入 {output.path}：{error.strerror}", en=f"cannot write {output.path}: {error.strerror}")
    )


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
