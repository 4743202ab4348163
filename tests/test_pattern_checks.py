"""The rules on wording, sentence by sentence: what is marked in a report's prose, and what is right and left alone."""

from pathlib import Path

import pytest

from linter.engine import check_report
from linter.errors import RuleError
from linter.readers.text import read
from linter.report import align
from linter.ruleset import Ruleset, load_rules

TITLE = "青川县水务局2023年政府信息公开工作年度报告"


def marked(ruleset: Ruleset, rule: str, text: str) -> list[str]:
    """The source text under each diagnostic of the rule."""
    report = align(read(text.encode(), "report.txt"), ruleset.templates)
    result = check_report(report, "report.txt", ruleset.chosen([rule], []), "zh")
    lines = report.document.lines
    return [lines[d.at.line - 1][d.at.column - 1 : d.at.end_column - 1] for d in result.diagnostics]


def report_with(overview: str, title: str = TITLE, problems: str = "解读形式较为单一。", other: str = "无。") -> str:
    sections = [
        ("一、总体情况", overview),
        ("五、存在的主要问题及改进情况", problems),
        ("六、其他需要报告的事项", other),
    ]
    return "\n\n".join([title, *(line for section in sections for line in section)]) + "\n"


WRONG = [
    # year-stale: the neighbouring year, where a summary, a count or a count of nothing follows
    ("year-stale", "（三）政府信息管理情况 2022年，西河镇人民政府共制定规范性文件0件。", ["2022"]),
    ("year-stale", "（一）主动公开方面。2022 年度，我局依法主动公开信息14条。", ["2022"]),
    ("year-stale", "2022年，全县坚持以公开为常态，有序推进各项工作。", ["2022"]),
    ("year-stale", "有序推进。2022年本机关未收到政府信息公开申请。", ["2022"]),
    ("year-stale", "2024年度，我镇累计公开各类信息31条。", ["2024"]),
    # leftover-template
    ("leftover-template", "我局于X年X月X日公开信息***条。", ["X年X月X日", "***"]),
    ("leftover-template", "（请在此填写主动公开情况）", ["（请在此填写主动公开情况）"]),
    ("leftover-template", "____县全年收到申请X件。", ["____", "X"]),
    ("leftover-template", "ＸＸ局按季度更新栏目。", ["ＸＸ"]),
    # leftover-markup
    ("leftover-markup", "公开指南见Error! Reference source not found.", ["Error! Reference"]),
    ("leftover-markup", "更新<br/>及时，</span>答复准确。", ["<br/", "</span>"]),
    ("leftover-markup", "、依申请公开件均按时答复。", ["、"]),
    # url-suspicious
    ("url-suspicious", "网站http//www.qc.gov.cn和www。qc.gov.cn均可查询。", ["http//www.qc.gov.cn", "www。qc.gov.cn"]),
    ("url-suspicious", "详见http://www.qc.gov.con。", ["http://www.qc.gov.con"]),
    ("url-suspicious", "网址：https://www.qc-mirror.top/zwgk/。", ["https://www.qc-mirror.top"]),
    # citation-misprint and citation-stale
    ("citation-misprint", "《报告格式》(国办公开办函【2021】30号)", ["国办公开办函【2021】30号"]),
    ("citation-misprint", "《报告格式》（国办公开办函（2021） 30号）", ["国办公开办函（2021） 30号"]),
    ("citation-misprint", "《报告格式》（国办公开办〔2021〕30号）", ["国办公开办〔2021〕30号"]),
    ("citation-stale", "按照国办公开办函﹝2019﹞60号编写。", ["国办公开办函﹝2019﹞60号"]),
    # personal-data
    ("personal-data", "李女士（手机13900139000）满意。", ["13900139000"]),
    ("personal-data", "证件号码 110105 19491231 002X", ["110105 19491231 002X"]),
]

RIGHT = [
    ("year-stale", "2022年，我局主动公开信息14条，2023年公开21条。"),
    ("year-stale", "2022年，我局公开信息14条，今年翻了一番。"),
    ("year-stale", "办理2022年结转件4件，均已答复。"),
    ("year-stale", "2022年以来，我局坚持三审三校，累计发布信息140条。"),
    ("year-stale", "2022年9月，我局印发公开制度2份。"),
    ("year-stale", "2022年度部门决算、绩效自评公开6份。"),
    ("year-stale", "2022年，我局就评估反馈的5条问题认真整改。"),
    ("year-stale", "按照青政办发〔2022〕18号文件要求，公开信息14条。"),
    ("year-stale", "2024年，我局继续认真落实《条例》，力争主动公开信息100条。"),
    ("year-stale", "2021年，我局主动公开信息14条。"),
    ("leftover-template", "原告张××、第三人××公司不服，案号（2023）川0822行初××号。"),
    ("leftover-template", "专栏地址 www.qc.gov.cn/xx/xxgk，邮箱 xx@qc.gov.cn。"),
    ("leftover-template", "请填写申请表后提交（可点击下载）。"),
    ("leftover-template", "宣传栏尺寸为2×3米，共5×2件。"),
    ("leftover-markup", "“、”“，”混用的问题已经改正。"),
    ("leftover-markup", "[2023]年第3期公报&专刊，满意度<95%的单位重新培训。"),
    ("url-suspicious", "见政府网站（www.qc.gov.cn）和https://mp.weixin.qq.com/s/abc，http://www.qc.com.cn/a。"),
    ("url-suspicious", "采用https协议，http、https均可访问；网址http://www.qc.gov.cn。"),
    (
        "citation-misprint",
        "国办函〔2021〕30号、国办发〔2021〕30号、国办公开办函〔2021〕29号、国办公开办函〔2020〕30号。",
    ),
    ("citation-misprint", "国办公开办函〔 2021 〕 30 号，国办公开办函﹝2019﹞60号。"),
    ("citation-stale", "国办公开办函〔2021〕30号；国办函〔2019〕60号。"),
    ("personal-data", "申请人可拨打咨询电话13900139000。"),
    ("personal-data", "联系人：王女士 13900139000"),
    ("personal-data", "申请人张某，身份证号1101051949****002X，订单号110105194912310021。"),
    ("personal-data", "公开编号13900139000已归档。"),
]


