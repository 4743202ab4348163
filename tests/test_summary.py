"""The summary of a run: what each row says, and that CSV and XLSX say the same and hold no formula."""

import csv
import os
import shutil
from pathlib import Path

import openpyxl
import pytest
from conftest import FIXTURES, ROOT

from linter import spreadsheet
from linter.cli import main
from linter.spreadsheet import Column, Sheet, csv_pieces, is_formula, number, write_xlsx

GOLDEN = ROOT / "tests/golden"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a report of each verdict; one has a name that a spreadsheet would calculate."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    (tmp_path / ".git").mkdir()
    for name, source in {
        "=1+1.md": "reports/交通局-2023.md",
        "全/缺期限.txt": "reports/区政府办-2021.txt",
        "全/通过.txt": "reports/工信局-2020.txt",
        "全/次序.txt": "rules/section-order/bad-number.txt",
        "全/空格.txt": "rules/cell-blank/bad.txt",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(FIXTURES / source, tmp_path / name)
    (tmp_path / "全/损坏.docx").write_bytes(b"PK\x03\x04 but no more")
    return tmp_path


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_csv_has_its_golden_file(lang: str, folder: Path, golden) -> None:  # type: ignore[no-untyped-def]
    assert main(["check", ".", "--lang", lang, "--summary", "s.csv"]) == 2
    data = (folder / "s.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")  # or Excel would not read the Chinese
    golden(GOLDEN / f"summary.{lang}.csv", data.decode("utf-8-sig").replace(os.sep, "/"))


def test_xlsx_has_the_same_cells_and_numbers_are_numbers(folder: Path) -> None:
    main(["check", ".", "--summary", "s.csv", "--format", "json", "--output", "s.json"])
    main(["check", ".", "--summary", "S.XLSX", "--output-format", "sarif=s.sarif", "-q"])
    sheet = openpyxl.load_workbook(folder / "S.XLSX").active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    expected = read_csv(folder / "s.csv")
    assert [["" if value is None else str(value) for value in row] for row in rows] == [
        [text.removeprefix("'") for text in row] for row in expected
    ]
    texts = {"文件", "机关", "标题", "表二格式", "表三格式", "表四格式", "结论", "无法检查的原因"}
    for name, *values in zip(*rows, strict=True):
        kinds = {type(value) for value in values} - {type(None)}
        assert kinds <= ({str} if name in texts else {int}), name


def test_xlsx_is_made_for_reading(folder: Path) -> None:
    main(["check", ".", "--summary", "s.xlsx"])
    book = openpyxl.load_workbook(folder / "s.xlsx")
    assert book.sheetnames == ["年报汇总"]
    sheet = book.active
    header, *rows = sheet.iter_rows()
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions == f"A1:{header[-1].column_letter}{len(rows) + 1}"
    assert all(cell.font.bold for cell in header)
    assert all(8 <= sheet.column_dimensions[cell.column_letter].width <= 44 for cell in header)
    verdicts = {cell.value: cell for row in rows for cell in row if header[cell.column - 1].value == "结论"}
    tints = {verdict: cell.fill.start_color.rgb[2:] for verdict, cell in verdicts.items() if cell.fill.fill_type}
    assert tints == {"错误": "FFC7CE", "警告": "FFEB9C", "无法检查": "D9D9D9"}
    assert "通过" in verdicts
    errors = next(index for index, cell in enumerate(header) if cell.value == "错误（处）")
    assert {bool(row[errors].fill.fill_type) == bool(row[errors].value) for row in rows} == {True}


def test_no_text_becomes_a_formula(folder: Path) -> None:
    main(["check", ".", "--summary", "s.xlsx"])
    main(["check", ".", "--summary", "s.csv"])
    cell = openpyxl.load_workbook(folder / "s.xlsx").active["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1.md", "s", True)
    assert read_csv(folder / "s.csv")[1][0] == "'=1+1.md"


FORMULAS = [
    "=1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋a",
    "－a",
    "＠a",
]
TEXTS = ["", "-", "--", "+", "-5", "+3.25", "-1,024", "-3%", "－", "－5", "1=1", "无", "/", "a@b", "'=1"]


@pytest.mark.parametrize("text", FORMULAS + TEXTS, ids=ascii)
def test_what_a_spreadsheet_would_calculate_is_told_from_text(text: str) -> None:
    assert is_formula(text) == (text in FORMULAS)


HARD = [*FORMULAS, *TEXTS[1:], "#N/A", "#REF!", "a\x00b\x1f", "\ud800", "两\n行", 'a,"b"', " 空 ", "长" * 40_000]


def test_hard_texts_survive_xlsx(tmp_path: Path) -> None:
    with (tmp_path / "x.xlsx").open("wb") as file:
        write_xlsx(file, [Sheet("甲", [Column("=名")], [[text] for text in HARD])])
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    read = [cell.value for (cell,) in sheet.iter_rows()]
    expected = ["a␀b␟" if text == "a\x00b\x1f" else "�" if text == "\ud800" else text for text in HARD[:-1]]
    assert read == ["=名", *expected, "长" * 32_766 + "…"]
    assert {cell.data_type for (cell,) in sheet.iter_rows()} == {"s"}


def test_hard_texts_survive_csv() -> None:
    text = "".join(csv_pieces(["=名"], [[text] for text in HARD]))
    read = [row[0] for row in csv.reader(text.splitlines(keepends=True))]
    expected = [f"'{text}" if text in FORMULAS else text for text in HARD]
    expected[FORMULAS.index("\r=1")] = "'\n=1"
    assert read == ["'=名", *expected]


def test_a_sheet_that_is_full_goes_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 4)
    sheets = [Sheet("数据", [Column("n")], [[n] for n in range(7)]), Sheet("空", [Column("m")], [])]
    with (tmp_path / "x.xlsx").open("wb") as file:
        write_xlsx(file, sheets)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert {sheet.title: [row[0] for row in sheet.values] for sheet in book} == {
        "数据": ["n", 0, 1, 2],
        "数据 2": ["n", 3, 4, 5],
        "数据 3": ["n", 6],
        "空": ["m"],
    }
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:A4", "A1:A4", "A1:A2", "A1:A1"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("7", 7), ("-3", -3), ("12.3400", 12.34), ("0", 0), ("1" * 20, 1.1111111111111111e19), ("1" * 400, None)],
)
def test_a_number_is_one_that_a_spreadsheet_counts_with(value: str, shown: float | None) -> None:
    from decimal import Decimal

    assert number(Decimal(value)) == shown
    assert number(None) is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--summary", "no/such/s.xlsx"], "无法写入 no/such/s.xlsx：No such file or directory"),
        (["--summary", "no/such/s.csv"], "无法写入 no/such/s.csv：No such file or directory"),
        (["--summary", "s.csv", "--output", "./s.csv"], "s.csv 已用作要检查的文件或另一种输出，请换一个文件名"),
        (
            ["--summary", "s.csv", "--output-format", "csv=s.csv"],
            "s.csv 已用作要检查的文件或另一种输出，请换一个文件名",
        ),
        (["s.csv", "--summary", "s.csv"], "s.csv 已用作要检查的文件或另一种输出，请换一个文件名"),
    ],
)
def test_a_place_that_cannot_be_taken_is_a_clear_error(
    arguments: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "全/通过.txt", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.err == f"错误：{said}\n"
    assert captured.out == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_full_disk_is_a_clear_error(
    suffix: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder / "temporary"))
    (folder / f"full.{suffix}").symlink_to("/dev/full")
    assert main(["check", "全/通过.txt", "-q", "--summary", f"full.{suffix}"]) == 2
    assert capsys.readouterr().err == f"错误：无法写入 full.{suffix}：No space left on device\n"
    assert list((folder / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("全/通过.txt", [], 0),
        ("全/空格.txt", [], 1),
        ("全/次序.txt", ["--fail-on", "warning"], 1),
        ("全/损坏.docx", [], 2),
    ],
)
def test_the_exit_status_is_the_same(path: str, options: list[str], status: int, folder: Path) -> None:
    assert main(["check", path, *options]) == main(["check", path, *options, "--summary", "s.xlsx"]) == status


