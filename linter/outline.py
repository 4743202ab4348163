"""The outline of a report: its title and its sections, found by their wording."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from linter.document import Block, Heading, Paragraph, Position, Table, place, rows
from linter.folding import fold, label_core, label_key, numeral_end
from linter.template import SectionForm

MAX_HEADING = 60
"""Characters up to which a paragraph can be a section's heading, what stands behind it on the line included or not."""

MAX_TITLE_LINES = 4
"""Lines over which a title may be wrapped."""

MISSPELT = 80
"""The least similarity (0 to 100) of a numbered heading with the wording of a section that is not found otherwise."""

MARKS = "#*"
"""Markdown's signs of a heading, which copies in plain text keep."""

_TITLE = re.compile(r"(?:政务?府?信息公开|政务公开|信息公开).{0,12}?(?:年度?报告|年报)|年度?.{0,8}信息公开.{0,6}报告")
_NOT_TITLE = re.compile(r"[。；;>»]|根据|现将|编制|格式|通知|印发")
_AGENCY_LINE = re.compile(
    r".{2,28}(?:政府|局|委|委员会|办|办公室|厅|院|中心|镇|乡|街道|办事处|处|会|部|馆|队|所|区|市|县|公司|学校|大学)"
)
_YEAR = re.compile(r"(20\d\d)年?度?")
_CHINESE_YEAR = re.compile(r"(二[〇○零O0][一二三四五六七八九〇○零O0]{2})年度?")
_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_KIND = re.compile(r"(?:政府|政务)?信息公开|政务公开")
_NUMERALS = "一二三四五六七八九十"


class Section(NamedTuple):
    key: str
    label: str  # as the template words it
    text: str  # the heading as printed
    number: int | None  # the numeral printed in front of it, None where it has none or a broken one
    at: Position
    blocks: tuple[Block, ...]  # what stands under it, up to the next section


class Title(NamedTuple):
    text: str  # white space removed, lines joined
    agency: str
    year: int | None
    at: Position


class Outline(NamedTuple):
    preface: tuple[Block, ...]  # what stands before the first section
    sections: tuple[Section, ...]  # in printed order; one key may come twice


def outline(blocks: Iterable[Block], forms: Sequence[SectionForm]) -> Outline:
    """The blocks of a document under the section headings among them."""
    names = _names(forms)
    items = [item for block in blocks for item in _cut_at_headings(block, names)]
    found = _headings(items, forms, names)
    ends = [*(index for index, _ in found[1:]), len(items)]
    sections = tuple(_section(items, start, end, form) for (start, form), end in zip(found, ends, strict=False))
    return Outline(preface=tuple(items[: found[0][0]] if found else items), sections=sections)


def _names(forms: Sequence[SectionForm]) -> dict[str, SectionForm]:
    """Each accepted wording of a section heading, as a label core."""
    return {label_core(name): form for form in forms for name in (form.label, *form.aliases)}


def _cut_at_headings(block: Block, names: dict[str, SectionForm]) -> Iterator[Block]:
    """The block; a table in parts where a row of it is a section heading (layouts that rule the whole page)."""
    if not isinstance(block, Table) or names.keys().isdisjoint([label_core(cell.text) for cell in block.cells]):
        yield block
        return
    rest = block.cells
    for number, row in enumerate(rows(block)):
        filled = [cell for cell in row if cell.text]
        if len(filled) == 1 and filled[0].row == number and label_core(filled[0].text) in names:
            above = tuple(cell for cell in rest if cell.row < number)
            if above:
                yield Table(cells=above, at=above[0].at)
            yield Heading(text=filled[0].text, level=1, at=filled[0].at)
            rest = tuple(cell for cell in rest if cell.row > number)
    if rest:
        yield Table(cells=rest, at=block.at if rest is block.cells else rest[0].at)


def _headings(
    items: Sequence[Block], forms: Sequence[SectionForm], names: dict[str, SectionForm]
) -> list[tuple[int, SectionForm]]:
    """(index, section) of the items that head a section, in printed order."""
    ranked: list[tuple[int, SectionForm, int]] = []
    unknown: list[tuple[int, str]] = []  # numbered like a section, but worded otherwise
    for index, item in enumerate(items):
        if isinstance(item, Table):
            continue
        folded = fold(item.text[:MAX_HEADING]).lstrip(MARKS)
        rank, short = _rank(folded), len(item.text) <= MAX_HEADING
        if rank and not short:
            continue
        core = label_key(folded[numeral_end(folded) :])
        form = names.get(core) if short else None
        if form is None and rank == 0:
            form = next((names[name] for name in names if core.startswith(name)), None)
            if form is None and short:
                unknown.append((index, core))
        if form is not None:
            ranked.append((index, form, rank))
    best: dict[str, int] = {}
    for _, form, rank in ranked:
        best[form.key] = min(rank, best.get(form.key, rank))
    found = _without_contents([(index, form) for index, form, rank in ranked if rank == best[form.key]])
    missing = [form for form in forms if form.key not in best]
    if missing and unknown:
        found = sorted([*found, *_misspelt(unknown, missing)], key=lambda pair: pair[0])
    return found


def _rank(folded: str) -> int:
    """How much the number speaks for a section heading: 一、 most, then none or a broken one, then （一） and 1."""
    end = numeral_end(folded)
    if end and folded[0] in _NUMERALS:
        return 0
    return 2 if end and (folded[0] == "(" or folded[0].isdecimal()) else 1


