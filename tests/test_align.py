"""Alignment: damage to a table moves no other figure, and what cannot be told is reported, never guessed."""

import re
from collections.abc import Callable

import pytest
from layouts import LAYOUTS, Figures, figures_for, render

from linter import reading
from linter.alignment import shape
from linter.document import NOWHERE, Cell, Table
from linter.readers.text import read
from linter.reading import remembered
from linter.report import Report, align
from linter.ruleset import Ruleset

Change = Callable[[str], str]


def report(text: str, ruleset: Ruleset) -> Report:
    return align(read(text.encode(), "x.txt"), ruleset.templates)


def differences(text: str, figures: Figures, ruleset: Ruleset) -> dict[str, str | None]:
    """The figures that are not read as they are, by address; None for one that is not read."""
    found = report(text, ruleset).figures
    wrong = {a: found[a].text if a in found else None for a in figures if a not in found or found[a].text != figures[a]}
    return wrong | {address: figure.text for address, figure in found.items() if address not in figures}


def replace(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def each_row(pattern: str, change: Callable[[list[str]], list[str]]) -> Change:
    """Changes the cells of the tab-separated lines that match."""

    def apply(text: str) -> str:
        lines = text.split("\n")
        assert any(re.search(pattern, line) for line in lines)
        return "\n".join("\t".join(change(line.split("\t"))) if re.search(pattern, line) else line for line in lines)

    return apply


def with_subtotal(cells: list[str]) -> list[str]:
    """A row of requests with a 小计 of the five legal persons in front of its total."""
    if len(cells) != 10:
        return cells
    if "商业企业" in cells:
        return [*cells[:9], "小计", cells[9]]
    five = cells[4:9]
    return [*cells[:9], str(sum(map(int, five))) if all(map(str.isdigit, five)) else "", cells[9]]


def header_again(text: str) -> str:
    """The header of requests and 三、本年度办理结果 once more in the middle, as at a page break."""
    start = text.index("（本列数据的勾稽关系")
    header = text[start : text.index("一、本年新收")]
    return text.replace("\t（四）无法提供", f"{header}三、本年度办理结果\t（四）无法提供", 1)


HARMLESS: dict[str, Change] = {
    "nothing": lambda text: text,
    "a noise row": replace("三、本年度办理结果", "\t\t1\t\t\t1\t\t\t\t\n三、本年度办理结果"),
    "a row of stray text": replace("二、上年结转", "菩\t\t共化纪木\t\n二、上年结转"),
    "a label split over two rows above": replace(
        "\t\t2.其他法律行政法规禁止公开", "\t\t2.其他法律\n\t\t行政法规禁止公开"
    ),
    "a group label split over rows": replace("\t（三）不予公开", "\t（三）不予公"),
    "a header repeated with the group": header_again,
    "an empty line in the middle": replace("\t（七）总计", "\n\t（七）总计"),
    "a subtotal column": each_row("\t", with_subtotal),
    "short column names": lambda text: text.replace(
        "商业企业\t科研机构\t社会公益组织\t法律服务机构", "企业\t科研\t公益组织\t法律"
    ),
    "合计 for 总计": lambda text: text.replace("总计", "合计"),
    "another numbering": lambda text: re.sub(r"\t(\d)\.", r"\t\1、", text),
    "no numbering": lambda text: re.sub(r"\t\d\.", "\t", text),
    "half-width brackets and spaces": lambda text: text.replace("（", "( ").replace("）", " ) "),
    "a misprinted label": replace("4.保护第三方合法权益", "4.保护第二方台法权益"),
    "a label cut short": replace("逾期不补正、行政机关不再处理其政府信息公开申请", "逾期不补正"),
    "a remark behind the numbers": each_row("2.重复申请", lambda cells: [*cells, "含网络重复提交"]),
    "labels shifted by a column": each_row("[（(][一七][)）]", lambda cells: ["", *cells[:1], *cells[1:2], *cells[3:]]),
    "a metadata table above": lambda text: "索引号\t113/2024-01\n发布机构\t水务局\n发文日期\t2024\n\n" + text,
    "no section headings": lambda text: re.sub(r"(?m)^[一二三四五六]、(总体|主动|收到|政府|存在|其他).*\n", "", text),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_damage_moves_no_figure(change: Change, edition: str, ruleset: Ruleset) -> None:
    template = next(template for template in ruleset.templates if template.edition == edition)
    figures = figures_for(template)
    text = render(template, {"2019": 2020, "2021": 2023}[edition], figures, "tab-rows")
    if edition == "2019" and "逾期不补正、行政机关" not in text and change is HARMLESS["a label cut short"]:
        pytest.skip("a row of the 2021 template only")
    assert differences(change(text), figures, ruleset) == {}


@pytest.mark.parametrize(
    "key", ["received", "partial", "denied.third_party", "refused.repeated", "handled", "carried_out"]
)
def test_a_missing_row_lacks_only_its_own_figures(key: str, ruleset: Ruleset) -> None:
    template = ruleset.templates[-1]
    form = template.table("requests")
    assert form is not None
    figures = figures_for(template)
    text = render(template, 2023, figures, "tab-rows")
    label = form.label_of(f"requests.{key}.total")
    short = "\n".join(line for line in text.split("\n") if label not in line)
    missing = {f"requests.{key}.{column.key}": None for column in form.columns[0]}
    assert differences(short, figures, ruleset) == missing
    assert [row.key for row, _ in report(short, ruleset).tables["requests"].missing_rows] == [key]


def test_columns_in_another_order_go_by_the_header(ruleset: Ruleset) -> None:
    template = ruleset.templates[-1]
    figures = figures_for(template)

    def swap(cells: list[str]) -> list[str]:
        return [*cells[:4], cells[5], cells[4], *cells[6:]] if len(cells) == 10 else cells

    text = each_row("\t", swap)(render(template, 2023, figures, "tab-rows"))
    assert "科研机构\t商业企业" in text
    assert differences(text, figures, ruleset) == {}


def test_numbers_that_ran_together_with_spaces_are_read_only_if_all_are_there(ruleset: Ruleset) -> None:
    template = ruleset.templates[-1]
    figures = figures_for(template)
    text = render(template, 2023, figures, "tab-rows")
    joined = each_row("2.重复申请", lambda cells: [*cells[:3], " ".join(cells[3:])])(text)
    assert differences(joined, figures, ruleset) == {}
    short = each_row("2.重复申请", lambda cells: [*cells[:3], " ".join(cells[3:9])])(text)
    assert set(differences(short, figures, ruleset)) == {
        a for a in figures if a.startswith("requests.refused.repeated.")
    }
    assert [unreadable.row for unreadable in report(short, ruleset).unreadable] == ["2.重复申请"]


def test_a_row_with_a_number_too_many_is_unreadable(ruleset: Ruleset) -> None:
    template = ruleset.templates[-1]
    figures = figures_for(template)
    text = each_row("2.重复申请", lambda cells: [*cells, "3"])(render(template, 2023, figures, "tab-rows"))
    assert set(differences(text, figures, ruleset).values()) == {None}
    assert [unreadable.row for unreadable in report(text, ruleset).unreadable] == ["2.重复申请"]


def test_a_table_run_together_is_one_unreadable_and_no_figures(ruleset: Ruleset) -> None:
    template = ruleset.templates[-1]
    text = render(template, 2023, figures_for(template), "bare-cells")
    start, end = text.index("（本列数据"), text.index("四、政府信息公开")
    together = text[:start] + text[start:end].replace("\n", "") + "\n" + text[end:]
    found = report(together, ruleset)
    assert [(unreadable.table, unreadable.row) for unreadable in found.unreadable] == [("requests", "")]
    assert not [address for address in found.figures if address.startswith("requests.")]
    assert len(found.figures) == 25


HEADER = "结果维持\t结果纠正\t其他结果\t尚未审结\t总计"
REVIEWS = {
    "three tables of five": "行政复议\n{h}\n{a}\n\n未经复议直接起诉\n{h}\n{b}\n\n复议后起诉\n{h}\n{c}\n",
    "labelled rows": "类别\t{h}\n行政复议\t{a}\n未经复议直接起诉\t{b}\n复议后起诉\t{c}\n",
    "one row of fifteen": "{h}\n{a}\t{b}\t{c}\n",
    "a row of five and one of ten": "{h}\n{a}\n未经复议直接起诉\t复议后起诉\n{b}\t{c}\n",
}


@pytest.mark.parametrize("layout", REVIEWS.values(), ids=REVIEWS)
def test_reviews_in_every_arrangement(layout: str, ruleset: Ruleset) -> None:
    rows = ["1\t2\t3\t4\t10", "0\t5\t0\t1\t6", "7\t0\t0\t0\t7"]
    table = layout.format(h=HEADER, a=rows[0], b=rows[1], c=rows[2])
    found = report(f"四、政府信息公开行政复议、行政诉讼情况\n\n{table}\n五、存在的主要问题及改进情况\n无。\n", ruleset)
    assert [figure.text for figure in found.figures.values()] == "\t".join(rows).split("\t")
    assert list(found.figures)[5] == "review.litigation_direct.upheld"


def test_reviews_told_in_prose_are_no_table(ruleset: Ruleset) -> None:
    prose = "行政复议结果维持0件，结果纠正0件，其他结果0件，尚未审结0件，总计0件。"
    found = report(f"四、政府信息公开行政复议、行政诉讼情况\n{prose}\n", ruleset)
    assert (found.tables, found.unreadable) == ({}, ())


TITLES = [
    ("殷水区人民政府办公室2021年政府信息公开工作年度报告", "殷水区人民政府办公室", 2021),
    ("2021年度青川县水务局政府信息公开工作年度报告", "青川县水务局", 2021),
    ("青川县下河镇 2021 年度政府信息公开 工作年度报告", "青川县下河镇", 2021),
    ("青川县水务局信息公开工作2021年度报告", "青川县水务局", 2021),
    ("青川市人民政府\n2024 年政府信息公开工作年度报告", "青川市人民政府", 2024),
    ("青川县水务局\n二〇二三年度\n政府信息公开工作年度报告", "青川县水务局", 2023),
    ("青川县人民政府信息公开工作年度报告（2022年）", "青川县人民政府", 2022),
    ("政府信息公开工作年度报告", "", None),
    ("青川县水务局2022年政务信息公开工作年报", "青川县水务局", 2022),
]


@pytest.mark.parametrize(("text", "agency", "year"), TITLES, ids=[title for title, _, _ in TITLES])
def test_titles(text: str, agency: str, year: int | None, ruleset: Ruleset) -> None:
    title = report(f"{text}\n\n根据条例编制本报告。\n\n一、总体情况\n好。\n", ruleset).title
    assert title is not None
    assert (title.agency, title.year) == (agency, year)


def test_a_sentence_that_names_the_report_is_no_title(ruleset: Ruleset) -> None:
    prose = "根据《条例》和关于政府信息公开工作年度报告格式的通知，现公布2023年政府信息公开工作年度报告。"
    assert report(f"{prose}\n一、总体情况\n好。\n", ruleset).title is None


SECTIONS = [
    ("一、总体情况\n甲。\n二、主动公开政府信息情况\n乙。\n", [("overview", 1, 1), ("disclosure", 2, 3)]),
    ("l一、总体情况\n甲。\n", [("overview", None, 1)]),
    ("总体情况\n甲。\n", [("overview", None, 1)]),
    ("（一）总体情况\n甲。\n", [("overview", None, 1)]),
    ("一、总体情况\n（一）基本情况\n甲。\n", [("overview", 1, 1)]),
    ("六、其他需要报告的事项：无。\n", [("other", 6, 1)]),
    ("六、其他需要报告的事项 无\n", [("other", 6, 1)]),
    ("三、收到和处理政府信息公开申情况\n甲。\n", [("requests", 3, 1)]),
    ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况\n甲。\n", [("review", 4, 1)]),
    (
        "目录\n一、总体情况\n二、主动公开政府信息情况\n前言。\n一、总体情况\n甲。\n二、主动公开政府信息情况\n乙。\n",
        [("overview", 1, 5), ("disclosure", 2, 7)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), SECTIONS)
def test_section_headings(text: str, expected: list[tuple[str, int | None, int]], ruleset: Ruleset) -> None:
    assert [(s.key, s.number, s.at.line) for s in report(text, ruleset).sections] == expected


def test_prose_behind_a_heading_on_its_line_belongs_to_the_section(ruleset: Ruleset) -> None:
    (section,) = report("六、其他需要报告的事项：本年度未收取费用。\n", ruleset).sections
    (paragraph,) = section.blocks
    assert (section.text, paragraph.text, paragraph.at.column) == ("六、其他需要报告的事项：", "本年度未收取费用。", 13)


RESPACED: dict[str, tuple[str, Change]] = {
    "empty lines lost": ("tab-cells", lambda text: re.sub(r"\n{2,}", "\n", text)),
    "an empty line behind each line": ("tab-cells", lambda text: text.replace("\n", "\n\n")),
    "white space at line ends lost": ("tab-cells", lambda text: re.sub(r"(?m)[ \t]+$", "", text)),
    "tabs in front lost": ("tab-cells", lambda text: re.sub(r"(?m)^\t", "", text)),
    "tabs become blanks": ("tab-rows", lambda text: text.replace("\t", "    ")),
    "pipes behind cells, empty lines between rows": ("tab-cells", lambda text: re.sub(r"(?m)^\t(.*)$", r"\1 |", text)),
    "full-width blanks in front": ("pipe-cells", lambda text: re.sub(r"(?m)^(?=[一二三四五六]、)", "　　", text)),
    "Markdown headings": ("pipe-cells", lambda text: re.sub(r"(?m)^([一二三四五六]、.{4,30}况)$", r"## \1", text)),
    "bold headings": ("tab-rows", lambda text: re.sub(r"(?m)^([一二三四五六]、.{4,30}况)$", r"**\1**", text)),
    "points behind numerals": ("pipe-cells", lambda text: re.sub(r"(?m)^([一二三四五六])、(?=.*况$)", r"\1. ", text)),
    "CRLF": ("pipe-cells", lambda text: text.replace("\n", "\r\n")),
    "blanks around tabs": ("tab-cells", lambda text: text.replace("\t", " \t ")),
}


@pytest.mark.parametrize(("layout", "change"), RESPACED.values(), ids=RESPACED)
def test_white_space_and_marks_move_no_figure_and_no_section(layout: str, change: Change, ruleset: Ruleset) -> None:
    template = ruleset.templates[-1]
    figures = figures_for(template)
    text = change(render(template, 2023, figures, layout))
    assert differences(text, figures, ruleset) == {}
    assert [section.key for section in report(text, ruleset).sections] == [form.key for form in template.sections]


PAGE_NUMBERS = ["- 4 -", "— 4 —", "——4——", "-12-", "第 4 页", "第4页 共9页", "第4页（共9页）"]


@pytest.mark.parametrize("number", PAGE_NUMBERS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("around", ["{}", "\n{}", "\n{}\n\f"], ids=["bare", "behind a blank", "between blanks"])
def test_page_numbers_part_no_table_and_are_no_cells(layout: str, around: str, number: str, ruleset: Ruleset) -> None:
    template = ruleset.templates[-1]
    figures = figures_for(template)
    lines = render(template, 2023, figures, layout).split("\n")
    pages = [lines[start : start + 23] for start in range(0, len(lines), 23)]
    text = "\n".join("\n".join([*page, around.format(number)]) for page in pages)
    assert differences(text, figures, ruleset) == {}


@pytest.mark.parametrize("line", ["- 无 -", "-4", "4-", "- 4 — ", "第4季度", "-1234-"])
def test_what_is_no_page_number_is_text(line: str, ruleset: Ruleset) -> None:
    found = report(f"一、总体情况\n{line}\n好。\n", ruleset)
    assert [block.text for block in found.sections[0].blocks if not isinstance(block, Table)] == [line.strip(), "好。"]


@pytest.mark.parametrize("character", "\u200b\ufeff\u200e\xad")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_characters_that_take_no_place_change_no_number(layout: str, character: str, ruleset: Ruleset) -> None:
    template = ruleset.templates[-1]
    figures = figures_for(template)
    text = re.sub(
        r"(?m)(?<=[\t| ])(\d+)(?=[\t| ]|$)|^(\d+)$", rf"\g<0>{character}", render(template, 2023, figures, layout)
    )
    found = report(text, ruleset).figures
    assert {address: figure.value for address, figure in found.items()} == {a: int(f) for a, f in figures.items()}


@pytest.mark.parametrize("mark", ["/", "—", "空"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_row_of_marks_for_nothing_is_a_row(layout: str, mark: str, ruleset: Ruleset) -> None:
    template = ruleset.templates[-1]
    figures = {
        address: mark if ".rules." in address or ".law." in address else figure
        for address, figure in figures_for(template).items()
    }
    assert differences(render(template, 2023, figures, layout), figures, ruleset) == {}


def test_a_table_with_hardly_a_number_has_rows_of_cells(ruleset: Ruleset) -> None:
    template = ruleset.templates[-1]
    figures = dict.fromkeys(figures_for(template), "") | {"disclosure.fees.amount": "1"}
    assert differences(render(template, 2023, figures, "tab-rows"), figures, ruleset) == {}


def test_a_label_above_numbers_without_one_is_not_blank(ruleset: Ruleset) -> None:
    text = "三、收到和处理政府信息公开申请情况\n（七）总计\t\n\t8\t0\t0\t0\t0\t0\t8\n四、结转下年度继续办理\t\n"
    found = report(text, ruleset)
    assert [unreadable.row for unreadable in found.unreadable] == ["（七）总计"]
    assert {figure.text for figure in found.figures.values()} == {""}


# What is remembered of other reports


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edition", [0, 1])
def test_a_report_is_aligned_as_one_of_its_shape_before_it(layout: str, edition: int, ruleset: Ruleset) -> None:
    template = ruleset.templates[edition]
    one, other = (render(template, template.first_year, figures_for(template, seed), layout) for seed in (1, 7))
    remembered.cache_clear()
    fresh = report(other, ruleset)
    remembered.cache_clear()
    report(one, ruleset)
    misses = remembered.cache_info().misses
    assert report(other, ruleset) == fresh
    assert remembered.cache_info().misses == misses  # else nothing was shown
    assert {address: figure.text for address, figure in fresh.figures.items()} == figures_for(template, 7)


@pytest.mark.parametrize("text", ["0", "12", "-3", "1,234", "0.5", "１２", " 7 "])
def test_all_numbers_have_one_shape(text: str) -> None:
    assert shape([[cell("收到"), cell(text)]]) == shape([[cell("收到"), cell("5")]])


@pytest.mark.parametrize("text", ["", "/", "无", "12件", "1 2", "（2）", "总计", "3-5"])
def test_what_is_no_number_has_a_shape_of_its_own(text: str) -> None:
    assert shape([[cell("收到"), cell(text)]]) == (("收到", text),)


def test_rows_beyond_measure_are_aligned_but_not_remembered(ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    template = ruleset.templates[-1]
    text = render(template, 2023, figures_for(template), "tab-rows")
    whole = report(text, ruleset)
    monkeypatch.setattr(reading, "LARGEST", 10)
    remembered.cache_clear()
    assert report(text, ruleset) == whole
    assert remembered.cache_info().misses == 0


def cell(text: str) -> Cell:
    return Cell(text, 0, 0, NOWHERE)
