"""The configuration: `.nianbao.yaml` in the working folder or above it, up to the repository's root."""

import os
from typing import Literal, NamedTuple

from linter.diagnostic import Level
from linter.errors import Mistake, RuleError
from linter.yamlfile import Invalid, YamlFile

FILE_NAME = ".nianbao.yaml"

WAIVERS_NAME, BASELINE_NAME = ".nianbao-waivers.yaml", ".nianbao-baseline.json"
"""Files that are found as the configuration is."""


class Config(NamedTuple):
    """What a run does where the command line says nothing. The fields are the keys of the file, with `-` for `_`."""

    lang: Literal["zh", "en"] = "zh"
    fail_on: Level = Level.ERROR
    paths: tuple[str, ...] = (".",)  # what `nianbao check` checks without arguments
    exclude: tuple[str, ...] = ()  # patterns as in .gitignore
    select: tuple[str, ...] = ()  # rule ids; none means all
    ignore: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()  # folders with own rules and templates
    preview: bool = False  # run preview rules too


SAMPLE = """\
# nianbao-lint 的配置。每一项都可以删去：删去的用默认值。
# Configuration of nianbao-lint. Every key may be left out.

# 消息的语言 / language of messages: zh, en
lang: zh

# 有这一级或更严重的问题时，命令以状态 1 结束 / exit with 1 from this level on: error, warning, info
fail-on: error

# 不带参数时检查哪里 / what is checked without arguments
paths:
  - .

# 不检查的文件，写法与 .gitignore 相同 / files left out, written as in .gitignore
exclude: []

# 只检查这些规则；空着表示全部。nianbao rules 列出全部规则 / only these rules; empty for all
select: []

# 不检查的规则 / rules that are left out
ignore: []

# 自己的规则文件夹：其中的规则加进来，同名的替换内置的 / folders with own rules, added to the built-in ones
rules: []

# 是否也用试行的规则（可能误报） / preview rules too (they may give false alarms)
preview: false
"""
"""The file that `nianbao init` writes."""


def find_config(folder: str, name: str = FILE_NAME) -> str | None:
    """The file of that name for `folder`: in it or above it, up to the repository's root."""
    folder = os.path.abspath(folder)
    while True:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = parent


def find_or_place(folder: str, name: str) -> str:
    """The path, seen from the working folder, of the file of that name.

    Where there is none, it belongs beside the configuration, else in `folder`.
    """
    config = find_config(folder)
    home = os.path.dirname(config) if config else folder
    return os.path.relpath(find_config(folder, name) or os.path.join(home, name))


def relative(path: str, base: str) -> str:
    """`path` as the file `base` names it: seen from its folder, with `/`."""
    folder = os.path.dirname(os.path.abspath(base))
    try:
        return os.path.relpath(os.path.abspath(path), folder).replace(os.sep, "/")
    except ValueError:  # on another drive
        return os.path.abspath(path).replace(os.sep, "/")


def load_config(path: str) -> Config:
    """The configuration in the file at `path`. Raises RuleError with every mistake in it."""
    mistakes: list[Mistake] = []
    file = YamlFile(path=path, mistakes=mistakes)
    with open(path, "rb") as stream:
        data = stream.read()
    try:
        config: Config = file.build(file.parse(data), Config)
    except Invalid:
        raise RuleError(mistakes) from None
    return config
