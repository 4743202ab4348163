"""`extract` of many reports: every form and format holds the same figures, and one bad file stops no other."""

import csv
import io
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import FIXTURES, ROOT
from pyarrow import parquet as arrow

from linter import parquet, spreadsheet
from linter.cli import main
from linter.parquet import Field, write_parquet
from linter.ruleset import Ruleset
from linter.spreadsheet import write_csv
from linter.tabulation import LONG, addresses, wide_fields

REPORTS = {
    "a 2019.txt": "formats/report-2019.tab-rows.txt",
    "b 空格.txt": "rules/cell-blank/bad.txt",
    "县/c.pdf": "formats/report-2021.pdf",
    "县/d.docx": "formats/report-2021.docx",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with reports of both templates, and one with a name that a spreadsheet would calculate."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    (tmp_path / ".git").mkdir()
    (tmp_path / "县").mkdir()
    for name, source in REPORTS.items():
        shutil.copy(FIXTURES / source, tmp_path / name)
    return tmp_path


def reports(folder: Path, *paths: str) -> list[dict[str, Any]]:
    """What JSON says of the reports: the other forms are held against it."""
    main(["extract", *(paths or (".",)), "--format", "json", "--output", str(folder / "r.json")])
    content = json.loads((folder / "r.json").read_text("utf-8"))
    (folder / "r.json").unlink()
    assert set(content) == {"version", "reports"}
    assert content["version"] == 1
    return content["reports"]


Table = list[dict[str, Any]]


def read(path: Path) -> Table:
    """The rows of a file by column, an empty cell as None; those of CSV as text."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]
    if path.suffix == ".parquet":
        return arrow.read_table(path).to_pylist()
    header, *rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].values
    return [dict(zip(header, row, strict=True)) for row in rows]


def like(path: Path, table: Table) -> Table:
    """What a file in that format can hold of the table: CSV knows no types, an empty text is nothing in a cell."""
    if path.suffix == ".parquet":
        return table
    shown = [{key: None if value == "" else value for key, value in row.items()} for row in table]
    if path.suffix == ".xlsx":
        return shown
    return [{key: None if value is None else str(value) for key, value in row.items()} for row in shown]


def test_one_file_is_the_contract_and_more_are_a_list_of_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    single = []
    for name in REPORTS:
        assert main(["extract", name, "--format", "json"]) == 0
        single.append(json.loads(capsys.readouterr().out))
    assert {report.pop("version") for report in single} == {1}
    assert reports(folder) == reports(folder, *REPORTS) == single
    assert reports(folder, "县") == single[2:]


def test_a_folder_of_one_report_is_a_list_too(folder: Path) -> None:
    (folder / "县/c.pdf").unlink()
    assert [report["path"] for report in reports(folder, "县")] == [os.path.join("县", "d.docx")]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_the_long_form_has_a_row_for_each_figure(suffix: str, folder: Path) -> None:
    path = folder / f"out{suffix}"
    expected = [
        {
            "path": report["path"],
            "agency": report["agency"],
            "year": report["year"],
            "edition": report["editions"][address.partition(".")[0]],
            "address": address,
            **figure,
        }
        for report in reports(folder)
        for address, figure in report["figures"].items()
    ]
    assert main(["extract", ".", "--output", str(path)]) == 0
    rows = read(path)
    assert list(rows[0]) == [field.name for field in LONG]
    labels = ("table", "row_label", "column_label")
    assert [{key: value for key, value in row.items() if key not in labels} for row in rows] == like(path, expected)
    assert all(row[label] for row in rows for label in labels)


def test_the_long_form_names_cells_as_the_edition_of_the_table_does(folder: Path) -> None:
    main(["extract", ".", "--output", "out.csv"])
    rows = read(folder / "out.csv")
    named = {(row["edition"], row["address"]): (row["table"], row["row_label"], row["column_label"]) for row in rows}
    assert named["2019", "disclosure.normative_documents.produced"] == ("表二", "规范性文件", "本年新制作数量")
    assert named["2021", "disclosure.normative_documents.issued"] == ("表二", "行政规范性文件", "本年制发件数")
    assert named["2019", "requests.other.natural_person"] == ("表三", "（六）其他处理", "自然人")
    assert named["2021", "requests.other.fee_unpaid.total"][2] == "总计"
    assert named[None, "review.reconsideration.upheld"] == ("表四", "行政复议", "结果维持")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_the_wide_form_has_a_row_for_each_report(suffix: str, folder: Path, ruleset: Ruleset) -> None:
    path = folder / f"out{suffix}"
    columns = addresses(ruleset.templates)
    expected = [
        {key: report[key] for key in ("path", "agency", "year", "title")}
        | {f"edition.{table}": edition for table, edition in report["editions"].items()}
        | {address: report["figures"].get(address, {}).get("value") for address in columns}
        for report in reports(folder)
    ]
    assert main(["extract", ".", "--wide", "--output", str(path)]) == 0
    rows = read(path)
    assert list(rows[0]) == [field.name for field in wide_fields(ruleset.templates)] == list(expected[0])
    assert rows == like(path, expected)


def test_the_wide_form_has_all_addresses_of_all_templates_once(ruleset: Ruleset) -> None:
    older, newer = (
        [address for form in template.tables for address in form.addresses()] for template in ruleset.templates
    )
    columns = addresses(ruleset.templates)
    assert sorted(columns) == sorted({*older, *newer})
    assert [address for address in columns if address in newer] == newer
    assert [address.partition(".")[0] for address in columns] == sorted(a.partition(".")[0] for a in columns)


def test_xlsx_says_what_each_address_stands_for(folder: Path) -> None:
    main(["extract", ".", "--wide", "--output", "out.xlsx"])
    book = openpyxl.load_workbook(folder / "out.xlsx")
    assert book.sheetnames == ["数据", "地址说明"]
    data, legend = book
    assert [cell.value for cell in data[1]][7:] == [cell.value for cell in legend["A"]][1:]
    assert ["review.litigation_after.total", "表四", "复议后起诉", "总计"] in [list(row) for row in legend.values]
    assert (data.freeze_panes, data.auto_filter.ref, data["A1"].font.bold) == ("A2", data.dimensions, True)


def test_parquet_has_types_and_row_groups(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP", 1400)
    main(["extract", ".", "--output", "out.parquet"])
    file = arrow.ParquetFile(folder / "out.parquet")
    kinds = {"text": "string", "count": "int32", "number": "double"}
    assert {name: str(kind) for name, kind in zip(file.schema_arrow.names, file.schema_arrow.types, strict=True)} == {
        field.name: kinds[field.kind] for field in LONG
    }
    assert {file.metadata.row_group(index).num_rows for index in range(file.num_row_groups - 1)} == {100}


def test_parquet_holds_what_is_no_utf8_and_no_number(tmp_path: Path) -> None:
    fields = [Field("t"), Field("n", "count"), Field("v", "number")]
    with (tmp_path / "x.parquet").open("wb") as file:
        write_parquet(file, fields, [("\ud800a", None, 10**17), (None, 3, None)])
    assert read(tmp_path / "x.parquet") == [{"t": "?a", "n": None, "v": 1e17}, {"t": None, "n": 3, "v": None}]


@pytest.mark.parametrize("arguments", [["--format", "csv"], ["--wide", "--format", "csv"], ["--output", "out.csv"]])
def test_files_that_cannot_be_read_are_named_and_the_others_go_on(
    arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "b 坏.docx").write_bytes(b"PK\x03\x04 but no more")
    (folder / "b 空.txt").touch()
    assert main(["extract", "missing.txt", ".", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.err.splitlines() == [
        "missing.txt: 无法读取：文件不存在。请检查路径",
        "b 坏.docx: 无法读取：不是 .docx 文件，或文件已损坏。请用 Word 或 WPS 打开，确认内容完好，再另存为 .docx",
        "b 空.txt: 无法读取：文件是空的。请确认文件已保存",
    ]
    text = captured.out or (folder / "out.csv").read_text("utf-8-sig")
    named = dict.fromkeys(row["path"] for row in csv.DictReader(io.StringIO(text)))
    assert list(named) == [str(Path(name)) for name in REPORTS]


def test_a_file_without_tables_is_named_and_is_no_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "notes.txt").write_text("会议记录\n", encoding="utf-8")
    assert main(["extract", "notes.txt", "a 2019.txt", "--format", "csv", "--wide", "--lang", "en"]) == 0
    captured = capsys.readouterr()
    assert captured.err == "notes.txt: no table was recognised, no figure extracted\n"
    assert [row[0] for row in csv.reader(captured.out.splitlines())] == ["path", "notes.txt", "a 2019.txt"]


@pytest.mark.parametrize("options", [["--wide"], []], ids=["wide", "long"])
def test_more_processes_and_kept_results_change_nothing(options: list[str], folder: Path) -> None:
    def extracted(*more: str) -> str:
        assert main(["extract", *list(REPORTS) * 10, "--output", "out.csv", *options, *more]) == 0
        return (folder / "out.csv").read_text("utf-8-sig")

    alone = extracted("--jobs", "1", "--no-cache")
    assert len(alone.splitlines()) > 40
    assert [extracted("--jobs", "2", "--no-cache"), extracted("--jobs", "2"), extracted("--jobs", "2")] == [alone] * 3


def test_configuration_and_gitignore_choose_as_in_check(folder: Path) -> None:
    (folder / ".gitignore").write_text("*.pdf\n", encoding="utf-8")
    (folder / ".nianbao.yaml").write_text("paths: [县, b 空格.txt]\nyear: 2022\n", encoding="utf-8")
    assert main(["extract", "--output", "out.json"]) == 0
    found = json.loads((folder / "out.json").read_text("utf-8"))["reports"]
    assert [(report["path"], report["year"]) for report in found] == [
        (os.path.join("县", "d.docx"), 2022),
        ("b 空格.txt", 2022),
    ]


def test_figures_of_a_template_that_only_one_folder_has_are_kept(folder: Path) -> None:
    own = folder / "县/规则/templates"
    own.mkdir(parents=True)
    template = (ROOT / "rules/templates/2021.yaml").read_text("utf-8")
    assert "{key: rules, label: 规章}" in template
    (own / "2021.yaml").write_text(template.replace("{key: rules,", "{key: regulations,"), "utf-8")
    (folder / "县/.nianbao.yaml").write_text("rules: [规则]\n", encoding="utf-8")
    main(["extract", "县/d.docx", "b 空格.txt", "--wide", "--output", "out.csv"])
    county, other = read(folder / "out.csv")
    assert county["disclosure.regulations.issued"] is not None
    assert county["disclosure.rules.issued"] is None
    assert other["disclosure.regulations.issued"] is None
    assert other["disclosure.rules.issued"] is not None


def test_standard_input_is_a_report(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (folder / "县/d.docx").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["extract", "-", "--stdin-filename", "d.docx"]) == 0
    report = json.loads(capsys.readouterr().out)
    (expected,) = reports(folder, "县")[1:]
    assert report == {"version": 1} | expected | {"path": "d.docx"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "xlsx"], "xlsx 不是文字，不能写到标准输出：请用 --output 文件.xlsx"),
        (["--format", "parquet"], "parquet 不是文字，不能写到标准输出：请用 --output 文件.parquet"),
        (["--wide"], "--wide 用于 csv、xlsx、parquet：JSON 总是一份年报一个对象"),
        (["--output", "no/such/x.csv"], "无法写入 no/such/x.csv：No such file or directory"),
        (["--output", "no/such/x.json"], "无法写入 no/such/x.json：No such file or directory"),
        (["--output", "县/d.docx"], "县/d.docx 已用作要检查的文件或另一种输出，请换一个文件名"),
    ],
)
def test_wrong_usage_names_the_remedy(
    arguments: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "县/d.docx").read_bytes()
    assert main(["extract", "县/d.docx", *arguments]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"错误：{said}\n")
    assert (folder / "县/d.docx").read_bytes() == before


def test_parquet_without_pyarrow_says_how_to_install_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["extract", ".", "--output", "out.parquet"]) == 2
    said = "写 parquet 需要 pyarrow，请先运行：pip install 'nianbao-lint[parquet]'"
    assert capsys.readouterr().err == f"错误：{said}\n"
    assert not (folder / "out.parquet").exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("suffix", ["json", "csv", "xlsx", "parquet"])
def test_a_full_disk_is_a_clear_error(suffix: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / f"full.{suffix}").symlink_to("/dev/full")
    assert main(["extract", ".", "--output", f"full.{suffix}"]) == 2
    assert capsys.readouterr().err == f"错误：无法写入 full.{suffix}：No space left on device\n"


class Watched(io.RawIOBase):
    """A file that notes how many rows had been asked for when the first of them was written to it."""

    asked = written = 0
    at_first: int | None = None

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.written

    def rows(self, count: int) -> Iterator[tuple[str, float]]:
        for number in range(count):
            self.asked = number + 1
            yield f"{number:064x}", number / 7

    def write(self, data: Any, /) -> int:
        if self.asked and self.at_first is None:
            self.at_first = self.asked
        self.written += len(data)
        return len(data)


def test_rows_are_written_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "PIECE", 100)
    monkeypatch.setattr(parquet, "GROUP", 400)
    file = Watched()
    write_csv(file, ["t", "v"], file.rows(10_000))
    assert file.at_first == 100
    file = Watched()
    write_parquet(file, [Field("t"), Field("v", "number")], file.rows(10_000))
    assert file.at_first is not None
    assert file.at_first <= 400
