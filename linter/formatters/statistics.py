"""A table of the rules that were broken: how often, and in how many files."""

from collections import Counter
from collections.abc import Iterable, Iterator

from linter.diagnostic import FileResult, Level
from linter.document import width
from linter.errors import Phrase
from linter.formatters import Context


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:
    """One line a rule, most frequent first, and the sum at the end."""
    counts: Counter[str] = Counter()
    files: Counter[str] = Counter()
    levels: dict[str, Level] = {}
    checked = 0
    for result in results:
        checked += 1
        levels |= {diagnostic.rule: diagnostic.level for diagnostic in result.diagnostics}
        counts.update(diagnostic.rule for diagnostic in result.diagnostics)
        files.update({diagnostic.rule for diagnostic in result.diagnostics})
    head = Phrase(zh="规则 级别 次数 文件数", en="rule level count files").say(context.lang).split()
    rows = [
        [rule, levels[rule], str(counts[rule]), str(files[rule])]
        for rule in sorted(counts, key=lambda r: (-counts[r], r))
    ]
    total = Phrase(zh=f"合计（{checked} 个文件）", en=f"total ({checked} files)").say(context.lang)
    table = [head, *rows, [total, "", str(sum(counts.values())), ""]]
    widths = [max(width(row[column]) for row in table) for column in range(len(head))]
    for row in table:
        rule, level, *numbers = (
            _fit(cell, wide, right=column > 1) for column, (cell, wide) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join([rule, level, *numbers]).rstrip() + "\n"


def _fit(cell: str, wide: int, *, right: bool) -> str:
    space = " " * (wide - width(cell))
    return space + cell if right else cell + space