@pytest.mark.parametrize(("rule", "sentence", "expected"), WRONG, ids=lambda value: str(value)[:30])
def test_what_is_wrong_is_marked(rule: str, sentence: str, expected: list[str], ruleset: Ruleset) -> None:
    assert marked(ruleset, rule, report_with(sentence)) == expected


@pytest.mark.parametrize(("rule", "sentence"), RIGHT, ids=lambda value: str(value)[:30])
def test_what_looks_wrong_and_is_right_is_left_alone(rule: str, sentence: str, ruleset: Ruleset) -> None:
    assert marked(ruleset, rule, report_with(sentence)) == []


@pytest.mark.parametrize(
    ("other", "stated"),
    [
        ("本机关无收取信息处理费情况。", True),
        ("无政府信息公开收费及减免情况。", True),
        ("2023年未发生收费情况。", True),
        ("收取政府信息公开申请费用120元。", True),
        ("没有其他需要报告的事项。", False),
        ("落实减税降费政策，公开行政事业性收费目录。", False),
        ("建议提案办理结果全部公开。", False),
    ],
)
def test_the_fee_is_stated_in_many_ways(other: str, stated: bool, ruleset: Ruleset) -> None:
    found = marked(ruleset, "fee-stated", report_with("主动公开。", other=other))
    assert found == ([] if stated else ["六、其他需要报告的事项"])


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("收取信息处理费3940元。", []),
        ("收取信息处理费 3,940.00 元。", []),
        ("1件申请收取信息处理费0元。", []),
        ("收取1,205元信息处理费。", ["1,205元"]),
        ("全年收取信息处理费2件，合计245.00元。", ["245.00元"]),
    ],
)
def test_a_fee_is_a_multiple_of_ten(other: str, expected: list[str], ruleset: Ruleset) -> None:
    assert marked(ruleset, "fee-ladder", report_with("主动公开。", other=other)) == expected


@pytest.mark.parametrize(
    ("agency", "government"),
    [
        ("淮水市人民政府", True),
        ("青川县政府", True),
        ("青川县乔庄镇", True),
        ("殷城区", True),
        ("北疆自治区人民政府", True),
        ("青川县人民政府办公室", False),
        ("青川县乔庄镇人民政府党政办公室", False),
        ("青川县城关街道办事处", False),
        ("青川高新技术产业开发区", False),
        ("青川县水务局", False),
    ],
)
def test_governments_report_accountability(agency: str, government: bool, ruleset: Ruleset) -> None:
    text = report_with("主动公开。", title=f"{agency}2023年政府信息公开工作年度报告")
    assert marked(ruleset, "government-accountability", text) == (["一、总体情况"] if government else [])


def test_one_wording_of_several_is_reported_once(ruleset: Ruleset) -> None:
    text = report_with("20XX年XX月，XX局公开信息。")
    assert marked(ruleset, "leftover-template", text) == ["20XX年XX月", "XX"]


def test_a_wrapped_paragraph_is_marked_on_its_own_line(ruleset: Ruleset) -> None:
    text = report_with("主动公开信息。\n2022年，我局主动公开信息14条。\n按季度检查。")
    assert marked(ruleset, "year-stale", text) == ["2022"]


def test_a_report_whose_period_is_the_other_year_is_unsure_of_its_year(ruleset: Ruleset) -> None:
    text = report_with("统计期限自2022年1月1日至2022年12月31日。\n\n2022年，我局主动公开信息14条。")
    assert marked(ruleset, "year-stale", text) == []


@pytest.mark.parametrize(
    ("check", "options", "mistake"),
    [
        ("pattern", "{must: occur, patterns: {a: [b]}, scope: [prosa]}", "“prosa”；是不是“prose”"),
        ("pattern", "{must: occur, patterns: {a: [b]}, belongs: others}", "“others”；是不是“other”"),
        ("pattern", "{must: occur, patterns: {a: [b]}, editions: ['2020']}", "“2020”；是不是"),
        ("pattern", "{must: occur, patterns: {a: ['(b+)+']}}", "匹配时间失控"),
        ("aspect", "{section: overviews}", "“overviews”；是不是“overview”"),
        ("agency", "{cells: [disclosure.rules.isued], agency: [局]}", "“disclosure.rules.isued”；是不是"),
        ("title", "{names: [organ]}", "“organ”"),
    ],
)
def test_a_mistake_in_the_options_is_named(check: str, options: str, mistake: str, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    for template in (Path(__file__).parents[1] / "rules" / "templates").glob("*.yaml"):
        (tmp_path / "templates" / template.name).write_bytes(template.read_bytes())
    (tmp_path / "some-rule.yaml").write_text(
        "id: some-rule\ntitle: {zh: 甲, en: a}\nlevel: info\nbasis: 乙\nmessage: {zh: 丙, en: c}\n"
        f"check: {check}\nwith: {options}\n",
        encoding="utf-8",
    )
    with pytest.raises(RuleError, match=mistake.replace("(", r"\(")):
        load_rules([str(tmp_path)])
