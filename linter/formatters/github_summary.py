"""GitHub's step summary: a Markdown page that says per level what was found, with a table, the gravest first."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from linter.diagnostic import Diagnostic, FileResult
from linter.errors import Phrase
from linter.formatters import Context
from linter.identity import repository_path

MOST_ROWS = 500
"""Diagnostics that the table shows: GitHub takes no summary over 1 MiB."""

_MARKUP = re.compile(r"[!-/:-@\[-`{-~]")  # ASCII punctuation, all of which Markdown lets one escape


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:
    """The page. Nothing comes out before the last file is checked."""
    every: list[Diagnostic] = []
    counts: Counter[str] = Counter()
    for result in results:
        every += result.diagnostics
        counts.update(diagnostic.level for diagnostic in result.diagnostics)
        counts["files"] += 1
        counts["unchecked"] += len(result.unchecked)
    yield Phrase(
        zh=f"## 年报检查\n\n检查了 {counts['files']} 个文件：{counts['error']} 个错误，{counts['warning']} 个警告，"
        f"{counts['info']} 个提示；{counts['unchecked']} 处未能检查\n",
        en=f"## Annual reports\n\n{counts['files']} file(s) checked: {counts['error']} error(s), "
        f"{counts['warning']} warning(s), {counts['info']} info(s); {counts['unchecked']} not checked\n",
    ).say(context.lang)
    if not every:
        return
    head = Phrase(zh="级别 位置 问题 规则", en="level place problem rule").say(context.lang).split()
    yield f"\n| {' | '.join(head)} |\n|---|---|---|---|\n"
    every.sort(key=lambda diagnostic: (diagnostic.level.rank, diagnostic.order))
    for diagnostic in every[:MOST_ROWS]:
        place = f"{repository_path(diagnostic.path)}:{diagnostic.at.line}:{diagnostic.at.column}"
        cells = (diagnostic.level.value, place, diagnostic.message, diagnostic.rule)
        yield f"| {' | '.join(map(_cell, cells))} |\n"
    more = len(every) - MOST_ROWS
    if more > 0:
        yield "\n" + Phrase(zh=f"…另有 {more} 条\n", en=f"… and {more} more\n").say(context.lang)


def _cell(text: str) -> str:
    """The text as a table's cell: nothing in it is Markdown or HTML, and it stays on its line."""
    lines = (_MARKUP.sub(lambda found: "\\" + found[0], line) for line in re.split(r"\r\n|\r|\n", text))
    return "<br>".join(lines)
