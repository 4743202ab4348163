"""The command line's grammar: commands and options, with their help in both languages.

Built on argparse: it adds 4 ms to a start where click adds some 25, and the start is what a hook's user feels.

A help text is Chinese, a line break, English, and at its end the default in parentheses. argparse prints it in one
line; the manual (docs/commands/) takes the languages apart.
"""

import argparse
import os
from collections.abc import Callable, Sequence

from linter import __version__
from linter.checks import CHECKS, STAMPED
from linter.config import BASELINE_NAME
from linter.diagnostic import Level
from linter.formatters import FORMATTERS
from linter.outputs import EXTRACTS, Output

MOST_JOBS = 128
"""The most processes that can be asked for."""


def make_parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command line `argv`; `command` in its result names what is to be done.

    For `check`, which must start fast, the other commands are not made.
    """
    parser = argparse.ArgumentParser(
        prog="nianbao",
        formatter_class=_help_formatter,
        description="检查政府信息公开工作年度报告。Checks annual reports on open government information.",
        epilog="退出状态 exit status: 0 通过 clean; 1 有问题 found; 2 用法、配置或文件有误 unusable; 3 程序错误 bug",
    )
    parser.add_argument("--version", action="version", version=f"nianbao-lint {__version__}")
    parser.set_defaults(config=None, lang=None, rules=None, cache_dir=None)
    subparsers = parser.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    common = argparse.ArgumentParser(add_help=False, formatter_class=_help_formatter)
    common.add_argument("--lang", choices=["zh", "en"], help="消息的语言\nlanguage of messages (zh)")
    common.add_argument("--rules", metavar="FOLDER", action="append", help="自己的规则文件夹\nfolder with own rules")
    common.add_argument("--config", metavar="FILE", help="配置文件\nconfiguration file (.nianbao.yaml)")
    common.add_argument("--cache-dir", metavar="DIR", help="缓存文件夹\ncache folder (NIANBAO_CACHE_DIR)")

    def command(name: str, summary: str) -> argparse.ArgumentParser:
        return subparsers.add_parser(
            name, help=summary, description=summary, parents=[common], formatter_class=_help_formatter
        )

    _check_command(command("check", "检查文件和文件夹\ncheck files and folders"))
    if argv[:1] != ["check"]:
        _reading_commands(command)
        _author_commands(command)
        _exception_commands(command)
    return parser


def _reading_commands(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    rules = command("rules", "列出规则\nlist the rules")
    rules.add_argument("--ids", action="store_true", help="只列规则名\nonly their ids")
    rules.set_defaults(command="rules")
    explain = command("explain", "说明一条规则\nexplain a rule")
    explain.add_argument("rule", metavar="RULE", help="规则名\nrule id")
    explain.set_defaults(command="explain")
    view = command("view", "打印带行号的文本，诊断的行号即指它\nprint the numbered text that line numbers refer to")
    view.add_argument("file", metavar="FILE", help="文件，什么格式都可以\na file of any format")
    how = view.add_mutually_exclusive_group()
    how.add_argument(
        "--diff", metavar="OLD", help="与旧文件 OLD 比较，有不同时状态为 1\ncompare with OLD, exit with 1 if different"
    )
    how.add_argument("--plain", action="store_true", help="不带行号\nwithout line numbers")
    view.set_defaults(command="view")
    _extract_command(command("extract", "提取表中的数\nextract the figures of the tables"))
    server = command("lsp", "供编辑器用的语言服务器\na language server, for editors")
    server.add_argument("--stdio", action="store_true", help="通过标准输入输出，总是如此\nspeak over stdio, as always")
    server.set_defaults(command="lsp")
    score = command(
        "score", "逐处改动一份合格年报，列出没有规则查出的改动\nchange a valid report, name what no rule catches"
    )
    score.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="合格的年报，不写则用内置的两份\na valid report; without it, two built-in ones",
    )
    score.set_defaults(command="score")
    from linter.completion import SHELLS  # `check` has no use for it

    completion = command("completion", "打印命令行补全脚本\nprint a script for completion in a shell")
    completion.add_argument("shell", choices=SHELLS, help="哪一种\nfor which one")
    completion.set_defaults(command="completion")
    init = command("init", "在当前文件夹写配置文件，已有的补全\nwrite or complete .nianbao.yaml in this folder")
    init.add_argument("--fail-on", choices=list(Level), help="写入 fail-on\nset fail-on")
    init.set_defaults(command="init")


def _extract_command(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    parser.add_argument(
        "--format",
        choices=list(EXTRACTS),
        help="输出格式，不写则看 --output 的扩展名，再没有则为 json\n"
        "output format; without, by the suffix of --output, else json",
    )
    parser.add_argument("--output", metavar="FILE", help="写入文件\nwrite to a file")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--long", action="store_false", dest="wide", help="一行一个数，默认如此\na row a figure, the default"
    )
    form.add_argument("--wide", action="store_true", help="一行一份年报，一列一格\na row a report, a column a cell")
    _quiet(parser)
    _running(parser)
    _fixing(parser)
    parser.set_defaults(command="extract", wide=False, fix=False, diff=False, unsafe_fixes=False)


def _paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="文件或文件夹，- 为标准输入\nfiles or folders, - for standard input"
    )
    parser.add_argument(
        "--stdin-filename", metavar="NAME", default="stdin.txt", help="标准输入的文件名\nname of standard input"
    )


def _quiet(parser: "argparse._ActionsContainer") -> None:
    parser.add_argument("-q", "--quiet", action="store_true", help="不显示进度和总结\nno progress and no summary")


def _author_commands(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    config = command("config", "列出生效的设置和出处\nprint the settings in force and where each comes from")
    config.add_argument("file", metavar="FILE", nargs="?", help="对哪个文件\nfor this file")
    _choosing(config)
    config.set_defaults(command="settings")
    schema = command(
        "schema", "打印 YAML 文件的 JSON Schema，供编辑器用\nprint the JSON Schema of a YAML file, for editors"
    )
    schema.add_argument("name", choices=["config", "rule", "template"], help="哪一种文件\nof which file")
    schema.set_defaults(command="schema")
    test = command("test-rules", "用样例测试自己的规则\ntest own rules against their examples")
    test.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="规则文件夹或文件，不写则为配置里的\nfolders or files; without, those of the configuration",
    )
    test.add_argument("--update", action="store_true", help="重写 .out 文件\nrewrite the .out files")
    test.set_defaults(command="test-rules")
    new = command("new-rule", "新建规则和样例\nwrite a rule to start from, with its examples")
    new.add_argument("rule", metavar="ID", help="规则名\nrule id")
    kinds = [kind for kind in CHECKS if kind not in STAMPED]
    new.add_argument(
        "--check", metavar="KIND", choices=kinds, required=True, help=f"检查的种类\nkind of check ({' '.join(kinds)})"
    )
    new.add_argument(
        "--folder",
        metavar="FOLDER",
        help="规则文件夹，不写则为配置里的第一个，没有则为 rules\n"
        "rules folder; without, the first of the configuration, else rules",
    )
    new.set_defaults(command="new-rule")


def _choosing(parser: argparse.ArgumentParser) -> None:
    for name, summary in (
        ("--select", "只用这些规则：规则名、主题或 all\nonly these rules: ids, topics, all (a,b)"),
        ("--extend-select", "另外也用这些规则\nthese rules, too (a,b)"),
        ("--ignore", "不用这些规则\nwithout these rules (a,b)"),
    ):
        parser.add_argument(name, metavar="RULE", action="append", type=_ids, help=summary)
    parser.add_argument(
        "--fail-on", choices=list(Level), help="从哪一级起算失败\nlevel from which on to exit with 1 (error)"
    )
    parser.add_argument("--preview", action="store_true", help="也用试行的规则\npreview rules too")
    _fixing(parser)


def _fixing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--template", metavar="EDITION", help="报告应采用的格式\nedition that reports must have (auto)")
    parser.add_argument(
        "--year", metavar="YEAR", type=int, help="报告的年度，不看标题\nyear of the report, whatever it says"
    )


def _exception_commands(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    waive = command("waive", "豁免一处，写入豁免文件\nwaive a finding, in .nianbao-waivers.yaml")
    waive.add_argument("file", metavar="FILE", help="报告\nthe report")
    waive.add_argument("rule", metavar="RULE", help="规则名\nrule id")
    waive.add_argument("address", metavar="ADDRESS", nargs="?", help="哪一格：表.行.列\nthe cell: table.row.column")
    waive.add_argument("--reason", required=True, help="理由\nwhy")
    waive.add_argument("--approver", metavar="NAME", help="谁同意的\nwho approved")
    waive.add_argument("--expires", metavar="YYYY-MM-DD", help="有效期的最后一天\nlast day on which it holds")
    waive.set_defaults(command="waive")
    baseline = command("baseline", "记录现有的问题，以后只报新的\nrecord today's findings, to report only new ones")
    baseline.add_argument("paths", metavar="PATH", nargs="*", help="文件或文件夹\nfiles or folders")
    baseline.add_argument("--prune", action="store_true", help="只删去已解决的\nonly drop what is resolved")
    baseline.add_argument("--output", metavar="FILE", help=f"基线文件\nthe baseline file ({BASELINE_NAME})")
    _running(baseline)
    baseline.set_defaults(command="baseline", stdin_filename="stdin.txt", fix=False, diff=False, unsafe_fixes=False)
    cache = command("cache", "清空缓存，或说明它在哪里、有多大\nempty the cache, or tell where it is and how large")
    cache.add_argument("action", choices=["clear", "info"], help="清空，或说明\nempty it, or tell of it")
    cache.set_defaults(command="cache")


def _running(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jobs", metavar="N", type=_jobs, help="同时用几个进程\nprocesses to use (auto)")
    parser.add_argument("--no-cache", action="store_true", help="不用上次的结果\ncheck all files anew")


def _help_formatter(prog: str) -> argparse.HelpFormatter:
    """argparse's own, told its width: left to itself it imports shutil and all its compressors, at every start."""
    try:
        width = os.get_terminal_size().columns
    except OSError:  # not a terminal
        width = 100
    return argparse.HelpFormatter(prog, width=min(width, 100) - 2)


