"""Text for a terminal: `path:line:column: level: message [rule-id]`, the source line with carets, a summary."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from linter.diagnostic import Diagnostic, FileResult, Hint, Level, NotChecked, Related
from linter.document import Position, width
from linter.errors import Phrase
from linter.formatters import Context

EXCERPT = 96
"""Terminal columns that a source line may take; of a longer one the part around the place is shown."""

TAB = "  "
"""How a tab is shown: wide enough to be seen, narrow enough for a row of twelve cells."""

MOST_RELATED = 6
"""Related places shown for a diagnostic; JSON has them all."""

_COLORS = {Level.ERROR: "31", Level.WARNING: "33", Level.INFO: "36"}


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:
    """Each file's diagnostics, then what could not be checked in it, and a summary of the run at the end."""
    lang, color = context.lang, context.color
    counts: Counter[str] = Counter()
    for result in results:
        counts.update(diagnostic.level for diagnostic in result.diagnostics)
        counts["files"] += 1
        counts["clean"] += not (result.diagnostics or result.suppressed)
        counts["unchecked"] += len(result.unchecked)
        counts.update(item.kind for item in result.suppressed)
        hinted: dict[str, int] = {}
        for diagnostic in result.diagnostics:
            yield from _diagnostic(diagnostic, result.lines, lang, color)
            if diagnostic.hint:
                yield from _hint(diagnostic.hint, diagnostic.at.line, hinted, lang)
        if not context.quiet:
            yield from _unchecked(result, lang, color)
        yield from _held(result, lang, color)
    if not context.quiet:
        yield _summary(counts, lang, color)


