"""The numbers that Word puts before paragraphs by itself."""

import re
from collections.abc import Callable
from typing import NamedTuple

from lxml.etree import _Element

from linter.readers.docx.styles import Style, Styles
from linter.readers.docx.xml import VAL, W, child, count, first, on, val

MAX_LABEL = 100
"""The longest pattern of an automatic number that is believed, in characters."""


def _digits(digits: str) -> Callable[[int], str]:
    return lambda number: "".join(digits[int(digit)] for digit in str(number))


def _one_of(characters: str) -> Callable[[int], str]:
    return lambda number: characters[number - 1] if 0 < number <= len(characters) else str(number)


def _spell(number: int, digits: str = "零一二三四五六七八九", units: str = "千百十") -> str:
    """The number with its units, 一百零五; ten is 十, or 壹拾 in the digits of cheques."""
    if not 0 < number < 10_000:
        return str(number)
    figures = f"{number:04}"
    spelled = "".join(
        digits[int(figure)] + (unit if figure != "0" else "")
        for figure, unit in zip(figures, (*units, ""), strict=True)
    )
    spelled = re.sub("零+", "零", spelled).strip("零")
    return spelled.removeprefix("一") if spelled.startswith("一十") else spelled


def _counting(number: int) -> str:
    return _spell(number) if number < 100 else _digits("○一二三四五六七八九")(number)


