"""The summary of a run for a supervising office: one row a report."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from linter.diagnostic import FileResult, Level
from linter.errors import Phrase
from linter.formatters import Context
from linter.spreadsheet import Column, Sheet, Tinted, Value, number, write_csv, write_xlsx
from linter.template import TableForm


class Verdict(NamedTuple):
    said: Phrase
    color: str | None  # of its cell; None for none


UNREADABLE = Verdict(Phrase(zh="无法检查", en="unreadable"), "D9D9D9")
ERRORS = Verdict(Phrase(zh="错误", en="errors"), "FFC7CE")
WARNINGS = Verdict(Phrase(zh="警告", en="warnings"), "FFEB9C")
INCOMPLETE = Verdict(Phrase(zh="未查全", en="incomplete"), "DDEBF7")  # nothing found, but not all could be checked
PASSED = Verdict(Phrase(zh="通过", en="passed"), None)

KEY_FIGURES = (
    (Phrase(zh="本年新收申请", en="requests received"), ("requests.received.total",)),
    (Phrase(zh="上年结转申请", en="requests carried in"), ("requests.carried_in.total",)),
    (Phrase(zh="予以公开", en="granted"), ("requests.granted.total",)),
    (Phrase(zh="部分公开", en="granted in part"), ("requests.partial.total",)),
    (Phrase(zh="办理结果总计", en="requests handled"), ("requests.handled.total",)),
    (Phrase(zh="结转下年度", en="requests carried out"), ("requests.carried_out.total",)),
    (Phrase(zh="行政复议", en="reconsiderations"), ("review.reconsideration.total",)),
    (Phrase(zh="行政诉讼（未经复议）", en="lawsuits, direct"), ("review.litigation_direct.total",)),
    (Phrase(zh="行政诉讼（复议后）", en="lawsuits after reconsideration"), ("review.litigation_after.total",)),
    (
        Phrase(zh="规范性文件制发件数", en="normative documents issued"),
        ("disclosure.normative_documents.issued", "disclosure.normative_documents.produced"),
    ),
    (Phrase(zh="行政许可决定", en="licensing decisions"), ("disclosure.licensing.decisions",)),
    (Phrase(zh="行政处罚决定", en="penalty decisions"), ("disclosure.penalty.decisions",)),
    (Phrase(zh="行政强制决定", en="coercion decisions"), ("disclosure.coercion.decisions",)),
    (Phrase(zh="收费金额（万元）", en="fees (10,000 yuan)"), ("disclosure.fees.amount",)),
)
"""Heading of a column → the addresses that it shows, the first that a report has: templates name some differently."""

_TINTS = {Level.ERROR: ERRORS.color, Level.WARNING: WARNINGS.color, Level.INFO: None}


class _Row(NamedTuple):
    """What is kept of a report."""

    facts: tuple[Value, Value, Value, Value]  # path, agency, year, title
    editions: Mapping[str, str | None]
    verdict: Verdict
    levels: Counter[Level]
    unchecked: int
    suppressed: int
    rules: Counter[str]
    figures: tuple[Value, ...]  # as KEY_FIGURES
    problem: str | None  # why the file could not be read


class Summary:
    """Notes a row for each result that goes by, which must have its figures; the columns are known at the end."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._levels: dict[str, Level] = {}  # of each rule that found something

    def watch(self, results: Iterable[FileResult]) -> Iterator[FileResult]:
        """The same results."""
        for result in results:
            self._levels |= {diagnostic.rule: diagnostic.level for diagnostic in result.diagnostics}
            self._rows.append(_row(result))
            yield result

    def write(self, file: BinaryIO, path: str, context: Context) -> None:
        """Writes what was noted, as the suffix of the file's path says: .xlsx, else CSV with Excel's mark of UTF-8."""
        lang = context.lang
        rules = sorted(self._levels)
        columns = list(_columns(context, rules))
        rows = (list(self._cells(row, rules, context)) for row in self._rows)
        if path.lower().endswith(".xlsx"):
            write_xlsx(file, [Sheet(Phrase(zh="年报汇总", en="reports").say(lang), columns, rows)])
            return
        write_csv(file, [column.name for column in columns], rows)

    def _cells(self, row: _Row, rules: Sequence[str], context: Context) -> Iterator[Value | Tinted]:
        yield from row.facts
        yield from (row.editions.get(form.key) for form in _forms(context))
        yield _tinted(row.verdict.said.say(context.lang), row.verdict.color)
        yield from (_count(row.levels[level], _TINTS[level]) for level in Level)
        yield row.unchecked
        yield row.suppressed
        yield from row.figures
        yield from (_count(row.rules[rule], _TINTS[self._levels[rule]]) for rule in rules)
        yield row.problem


def _row(result: FileResult) -> _Row:
    levels = Counter(diagnostic.level for diagnostic in result.diagnostics)
    values = {figure.address: figure.value for figure in result.figures}
    shown = (next((a for a in addresses if a in values), addresses[0]) for _, addresses in KEY_FIGURES)
    return _Row(
        facts=(result.path, result.agency, result.year, result.title),
        editions=result.editions,
        verdict=_verdict(result, levels),
        levels=levels,
        unchecked=len(result.unchecked),
        suppressed=len(result.suppressed),
        rules=Counter(diagnostic.rule for diagnostic in result.diagnostics),
        figures=tuple(number(values.get(address)) for address in shown),
        problem=result.diagnostics[0].message if result.failed else None,
    )


def _verdict(result: FileResult, levels: Counter[Level]) -> Verdict:
    if result.failed:
        return UNREADABLE
    if levels[Level.ERROR]:
        return ERRORS
    if levels[Level.WARNING]:
        return WARNINGS
    return INCOMPLETE if result.unchecked else PASSED


def _columns(context: Context, rules: Iterable[str]) -> Iterator[Column]:
    def say(phrase: Phrase) -> str:
        return phrase.say(context.lang)

    yield Column(say(Phrase(zh="文件", en="file")), 32)
    yield Column(say(Phrase(zh="机关", en="agency")), 28)
    yield Column(say(Phrase(zh="年度", en="year")), 8)
    yield Column(say(Phrase(zh="标题", en="title")), 44)
    for form in _forms(context):
        yield Column(say(Phrase(zh=f"{form.name}格式", en=f"edition of {form.key}")), 11)
    yield Column(say(Phrase(zh="结论", en="verdict")), 11)
    for zh, en in (("错误", "errors"), ("警告", "warnings"), ("提示", "infos"), ("未能检查", "not checked")):
        yield Column(say(Phrase(zh=f"{zh}（处）", en=f"{en} (count)")), 11)
    yield Column(say(Phrase(zh="已豁免（处）", en="suppressed (count)")), 11)
    yield from (Column(say(heading), 13) for heading, _ in KEY_FIGURES)
    titles = {rule.id: rule.title for rule in context.rules}
    for rule in rules:
        title = titles.get(rule)  # none for a rule that only the configuration of a folder below has
        heading = Phrase(zh=f"{title.zh}（{rule}）", en=f"{title.en} ({rule})") if title else Phrase(zh=rule, en=rule)
        yield Column(say(heading), 18)
    yield Column(say(Phrase(zh="无法检查的原因", en="why unreadable")), 40)


def _forms(context: Context) -> Sequence[TableForm]:
    return context.templates[-1].tables


def _tinted(value: Value, color: str | None) -> Value | Tinted:
    return Tinted(value, color) if color else value


def _count(count: int, color: str | None) -> Value | Tinted:
    return _tinted(count, color if count else None)