def _paint(text: str, code: str, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color else text


def _diagnostic(diagnostic: Diagnostic, lines: tuple[str, ...], lang: str, color: bool) -> Iterator[str]:
    at = diagnostic.at
    page = Phrase(zh=f"第{at.page}页 ", en=f"page {at.page} ").say(lang) if at.page else ""
    place = _paint(f"{diagnostic.path}:{at.line}:{at.column}:", "1", color)
    level = _paint(f"{diagnostic.level}:", f"1;{_COLORS[diagnostic.level]}", color)
    rule = _paint(f"[{diagnostic.rule}]", "2", color)
    yield f"{place} {level} {page}{diagnostic.message} {rule}\n"
    if 0 < at.line <= len(lines) and lines[at.line - 1].strip():
        source, carets = excerpt(lines[at.line - 1], at)
        yield f"    {source}\n    {_paint(carets, _COLORS[diagnostic.level], color)}\n"
    yield from _related(diagnostic.path, diagnostic.related, lang)


def _related(path: str, places: Sequence[Related], lang: str) -> Iterator[str]:
    word = Phrase(zh="相关", en="related").say(lang)
    for related in places[:MOST_RELATED]:
        where = related.at.where or related.address or ""
        yield f"  {word} {path}:{related.at.line}:{related.at.column}: {where}\n"
    more = len(places) - MOST_RELATED
    if more > 0:
        yield "  " + Phrase(zh=f"…另有 {more} 处\n", en=f"… and {more} more\n").say(lang)


def _hint(hint: Hint, line: int, hinted: dict[str, int], lang: str) -> Iterator[str]:
    """The hint, once in a file: a later diagnostic refers to the line that had it, which `hinted` knows by its text."""
    text = hint.text.replace("\n", "\n    ")
    if hint.text in hinted:
        same = hinted[hint.text]
        text = Phrase(zh=f"与上面第 {same} 行是同一个问题", en=f"the same fault as at line {same} above").say(lang)
    hinted.setdefault(hint.text, line)
    yield "  " + Phrase(zh=f"提示：{text}\n", en=f"hint: {text}\n").say(lang)


def _held(result: FileResult, lang: str, color: bool) -> Iterator[str]:
    for item in result.held:
        place = _paint(f"{result.path}:{item.at.line}:{item.at.column}:", "1", color)
        yield f"{place} {_paint('held:', '1;32', color)} {item.text} {_paint(f'[{item.rule}]', '2', color)}\n"
        yield from _related(result.path, item.related, lang)


def excerpt(line: str, at: Position) -> tuple[str, str]:
    """(the source line or the part of it around the place, the carets below it), both in terminal columns."""
    start = at.column - 1
    end = at.end_column - 1 if at.end_line == at.line else len(line)
    end = max(start + 1, min(end, len(line)))
    first = last = start
    space = EXCERPT - _width(line[start : start + 1])
    while space > 0 and (last + 1 < len(line) or first > 0):  # grow to both sides, forward first
        if last + 1 < len(line):
            last += 1
            space -= _width(line[last])
        if first > 0 and space > 0 and (last + 1 >= len(line) or start - first < (last - start) or last >= end):
            first -= 1
            space -= _width(line[first])
    before = "…" if first > 0 else ""
    behind = "…" if last + 1 < len(line) else ""
    shown = (line[first : last + 1]).replace("\t", TAB)
    offset = len(before) + _width(line[first:start])
    length = max(1, _width(line[start : min(end, last + 1)]))
    return f"{before}{shown}{behind}".rstrip(), " " * offset + "^" * length


def _width(text: str) -> int:
    return width(text.replace("\t", TAB))


def _unchecked(result: FileResult, lang: str, color: bool) -> Iterator[str]:
    groups: dict[str, list[NotChecked]] = {}
    for item in result.unchecked:
        groups.setdefault(item.rule, []).append(item)
    for rule, items in groups.items():
        reasons = "；".join(dict.fromkeys(item.reason for item in items[:MOST_RELATED]))
        more = "…" if len(items) > MOST_RELATED else ""
        said = Phrase(
            zh=f"{len(items)} 处未能检查：{reasons}{more}", en=f"{len(items)} not checked: {reasons}{more}"
        ).say(lang)
        yield f"{result.path}: {_paint('note:', '1;34', color)} {said} {_paint(f'[{rule}]', '2', color)}\n"
    for text in dict.fromkeys(item.hint.text for item in result.unchecked if item.hint):
        yield "  " + Phrase(zh=f"提示：{text}\n", en=f"hint: {text}\n").say(lang)


def _summary(counts: Counter[str], lang: str, color: bool) -> str:
    errors, warnings, infos = counts["error"], counts["warning"], counts["info"]
    phrase = Phrase(
        zh=f"检查了 {counts['files']} 个文件：{errors} 个错误，{warnings} 个警告，{infos} 个提示；"
        f"{counts['unchecked']} 处未能检查；{counts['clean']} 个文件没有发现问题",
        en=f"{counts['files']} file(s) checked: {errors} error(s), {warnings} warning(s), {infos} info(s); "
        f"{counts['unchecked']} not checked; nothing found in {counts['clean']} file(s)",
    )
    phrase = _with_suppressed(phrase, counts)
    code = "31" if errors else "33" if warnings else "32"
    return _paint(phrase.say(lang), f"1;{code}", color) + "\n"


def _with_suppressed(phrase: Phrase, counts: Counter[str]) -> Phrase:
    """The phrase with how many diagnostics were taken out by exceptions, where any were."""
    names = {
        "inline": Phrase(zh="行内注释", en="inline"),
        "waiver": Phrase(zh="豁免文件", en="waived"),
        "baseline": Phrase(zh="基线", en="baseline"),
    }
    found = {kind: name for kind, name in names.items() if counts[kind]}
    if not found:
        return phrase
    total = sum(counts[kind] for kind in found)
    zh = "，".join(f"{name.zh} {counts[kind]}" for kind, name in found.items())
    en = ", ".join(f"{name.en} {counts[kind]}" for kind, name in found.items())
    return Phrase(zh=f"{phrase.zh}；{total} 处已豁免（{zh}）", en=f"{phrase.en}; {total} suppressed ({en})")