def _letter(number: int) -> str:
    """a, b, … z, aa, bb, …"""
    if not 0 < number <= 26 * MAX_LABEL:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    if not 0 < number < 4_000:
        return str(number)
    text = ""
    for value, numeral in ROMAN.items():
        text += numeral * (number // value)
        number %= value
    return text


ROMAN = dict(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


FORMATS: dict[str, Callable[[int], str]] = {
    "bullet": lambda _: "",
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": _digits("０１２３４５６７８９"),
    "decimalFullWidth2": _digits("０１２３４５６７８９"),
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": _spell,
    "taiwaneseCountingThousand": _spell,
    "japaneseCounting": lambda number: re.sub("一([百千])|零", r"\1", _spell(number)),
    "ideographDigital": _digits("〇一二三四五六七八九"),
    "taiwaneseDigital": _digits("○一二三四五六七八九"),
    "japaneseDigitalTenThousand": _digits("〇一二三四五六七八九"),
    "chineseLegalSimplified": lambda number: _spell(number, "零壹贰叁肆伍陆柒捌玖", "仟佰拾"),
    "ideographLegalTraditional": lambda number: _spell(number, "零壹貳參肆伍陸柒捌玖", "仟佰拾"),
    "ideographTraditional": _one_of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _one_of("子丑寅卯辰巳午未申酉戌亥"),
    "ideographEnclosedCircle": _one_of("㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"),
    "decimalEnclosedCircle": _one_of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedCircleChinese": _one_of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedParen": _one_of("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "decimalEnclosedFullstop": _one_of("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}
"""`w:numFmt` → the number as Word shows it; any other is decimal. Source: ISO/IEC 29500-1, 17.18.59."""


class _Level(NamedTuple):
    """One level of a list."""

    start: int
    number_format: str
    text: str  # "%1、", "%1.%2"
    suffix: str
    restart: int  # restarts below a paragraph of a level before this one, counted from 1; 0: never
    is_legal: bool  # all its numbers are decimal
    style: str | None  # the paragraph style that has this level


class _List(NamedTuple):
    """A list: paragraphs with the same list id, or of lists with the same `family`, are numbered together."""

    family: str | None
    levels: dict[int, _Level]
    overrides: dict[str | None, int]  # level → where this list begins anew


class Numbering:
    """The automatic numbers of paragraphs, in the order of asking."""

    def __init__(self, root: _Element | None, styles: Styles) -> None:
        self._styles = styles
        elements = [] if root is None else list(root)
        self._families = {e.get(W + "abstractNumId"): e for e in elements if e.tag == W + "abstractNum"}
        self._definitions = {e.get(W + "numId"): e for e in elements if e.tag == W + "num"}
        self._lists: dict[str, _List | None] = {}
        self._counters: dict[str | None, dict[int, int]] = {}

    def label(self, direct: _Element | None, style: Style) -> str:
        """The number before the next paragraph, with what parts it from the text; empty where it has none.

        `direct` is the paragraph's own `w:numPr`, which goes before its style's.
        """
        list_id = style.list_id if direct is None else first(val(child(direct, W + "numId")), style.list_id)
        if list_id is None:
            return ""
        if list_id not in self._lists:
            self._lists[list_id] = self._define(list_id)
        found = self._lists[list_id]
        if found is None:
            return ""
        # A list names the style of a level; that goes before the level that the style names itself.
        linked = {level.style: at for at, level in found.levels.items()}
        by_style = (linked.get(name, own) for name, own in style.chain)
        at = first(count(child(direct, W + "ilvl"), 8), *by_style, 0)
        if at is None or at not in found.levels:
            return ""
        return self._show(found, at, self._advance(found, at))

    def _define(self, list_id: str) -> _List | None:
        definition = self._definitions.get(list_id)
        if definition is None:  # also "0", which says: no number
            return None
        family = val(child(definition, W + "abstractNumId"))
        link = val(child(self._families.get(family), W + "numStyleLink"))
        if link is not None:  # the levels are in the list of a list style
            family = val(child(self._definitions.get(self._styles.get(link).list_id), W + "abstractNumId"))
        levels = _levels(self._families.get(family))
        overrides = {}
        for override in definition.iterchildren(W + "lvlOverride"):
            levels |= _levels(override)
            start = count(child(override, W + "startOverride"), 9_999)
            if start is not None:
                overrides[override.get(W + "ilvl")] = start
        return _List(family=family, levels=levels, overrides=overrides)

    def _advance(self, found: _List, at: int) -> dict[int, int]:
        counters = self._counters.setdefault(found.family, {})
        if str(at) in found.overrides:
            counters[at] = found.overrides.pop(str(at))  # only the first paragraph of the list begins anew
        else:
            counters[at] = counters[at] + 1 if at in counters else found.levels[at].start
        for deeper, level in found.levels.items():
            if deeper > at and at < level.restart:
                counters.pop(deeper, None)
        return counters

    @staticmethod
    def _show(found: _List, at: int, counters: dict[int, int]) -> str:
        shown = found.levels[at]

        def number(reference: re.Match[str]) -> str:
            level = found.levels.get(int(reference[1]) - 1)
            if level is None:
                return ""
            value = counters.get(int(reference[1]) - 1, level.start)
            return str(value) if shown.is_legal else FORMATS.get(level.number_format, str)(value)

        if shown.number_format == "bullet":
            return ""
        label = re.sub("%([1-9])", number, shown.text)
        # The tab behind a number is as wide as a space; behind "、" or "）" the text follows at once.
        gap = {"nothing": "", "space": " "}.get(shown.suffix, " " if label.isascii() else "")
        return label + gap if label else ""


def _levels(parent: _Element | None) -> dict[int, _Level]:
    levels = {}
    for element in () if parent is None else parent.iterchildren(W + "lvl"):
        at = element.get(W + "ilvl", "")
        if at in LEVELS:
            # A format of Word 2010 stands beside the one that older programs show; that comes last.
            formats = [e.get(VAL) or "decimal" for e in element.iter(W + "numFmt")]
            levels[int(at)] = _Level(
                start=count(child(element, W + "start"), 9_999) or 0,
                number_format=formats[-1] if formats else "decimal",
                text=(val(child(element, W + "lvlText")) or "")[:MAX_LABEL],
                suffix=val(child(element, W + "suff")) or "tab",
                restart=first(count(child(element, W + "lvlRestart"), 9), int(at)) or 0,
                is_legal=bool(on(child(element, W + "isLgl"))),
                style=val(child(element, W + "pStyle")),
            )
    return levels


LEVELS = frozenset("012345678")
