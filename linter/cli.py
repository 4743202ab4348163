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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import chain
from typing import TextIO

from linter import __version__
from linter.cachefolder import cache_folder
from linter.config import Config, find_config, load_config
from linter.diagnostic import FileResult, Level
from linter.discovery import find_sources
from linter.engine import Source, check
from linter.errors import NianbaoError, Phrase, UsageError
from linter.formatters import FORMATTERS, Context, formatter
from linter.outputs import Output, open_output, spread, unwritable
from linter.ruleset import Ruleset, load_rules

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
        config = _config(options)
        lang = options.lang or config.lang
        status: int = options.run(options, config, lang)
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


def _config(options: argparse.Namespace) -> Config:
    path = options.config or find_config(os.getcwd())
    return load_config(path) if path else Config()


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
    init = command("init", "在当前文件夹写配置文件，已有的补全 write or complete .nianbao.yaml in this folder")
    init.add_argument("--fail-on", choices=list(Level), help="写入 fail-on set fail-on")
    init.set_defaults(run=_init)
    return parser


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
    parser.add_argument(
        "--select", metavar="RULE", action="append", type=_ids, help="只检查这些规则 only these rules (a,b)"
    )
    parser.add_argument(
        "--ignore", metavar="RULE", action="append", type=_ids, help="不检查这些规则 without these rules (a,b)"
    )
    parser.add_argument(
        "--fail-on", choices=list(Level), help="从哪一级起算失败 level from which on to exit with 1 (error)"
    )
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
    parser.add_argument("--preview", action="store_true", help="也用试行的规则 preview rules too")
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


def _check(options: argparse.Namespace, config: Config, lang: str) -> int:
    every = _load_rules(options, config)
    select = list(chain.from_iterable(options.select or [])) or config.select
    ignore = [*chain.from_iterable(options.ignore or []), *config.ignore]
    outputs = _outputs(options)
    renders = [formatter(output.format) for output in outputs]
    gc.freeze()  # what is loaded by now stays: no later collection need look at it
    gc.enable()
    chosen = every.chosen(select, ignore, options.preview or config.preview)
    tally = _Tally(Level(options.fail_on) if options.fail_on else config.fail_on)
    results = tally.watch(check(_sources(options, config, outputs), chosen, every, lang, verbose=options.verbose))
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    context = Context(lang, rules=every.rules, fail_on=tally.fail_on)
    with ExitStack() as files:
        streams = [files.enter_context(open_output(output)) if output.path else sys.stdout for output in outputs]
        contexts = [context._replace(color=color and not output.path) for output in outputs]
        for index, piece in spread(results, list(zip(renders, contexts, strict=True))):
            _put(streams[index], outputs[index], piece)
    return tally.status


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


def _load_rules(options: argparse.Namespace, config: Config) -> Ruleset:
    return load_rules([*config.rules, *(options.rules or [])], cache=os.path.join(cache_folder(), "rules.json"))


def _sources(options: argparse.Namespace, config: Config, outputs: Sequence[Output]) -> Iterator[Source]:
    paths = options.paths or list(config.paths)
    ours = {os.path.realpath(output.path) for output in outputs if output.path}  # may lie in a folder that is checked
    for source in find_sources([path for path in paths if path != "-"], config.exclude):
        if not ours or os.path.realpath(source.path) not in ours:
            yield source
    if "-" in paths:
        yield Source(path=options.stdin_filename, load=sys.stdin.buffer.read)


class _Tally:
    """Notes the exit status as the results go by, so that they need not be kept."""

    def __init__(self, fail_on: Level) -> None:
        self.fail_on = fail_on
        self.status = OK

    def watch(self, results: Iterable[FileResult]) -> Iterator[FileResult]:
        """The same results."""
        for result in results:
            if any(diagnostic.level.rank <= self.fail_on.rank for diagnostic in result.diagnostics):
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
        raise unwritable(output, error) from None


def _rules(options: argparse.Namespace, config: Config, lang: str) -> int:
    from linter import commands

    _write(sys.stdout, commands.list_rules(_load_rules(options, config), lang))
    return OK


def _explain(options: argparse.Namespace, config: Config, lang: str) -> int:
    from linter import explanation

    ruleset = _load_rules(options, config)
    _write(sys.stdout, explanation.explain(ruleset, ruleset.rule(options.rule), lang))
    return OK


def _view(options: argparse.Namespace, config: Config, lang: str) -> int:  # noqa: ARG001
    from linter import commands

    if options.diff:
        changes = list(commands.view_diff(options.diff, options.file))
        _write(sys.stdout, changes)
        return FOUND if changes else OK
    _write(sys.stdout, commands.view_plain(options.file) if options.plain else commands.view(options.file))
    return OK


def _extract(options: argparse.Namespace, config: Config, lang: str) -> int:  # noqa: ARG001
    from linter import commands

    _write(sys.stdout, commands.EXTRACTS[options.format](options.file, _load_rules(options, config)))
    return OK


def _init(options: argparse.Namespace, config: Config, lang: str) -> int:  # noqa: ARG001
    from linter import commands

    settings = {"lang": options.lang, "fail-on": options.fail_on}
    _write(sys.stdout, commands.init(os.getcwd(), {key: value for key, value in settings.items() if value}, lang))
    return OK
