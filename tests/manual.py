"""The parts of the documentation that are made from the program: command pages, the rules' index, the navigation."""

import argparse
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import yaml
from conftest import ROOT

from linter.arguments import make_parser
from linter.errors import Phrase
from linter.ruleset import Rule, Ruleset

LANGUAGES = ("zh", "en")
DOCS = ROOT / "docs"
GENERATED = re.compile(r"<!-- generated: (?P<part>\w+) -->\n.*?<!-- /generated -->", re.DOTALL)
"""A part of a hand-written page that the program fills."""

TOPICS = {
    "title": Phrase(zh="标题", en="The title"),
    "period": Phrase(zh="统计期限", en="The statistical period"),
    "sections": Phrase(zh="六个部分", en="Sections"),
    "accountability": Phrase(zh="监督保障", en="Accountability"),
    "tables": Phrase(zh="表格", en="Tables"),
    "cells": Phrase(zh="单元格", en="Cells"),
    "totals": Phrase(zh="等式", en="Equations"),
    "claims": Phrase(zh="正文里的数", en="Figures in the prose"),
    "fees": Phrase(zh="信息处理费", en="Fees"),
    "citations": Phrase(zh="引用的文件", en="Citations"),
    "years": Phrase(zh="年份", en="Years"),
    "text": Phrase(zh="文字", en="Text"),
    "files": Phrase(zh="文件和例外", en="Files and exceptions"),
}
"""Folder below rules/ → its name for people."""


def page(name: str, lang: str) -> Path:
    """The page of that name below docs/ in a language."""
    return DOCS / f"{name}{suffix(lang)}"


def suffix(lang: str) -> str:
    """How the names of pages in a language end."""
    return ".md" if lang == "zh" else f".{lang}.md"


def commands() -> dict[str, argparse.ArgumentParser]:
    """The parsers of all commands, by name."""
    (subparsers,) = (action for action in make_parser([])._actions if isinstance(action, argparse._SubParsersAction))
    return dict(subparsers.choices)


def filled(text: str, name: str, lang: str) -> str:
    """The text of a command's page with the parts that its parser tells."""
    parser = commands()[name]
    parts = {"name": _name(name, parser, lang), "synopsis": _synopsis(parser), "options": _options(parser, lang)}
    return GENERATED.sub(
        lambda found: f"<!-- generated: {found['part']} -->\n\n{parts[found['part']]}\n\n<!-- /generated -->", text
    )


def index_filled(text: str, lang: str) -> str:
    """The page that lists the commands."""
    return GENERATED.sub(lambda _: f"<!-- generated: index -->\n\n{_command_index(lang)}\n<!-- /generated -->", text)


def _command_index(lang: str) -> str:
    head = Phrase(zh="| 命令 | 作用 |\n|---|---|\n", en="| command | does |\n|---|---|\n").say(lang)
    rows = (
        f"| [`nianbao {name}`]({name}{suffix(lang)}) | {_said(str(parser.description), lang)} |\n"
        for name, parser in commands().items()
    )
    return head + "".join(rows)


def inputs_filled(text: str, lang: str) -> str:
    """The page about CI with the inputs of the GitHub action."""
    inputs: dict[str, dict[str, str]] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    head = Phrase(zh="| 参数 | 默认 | 作用 |\n|---|---|---|\n", en="| input | default | does |\n|---|---|---|\n").say(
        lang
    )
    rows = []
    for name, given in inputs.items():
        zh, _, en = given["description"].partition("·")
        default = f"`{given['default']}`" if given["default"] else ""
        rows.append(f"| `{name}` | {default} | {Phrase(zh=zh.strip(), en=en.strip()).say(lang)} |\n")
    return GENERATED.sub(lambda _: f"<!-- generated: inputs -->\n\n{head}{''.join(rows)}\n<!-- /generated -->", text)