def _check_command(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    parser.add_argument("--format", choices=list(FORMATTERS), default="text", help="输出格式\noutput format (text)")
    parser.add_argument("--output", metavar="FILE", help="结果写入文件\nwrite the result to a file")
    parser.add_argument(
        "--output-format",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        type=_format_and_file,
        help="同时把另一种格式写入文件，可以多次\nwrite another format to a file too, repeatable",
    )
    parser.add_argument(
        "--summary",
        metavar="FILE.xlsx|.csv",
        type=_summary_file,
        help="同时写汇总表，一行一份年报\nwrite a summary too, a row a report",
    )
    _choosing(parser)
    how = parser.add_mutually_exclusive_group()
    _quiet(how)
    how.add_argument(
        "--verbose",
        action="store_true",
        help="也列出核对无误的数和所用的配置\nshow what holds and the configurations in force, too",
    )
    _running(parser)
    parser.add_argument(
        "--statistics",
        action="store_const",
        const="statistics",
        dest="format",
        help="只列各规则的次数\ncounts by rule only",
    )
    parser.add_argument(
        "--fix", action="store_true", help="改正有把握的错误，不动数字\ncorrect what is safe, never a figure"
    )
    parser.add_argument("--diff", action="store_true", help="只显示会怎样改，不写文件\nshow what --fix would do")
    parser.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="也把等式都成立的空白格填 0\nfill blanks with 0 where all equations hold",
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        nargs="?",
        const="",
        help=f"只报基线里没有的问题\nonly what is not in the baseline ({BASELINE_NAME})",
    )
    parser.set_defaults(command="check")


def _format_and_file(text: str) -> Output:
    name, _, path = text.partition("=")
    if name not in FORMATTERS or not path:
        raise argparse.ArgumentTypeError(
            f"应写作 格式=文件 write FORMAT=FILE, FORMAT: {', '.join(FORMATTERS)} ({text!r})"
        )
    return Output(name, path)


def _jobs(text: str) -> int | None:
    if text == "auto":
        return None
    if not text.isdecimal() or not 1 <= int(text) <= MOST_JOBS:
        raise argparse.ArgumentTypeError(
            f"应是 1 到 {MOST_JOBS} 的整数，或 auto a whole number from 1 to {MOST_JOBS}, or auto ({text!r})"
        )
    return int(text)


def _summary_file(text: str) -> str:
    if not text.lower().endswith((".xlsx", ".csv")):
        raise argparse.ArgumentTypeError(f"请写 .xlsx 或 .csv 文件名 name an .xlsx or .csv file ({text!r})")
    return text


def _ids(text: str) -> list[str]:
    return [name for name in text.replace(" ", "").split(",") if name]
