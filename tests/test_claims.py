"""Claims of the prose: which counts are understood, what they are held against, and what is left alone."""

from pathlib import Path

import pytest
from layouts import LAYOUTS, table_rows

from linter.checks.claim import ClaimCheck
from linter.engine import Source, Task, check, file_source, read_report
from linter.report import Report
from linter.ruleset import Ruleset

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
CLAIM_RULES = ["claim-contradiction", "claim-partition", "claim-percentage", "claim-vs-cell", "fee-vs-row"]

OFFICE = {  # the figures of a city office's report for 2019; only what is not 0
    "requests": {
        "received": 829, "carried_in": 13, "granted": 212, "partial": 63, "denied.law": 11, "denied.internal": 24,
        "denied.inquiry": 58, "unavailable.not_held": 301, "unavailable.needs_creation": 20, "unavailable.unclear": 16,
        "refused.petition": 41, "refused.repeated": 19, "other": 40, "handled": 805, "carried_out": 37,
    },
    "review": {
        "reconsideration.upheld": 5, "reconsideration.pending": 2, "reconsideration.total": 7,
        "litigation_direct.upheld": 5, "litigation_direct.pending": 1, "litigation_direct.total": 6,
        "litigation_after.upheld": 3, "litigation_after.total": 3,
    },
}  # fmt: skip


def office(ruleset: Ruleset, prose: str) -> str:
    """The text of the office's report with this prose as its 总体情况."""
    template = ruleset.templates[0]
    lines = ["青川市人民政府办公室2019年政府信息公开工作年度报告"]
    for numeral, section in zip("一二三四五六", template.sections, strict=True):
        lines += [f"{numeral}、{section.label}", prose if section.key == "overview" else ""]
        for form in template.tables:
            if form.section == section.key:
                figures = dict.fromkeys(form.addresses(), "0")
                for key, value in OFFICE.get(form.key, {}).items():
                    columns = ("natural_person", "total") if form.key == "requests" else ("",)
                    for column in columns:
                        figures[".".join(filter(None, (form.key, key, column)))] = str(value)
                lines += LAYOUTS["tab-rows"](list(table_rows(form, figures)))
    return "\n".join(lines)


def found(ruleset: Ruleset, prose: str) -> list[tuple[str, str, str | None]]:
    """(rule, printed text at the place, address) of what the claim rules find in the office's report."""
    source = Source(path="a.txt", load=office(ruleset, prose).encode)
    (result,) = check([source], Task(ruleset.chosen(CLAIM_RULES, []), ruleset, "zh"))
    return [
        (d.rule, result.lines[d.at.line - 1][d.at.column - 1 : d.at.end_column - 1], d.address)
        for d in result.diagnostics
    ]


def held(report: Report, ruleset: Ruleset) -> list[str]:
    """The numbers, without blanks, of the claims that hold."""
    rule = ruleset.rule("claim-vs-cell").check
    assert isinstance(rule, ClaimCheck)
    lines = report.document.lines
    places = [claim.at for claim in rule.held(report)]
    return ["".join(lines[at.line - 1][at.column - 1 : at.end_column - 1].split()) for at in places]


def test_an_office_whose_prose_is_of_other_figures_gets_four_findings_that_name_the_cells(ruleset: Ruleset) -> None:
    prose = (
        "全年政府信息公开申请办理结果：予以公开及部分公开258件，占33.9%；无法提供265件。"
        "因政府信息公开被申请行政复议7件、提起行政诉讼9件，均获维持。"
    )
    assert found(ruleset, prose) == [
        ("claim-vs-cell", "258件", "requests.granted.total"),
        ("claim-percentage", "33.9%", "requests.handled.total"),
        ("claim-vs-cell", "265件", "requests.unavailable.not_held.total"),
        ("claim-contradiction", "均获维持", "review.reconsideration.pending"),
    ]