def rule_index(ruleset: Ruleset, lang: str) -> str:
    """The page that lists the rules by topic."""
    head = Phrase(zh="| 规则 | 级别 | 要求 |\n|---|---|---|\n", en="| rule | level | what it wants |\n|---|---|---|\n")
    parts = [
        Phrase(
            zh=f"# 规则\n\n共 {len(ruleset.rules)} 条，按主题排列。`--select`、`--ignore` 和[配置](../configuration.md)"
            "里可以写规则名，也可以写主题的英文名。\n",
            en=f"# Rules\n\n{len(ruleset.rules)} rules, by topic. `--select`, `--ignore` and the"
            " [configuration](../configuration.en.md) take the id of a rule or of a topic.\n",
        ).say(lang)
    ]
    for topic, rules in by_topic(ruleset):
        rows = (f"| [{rule.id}]({rule.id}{suffix(lang)}) | {rule.level} | {rule.title.say(lang)} |\n" for rule in rules)
        name = Phrase(zh=f"{TOPICS[topic].zh}（{topic}）", en=f"{TOPICS[topic].en} ({topic})").say(lang)
        parts.append(f"## {name}\n\n{head.say(lang)}{''.join(rows)}")
    return "\n".join(parts)


def navigation(text: str, ruleset: Ruleset) -> str:
    """mkdocs.yml with all commands and rules in its navigation, and the names of topics in English."""
    listed = "".join(f"      - commands/{name}.md\n" for name in commands())
    text = re.sub(r"(      - commands/README\.md\n)(?:      - commands/.*\n)*", rf"\1{listed}", text)
    listed = "".join(
        f"      - {TOPICS[topic].zh}:\n" + "".join(f"          - rules/{rule.id}.md\n" for rule in rules)
        for topic, rules in by_topic(ruleset)
    )
    text = re.sub(r"(      - rules/README\.md\n)(?:      - .*:\n(?:          - rules/.*\n)+)*", rf"\1{listed}", text)
    translated = "".join(f"            {topic.zh}: {topic.en}\n" for topic in TOPICS.values())
    return re.sub(r"(            # topics\n)(?:            \S.*\n)*", rf"\1{translated}", text)


def by_topic(ruleset: Ruleset) -> Iterator[tuple[str, list[Rule]]]:
    """Topics in their order here, with their rules by id."""
    order = list(TOPICS)
    found = sorted(ruleset.rules, key=lambda rule: (order.index(rule.topic), rule.id))
    return ((topic, list(rules)) for topic, rules in groupby(found, key=lambda rule: rule.topic))


def _name(name: str, parser: argparse.ArgumentParser, lang: str) -> str:
    return f"`nianbao {name}`{Phrase(zh='：', en=': ').say(lang)}{_said(str(parser.description), lang)}"


def _synopsis(parser: argparse.ArgumentParser) -> str:
    """One line: what must be given, what excludes what, and the arguments in their order."""
    required = [_spelled(action) for action in parser._actions if action.option_strings and action.required]
    exclusive = [" | ".join(map(_spelled, group._group_actions)) for group in parser._mutually_exclusive_groups]
    arguments = [_argument(action) for action in parser._actions if not action.option_strings]
    words = [parser.prog, "[OPTION…]", *required, *(f"[{group}]" for group in exclusive), *arguments]
    return f"```text\n{' '.join(words)}\n```"


def _argument(action: argparse.Action) -> str:
    name = str(action.metavar or "|".join(map(str, action.choices or ())))
    return {"*": f"[{name}…]", "?": f"[{name}]"}.get(str(action.nargs), name)


def _spelled(action: argparse.Action) -> str:
    """An option as it is typed, with what it takes."""
    takes = (
        "" if action.nargs == 0 else str(action.metavar or "|".join(map(str, action.choices or [action.dest.upper()])))
    )
    takes = f"[{takes}]" if action.nargs == "?" else takes
    return f"{', '.join(action.option_strings)} {takes}".rstrip()


def _options(parser: argparse.ArgumentParser, lang: str) -> str:
    """A definition list of the arguments and options that are the command's own, then of those that all have."""
    shared = set.intersection(*({action.dest for action in command._actions} for command in commands().values()))
    own = [action for action in parser._actions if action.dest not in shared]
    common = [action for action in parser._actions if action.dest in shared]
    return "\n\n".join(_entry(action, lang) for action in [*own, *common])


def _entry(action: argparse.Action, lang: str) -> str:
    spelled = _spelled(action) if action.option_strings else _argument(action)
    said = Phrase(zh="打印用法", en="print the usage").say(lang) if action.dest == "help" else _said(action.help, lang)
    return f"`{spelled}`\n:   {said}"


def _said(text: str | None, lang: str) -> str:
    """A help text in one language: Chinese, a line break, English, and in parentheses what holds for both."""
    zh, _, en = str(text).partition("\n")
    default = re.search(r" \(([^()]*)\)$", en)
    return Phrase(zh=f"{zh}（{default[1]}）" if default else zh, en=en).say(lang)