def _without_contents(found: list[tuple[int, SectionForm]]) -> list[tuple[int, SectionForm]]:
    """The headings without those of a table of contents: a run of headings with nothing between that come again."""
    kept = []
    in_contents = False
    last = {form.key: number for number, (_, form) in enumerate(found)}
    for number, (index, form) in enumerate(found):
        again = last[form.key] > number
        adjacent = number + 1 < len(found) and found[number + 1][0] == index + 1
        in_contents = again and (adjacent or in_contents)
        if not in_contents:
            kept.append((index, form))
    return kept


def _misspelt(unknown: list[tuple[int, str]], missing: list[SectionForm]) -> Iterator[tuple[int, SectionForm]]:
    # Imported here: only a report that lacks a section pays for it.
    from rapidfuzz.fuzz import ratio

    for form in missing:
        labels = [label_core(name) for name in (form.label, *form.aliases)]
        score, index = max((max(ratio(core, label) for label in labels), index) for index, core in unknown)
        if score >= MISSPELT:
            yield index, form


def _section(items: Sequence[Block], start: int, end: int, form: SectionForm) -> Section:
    heading = items[start]
    if isinstance(heading, Table):  # _headings never returns a table
        raise TypeError(heading)
    folded = fold(heading.text).lstrip(MARKS)
    number = _NUMERALS.find(folded[0]) + 1 if numeral_end(folded) == 2 else 0  # 一、
    names = sorted((label_core(name) for name in (form.label, *form.aliases)), key=len, reverse=True)
    rest = _behind(heading.text, names)
    text, at = heading.text, heading.at
    inline: tuple[Block, ...] = ()
    if rest < len(heading.text):
        text, at = heading.text[:rest].rstrip(), place(heading, 0, rest)
        marks = tuple((max(0, o - rest), ln, c + max(0, rest - o)) for o, ln, c in heading.marks if o >= rest)
        inline = (Paragraph(text=heading.text[rest:], at=place(heading, rest, len(heading.text)), marks=marks),)
    return Section(
        key=form.key,
        label=form.label,
        text=text,
        number=number or None,
        at=at,
        blocks=(*inline, *items[start + 1 : end]),
    )


def _behind(text: str, names: Sequence[str]) -> int:
    """The offset in a heading's text behind its wording, where prose goes on in the same line; else its length."""
    core = label_core(text)
    name = next((name for name in names if core.startswith(name)), core)
    if name == core:
        return len(text)
    for offset in range(len(text)):
        if label_core(text[: offset + 1]) == name:
            following = text[offset + 1 :].lstrip(" \t\u3000：:。，,")
            return len(text) - len(following)
    return len(text)


def find_title(preface: Sequence[Block]) -> Title | None:
    """The title among the blocks before the first section, the organ or the year perhaps on lines of their own."""
    texts = [block for block in preface if not isinstance(block, Table)]
    for size in range(1, MAX_TITLE_LINES + 1):
        found = [
            _title(texts, start, start + size)
            for start in range(len(texts) - size + 1)
            if _is_title([block.text for block in texts[start : start + size]])
        ]
        if found:  # a page's path (首页 > 年报) looks like a title too, but the title names more
            return max(found, key=lambda title: (bool(title.agency) + (title.year is not None), -title.at.line))
    return None


def _is_title(lines: Sequence[str]) -> bool:
    if any(len(line) > MAX_HEADING for line in lines):
        return False
    folded = fold("".join(lines))
    return len(folded) <= MAX_HEADING and _TITLE.search(folded) is not None and not _NOT_TITLE.search(folded)


def _title(texts: Sequence[Heading | Paragraph], start: int, end: int) -> Title:
    """The title that `texts[start:end]` holds, with the lines above that name the organ or the year it lacks."""
    while start > 0 and end - start < MAX_TITLE_LINES:
        agency, year = _parse_title("".join(block.text for block in texts[start:end]))
        above = fold(texts[start - 1].text)
        names_agency = not agency and _AGENCY_LINE.fullmatch(above)
        names_year = year is None and (_YEAR.fullmatch(above) or _CHINESE_YEAR.fullmatch(above))
        if not names_agency and not names_year:
            break
        start -= 1
    lines = texts[start:end]
    text = fold("".join(block.text for block in lines)).lstrip(MARKS)
    agency, year = _parse_title(text)
    last = lines[-1].at
    at = lines[0].at._replace(end_line=last.end_line, end_column=last.end_column)
    return Title(text=text, agency=agency, year=year, at=at)


def _parse_title(text: str) -> tuple[str, int | None]:
    """(organ, year) of a title; the organ is empty where the title names none."""
    folded = _CHINESE_YEAR.sub(lambda match: match[1].translate(_DIGITS) + "年", fold(text))
    year = _YEAR.search(folded)
    rest = _YEAR.sub("", folded)
    kind = _KIND.search(rest)
    agency = rest[: kind.start()].lstrip(MARKS) if kind else ""
    agency = agency.removeprefix("关于").removesuffix("年度").removesuffix("的").strip("年度:《-—")
    if agency.endswith("人民"):  # 某县人民政府信息公开…: one 政府 stands for two
        agency += "政府"
    return agency, int(year[1]) if year else None
