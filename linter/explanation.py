"""A rule explained: what it wants, why, on what basis, with an example that breaks it and one that keeps it."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from linter.diagnostic import Level
from linter.document import width
from linter.engine import Source, Task, check, load_file, read_report
from linter.errors import Phrase
from linter.formatters import Context
from linter.formatters.text import excerpt, render
from linter.ruleset import Rule, Ruleset, built_in_examples

LEVELS = {
    Level.ERROR: Phrase(zh="错误", en="error"),
    Level.WARNING: Phrase(zh="警告", en="warning"),
    Level.INFO: Phrase(zh="提示", en="info"),
}


class Example(NamedTuple):
    """The first diagnostic of a rule's bad fixture, and the same line of its good one."""

    bad: str  # the diagnostic as text, with the source line
    good: str  # the line; empty where the good fixture has no such line


def explain(ruleset: Ruleset, rule: Rule, lang: str) -> Iterator[str]:
    """The explanation for a terminal."""
    words = Phrase(zh="级别 依据 说明 关闭", en="level basis why off").say(lang).split()
    level, basis, why, off = _padded(words)
    yield f"{rule.id}{Phrase(zh='：', en=': ').say(lang)}{rule.title.say(lang)}\n\n"
    preview = (
        Phrase(zh="（试行，用 --preview 才运行）", en=" (preview: runs only with --preview)").say(lang)
        if rule.preview
        else ""
    )
    yield f"{level}  {rule.level}{preview}\n"
    yield f"{basis}  {rule.basis}\n"
    if rule.help:
        yield f"{why}  {rule.help.say(lang)}\n"
    yield f"{off}  nianbao check --ignore {rule.id}\n"
    example = find_example(ruleset, rule, lang)
    if example:
        yield "\n" + Phrase(zh="错例", en="wrong").say(lang) + "\n"
        yield _indented(example.bad)
        if example.good:
            yield Phrase(zh="正例", en="right").say(lang) + "\n"
            yield _indented(f"    {example.good}\n")


def brief(rule: Rule, lang: str) -> str:
    """The rule in a few lines of Markdown, for an editor: what must hold, on what basis, why and how to correct it."""
    level = LEVELS[rule.level].say(lang)
    preview = Phrase(zh="，试行", en=", preview").say(lang) if rule.preview else ""
    basis = Phrase(zh="依据：", en="Basis: ").say(lang)
    parts = [f"**{rule.title.say(lang)}**", f"`{rule.id}` · {level}{preview}", f"{basis}{rule.basis}"]
    return "\n\n".join([*parts, rule.help.say(lang)] if rule.help else parts)


def page(ruleset: Ruleset, rule: Rule, lang: str) -> str:
    """The rule's page in docs/rules/."""

    def say(zh: str, en: str) -> str:
        return Phrase(zh=zh, en=en).say(lang)

    example = find_example(ruleset, rule, lang)
    preview = say("（试行）", " (preview)") if rule.preview else ""
    parts = [
        f"# {rule.id}\n\n{rule.title.say(lang)}\n",
        f"* {say('级别：', 'level: ')}{rule.level}{preview}",
        f"* {say('主题：', 'topic: ')}`{rule.topic}`",
        f"* {say('依据：', 'basis: ')}{rule.basis}\n",
    ]
    if rule.help:
        parts.append(f"{rule.help.say(lang)}\n")
    parts.append(f"{say('消息：', 'Message:')}\n\n> {rule.message.say(lang)}\n")
    if example:
        parts.append(f"{say('错例：', 'Wrong:')}\n\n```text\n{example.bad}```\n")
        if example.good:
            parts.append(f"{say('正例：', 'Right:')}\n\n```text\n{example.good}\n```\n")
    parts.append(f"{say('关闭：', 'To switch it off: ')}`nianbao check --ignore {rule.id}`\n")
    return "\n".join(parts)


def find_example(ruleset: Ruleset, rule: Rule, lang: str) -> Example | None:
    """An example made of the rule's fixtures; None where they are not at hand (a rule of one's own)."""
    folder = os.path.join(built_in_examples(), rule.id)
    bad, good = (_first(folder, kind) for kind in ("bad", "ok"))
    if bad is None:
        return None
    alone = ruleset._replace(rules=(rule,))
    source = Source(path=os.path.basename(bad), load=lambda: load_file(bad))
    (result,) = check([source], Task(alone, ruleset, lang))
    first = result._replace(diagnostics=result.diagnostics[:1], unchecked=())
    said = "".join(list(render([first], Context(lang)))[:-1])  # without the summary
    return Example(bad=said, good=_same_line(ruleset, first.diagnostics[0].address, first.diagnostics[0].at.line, good))


def _same_line(ruleset: Ruleset, address: str | None, line: int, good: str | None) -> str:
    """The line of the good fixture that holds the same figure, else the line of the same number."""
    if good is None:
        return ""
    report = read_report(Source(path=good, load=lambda: load_file(good)), ruleset)
    figure = report.figures.get(address or "")
    at = figure.at if figure else None
    number = at.line if at else line
    if number > len(report.document.lines):
        return ""
    shown, _ = excerpt(
        report.document.lines[number - 1], at or report.start._replace(line=number, column=1, end_column=1)
    )
    return shown.strip()


def _first(folder: str, kind: str) -> str | None:
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    found = [name for name in names if name.startswith(f"{kind}.") and not name.endswith(".out")]
    return os.path.join(folder, found[0]) if found else None


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def _padded(words: list[str]) -> list[str]:
    longest = max(width(word) for word in words)
    return [word + " " * (longest - width(word)) for word in words]
