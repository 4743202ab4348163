"""Scripts that complete the command line in a shell, by shtab: an extra, needed once to write such a script."""

import argparse
from collections.abc import Iterator

from linter.errors import Phrase, UsageError

SHELLS = ("bash", "zsh", "fish")

_FILES = frozenset({"PATH", "FILE", "OLD", "FILE.xlsx|.csv"})
_FOLDERS = frozenset({"FOLDER"})
_RULES = frozenset({"RULE"})
"""What an argument is, by the name that the help gives it."""


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script for a shell. Raises UsageError where shtab is not installed."""
    try:
        import shtab
    except ImportError:
        raise UsageError(
            Phrase(
                zh="生成补全脚本需要 shtab，请先运行：pip install 'nianbao-lint[completion]'",
                en="completion needs shtab; install it with: pip install 'nianbao-lint[completion]'",
            )
        ) from None
    for action in _actions(parser):
        name = str(action.metavar)
        if name in _FILES | _FOLDERS | _RULES:
            rules = shtab.cmd("nianbao rules --ids")
            kind = shtab.FILE if name in _FILES else shtab.DIRECTORY if name in _FOLDERS else rules
            action.complete = kind  # type: ignore[attr-defined]  # where shtab looks for it
    return shtab.complete(parser, shell=shell)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of a parser and of its commands, which argparse shows to nobody."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in dict.fromkeys(action.choices.values()):
                yield from _actions(command)
