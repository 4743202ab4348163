"""The configuration: `.nianbao.yaml`, or `[tool.nianbao]` in pyproject.toml, in a file's folder or above it."""

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple

from linter.diagnostic import Level
from linter.limits import Limits
from linter.selection import Severity
from linter.yamlfile import Node, YamlFile

FILE_NAME = ".nianbao.yaml"
PROJECT_FILE = "pyproject.toml"

AUTO = "auto"
"""The template that the report's year calls for."""


class PerFile(NamedTuple):
    """What is different for the files that a pattern names."""

    files: str  # a pattern as in .gitignore
    ignore: tuple[str, ...] = ()
    levels: dict[str, Severity] = {}  # noqa: RUF012 - never written to


WAIVERS_NAME, BASELINE_NAME = ".nianbao-waivers.yaml", ".nianbao-baseline.json"
"""Files that are found as the configuration is."""


class Config(NamedTuple):
    """What a configuration file may say; its keys are the fields, with `-` for `_`. Paths begin at its folder."""

    required_version: str | None = None  # of this program: ">=0.1,<1"
    extends: str | None = None  # another configuration, or package:NAME
    lang: Literal["zh", "en"] = "zh"
    fail_on: Level = Level.ERROR
    paths: tuple[str, ...] = (".",)  # what `nianbao check` checks without arguments
    include: tuple[str, ...] = ()  # only these files, patterns as in .gitignore; none means all
    exclude: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()  # folders with own rules and templates
    template: str = AUTO  # the edition that every report must have
    year: int | None = None  # of every report, whatever it says
    select: tuple[str, ...] = ()  # only these rules: ids, topics, `all`; none means all
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    levels: dict[str, Severity] = {}  # noqa: RUF012 - never written to
    per_file: tuple[PerFile, ...] = ()
    preview: bool = False  # run preview rules too
    limits: Limits = Limits()  # what a file may hold at most

    @staticmethod
    def yaml_key(field: str) -> str:
        """The key of a field."""
        return field.replace("_", "-")


class Layer(NamedTuple):
    """One configuration file."""

    file: YamlFile  # takes note of the mistakes that are found later
    folder: str  # where its paths begin
    config: Config
    nodes: Mapping[str, Node]  # the value of each field that the file gives


class Settings(NamedTuple):
    """What configuration files come to; without any, the defaults."""

    config: Config = Config()
    layers: tuple[Layer, ...] = ()  # the nearest last; those before it are what it extends


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

# 只检查这些文件，写法与 .gitignore 相同；空着表示全部 / only these files, written as in .gitignore; empty for all
include: []

# 不检查的文件，写法与 .gitignore 相同 / files left out, written as in .gitignore
exclude: []

# 只用这些规则：规则名、主题（rules/ 下的文件夹名，如 totals）或 all；空着表示全部。nianbao rules 列出全部规则
# only these rules: ids, topics (folders of rules/, such as totals) or all; empty for all
select: []

# 另外也用这些规则 / these rules, too
extend-select: []

# 不检查的规则 / rules that are left out
ignore: []

# 各规则的级别 / level of a rule: error, warning, info, off
levels: {}

# 个别文件的例外 / exceptions for some files: [{files: "old/*", ignore: [totals], levels: {cell-blank: info}}]
per-file: []

# 自己的规则文件夹：其中的规则加进来，同名的替换内置的 / folders with own rules, added to the built-in ones
rules: []

# 是否也用试行的规则（可能误报） / preview rules too (they may give false alarms)
preview: false

# 报告应采用哪一版格式；auto 表示按年度 / the edition that reports must have: auto (by year), "2019", "2021"
template: auto
"""
"""The file that `nianbao init` writes."""


def find_config(folder: str, name: str = FILE_NAME) -> str | None:
    """The file of that name for `folder`: in it or above it, up to the repository's root."""
    folder = os.path.abspath(folder)
    while True:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
        project = os.path.join(folder, PROJECT_FILE)
        if name == FILE_NAME and os.path.isfile(project) and _has_table(project):
            return project
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = parent


def _has_table(path: str) -> bool:
    """Whether a TOML file speaks of this program; a rough look, so that tomllib is not imported for any other."""
    with open(path, "rb") as file:
        return b"tool.nianbao" in file.read()


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