def test_what_was_not_checked_has_not_passed_and_waivers_are_no_report(folder: Path) -> None:
    (folder / ".nianbao-waivers.yaml").write_text(
        "waivers:\n- {file: 无, rule: cell-blank, reason: 试}\n", encoding="utf-8"
    )
    main(["check", "全/缺期限.txt", "--ignore", "cell-blank,period-missing", "--summary", "s.csv"])
    header, *rows = read_csv(folder / "s.csv")
    assert [dict(zip(header, row, strict=True))["结论"] for row in rows] == ["未查全"]


def test_a_rule_of_a_folder_below_has_its_column(folder: Path) -> None:
    (folder / "全/规则").mkdir()
    (folder / "全/规则/our-rule.yaml").write_text(
        (ROOT / "rules/text/leftover-markup.yaml").read_text("utf-8").replace("leftover-markup", "our-rule"), "utf-8"
    )
    (folder / "全/.nianbao.yaml").write_text("rules: [规则]\nselect: [our-rule]\n", encoding="utf-8")
    shutil.copy(FIXTURES / "rules/leftover-markup/bad.txt", folder / "全/残留.txt")
    main(["check", "全/残留.txt", "=1+1.md", "--summary", "s.csv"])
    header, first, second = read_csv(folder / "s.csv")
    assert "our-rule" in header
    assert int(first[header.index("our-rule")]) > 0
    assert second[header.index("our-rule")] == "0"