RIGHT = {
    "received alone": ("收到政府信息公开申请829件。", ["829件"]),
    "received and carried in": ("收到政府信息公开申请842件。", ["842件"]),
    "the noun behind the number": ("共收到829件依申请公开请求。", ["829件"]),
    "the own organ by its short name": ("2019年，市政府办公室共收到政府信息公开申请829件。", ["829件"]),
    "a year's name for the year before": ("收到政府信息公开申请829件，2018年结转13件。", ["829件", "13件"]),
    "carried out, behind the number": ("答复政府信息公开申请805件，另有37件结转至2020年度办理。", ["805件", "37件"]),
    "what was received less what is carried out": ("收到政府信息公开申请829件，已办结792件。", ["829件", "792件"]),
    "outcomes in the next sentence": (
        "办结政府信息公开申请805件。其中：予以公开212件，部分公开63件。",
        ["805件", "212件", "63件"],
    ),
    "two outcomes joined": ("答复政府信息公开申请805件，其中予以公开、部分公开275件。", ["805件", "275件"]),
    "channels do not end a list": ("收到政府信息公开申请829件，其中网络申请500件，予以公开212件。", ["829件", "212件"]),
    "results belong to the reviews named last": (
        "政府信息公开行政复议7件，尚未审结2件；行政诉讼9件，尚未审结1件。",
        ["7件", "2件", "9件", "1件"],
    ),
    "a topic on a line of its own": ("（二）依申请公开。\n全年收到829件，办结805件。", ["829件", "805件"]),
}  # fmt: skip


@pytest.mark.parametrize(("prose", "expected"), RIGHT.values(), ids=RIGHT)
def test_counts_that_are_understood_and_hold(prose: str, expected: list[str], ruleset: Ruleset) -> None:
    report = read_report(Source(path="a.txt", load=office(ruleset, prose).encode), ruleset)
    assert held(report, ruleset) == expected
    assert found(ruleset, prose) == []


LEFT_ALONE = {
    "another year": "2018年，收到政府信息公开申请700件，办结690件。",
    "outcomes of another year": "2018年，收到政府信息公开申请700件。其中予以公开600件，部分公开20件。",
    "a part of the year": "上半年收到政府信息公开申请400件。",
    "up to June": "截至6月底，共收到政府信息公开申请400件。",
    "a channel": "通过网络收到政府信息公开申请500件。",
    "a part": "收到政府信息公开申请829件，其中市水务局受理17件，予以公开6件。",
    "an applicant": "收到自然人政府信息公开申请600件，收到500件自然人申请。",
    "the whole region in an office's report": "全市共收到政府信息公开申请3400件。",
    "in the name of another body": "市政府办公室代表市政府受理政府信息公开申请17件。",
    "districts": "各县区共收到政府信息公开申请1200件，办结1190件。",
    "about": "收到政府信息公开申请800余件，办结近800件。",
    "letters": "办理政府信息公开申请之外，收到群众来信200件，答复200件。",
    "growth": "收到政府信息公开申请829件，比上年增加120件。",
    "reviews decided for others": "作为复议机关，受理行政复议300件。",
    "reviews of all kinds": "全市行政复议300件，行政诉讼120件。",
    "a plan": "下一步，力争答复政府信息公开申请900件。",
    "published decisions": "公示行政许可决定25件。",
}


@pytest.mark.parametrize("prose", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_counts_of_something_else_are_left_alone(prose: str, ruleset: Ruleset) -> None:
    assert found(ruleset, prose) == []


def test_a_count_against_an_unread_cell_is_not_checked(ruleset: Ruleset) -> None:
    text = office(ruleset, "收到政府信息公开申请800件。").replace("\t829", "\t/")
    source = Source(path="a.txt", load=text.encode)
    (result,) = check([source], Task(ruleset.chosen(["claim-vs-cell"], []), ruleset, "zh"))
    assert result.diagnostics == ()
    assert [(note.rule, note.address) for note in result.unchecked] == [("claim-vs-cell", "requests.received.total")]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real reports is not here")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("huaian-2024.pdf", "3119 3050 34 103 351 72 64 178 37 46 25 5 9 7"),
        ("yindu-2021.txt", "8"),
        ("xialiang-2021.txt", "0"),
        ("shanggao-2020.txt", ""),
    ],
)
def test_the_counts_of_real_reports_hold_and_none_is_flagged(name: str, expected: str, ruleset: Ruleset) -> None:
    source = file_source(str(CORPUS / name))
    assert held(read_report(source, ruleset), ruleset) == [f"{number}件" for number in expected.split()]
    (result,) = check([source], Task(ruleset.chosen(CLAIM_RULES, []), ruleset, "zh"))
    assert result.diagnostics == ()
