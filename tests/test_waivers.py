"""The waiver file: what holds, what is said of what does not, and how `nianbao waive` edits it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest
from conftest import FIXTURES
from layouts import figures_for, render

from linter import checking
from linter.cli import main
from linter.ruleset import load_rules

BAD = FIXTURES / "rules/cell-blank/bad.txt"  # blank: disclosure.rules.repealed, requests.carried_out.natural_person
ADDRESS = "disclosure.rules.repealed"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one report, on 1 July 2025."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    monkeypatch.setattr(checking, "today", lambda: date(2025, 7, 1))
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.txt").write_bytes(BAD.read_bytes())
    return tmp_path


def write(folder: Path, *entries: str) -> None:
    (folder / ".nianbao-waivers.yaml").write_text("waivers:\n" + "".join(f"  - {{{e}}}\n" for e in entries), "utf-8")


def said(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """The diagnostics of the checked report and of the waiver file, and the summary's last part."""
    main(["check", "a.txt", "--select", "cell-blank,suppression-unused,suppression-invalid", *options])
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    return [line.split(": ", 1)[0] + " " + line.split("：", 1)[1] for line in lines[:-1] if "waivers" in line] + [
        lines[-1].rpartition("；")[2]
    ]


FIRST = f"file: a.txt, rule: cell-blank, address: {ADDRESS}, reason: 缺台账"
CASES: dict[str, tuple[list[str], list[str]]] = {
    "holds": ([FIRST], ["1 处已豁免（豁免文件 1）"]),
    "on its last day": ([FIRST + ", expires: 2025-07-01"], ["1 处已豁免（豁免文件 1）"]),
    "expired": (
        [FIRST + ", expires: 2025-06-30"],
        [
            "2:95 已于 2025-06-30 到期。请改正问题，或重新批准并延期 [suppression-invalid]",
            "0 个文件没有发现问题",
        ],
    ),
    "for another cell": (
        [FIRST.replace("repealed", "issued")],
        ["2:6 这里没有 cell-blank 的问题。请删去 [suppression-unused]", "0 个文件没有发现问题"],
    ),
    "without its address": (
        ["file: a.txt, rule: cell-blank, reason: 缺台账"],
        ["2:6 这里没有 cell-blank 的问题。请删去 [suppression-unused]", "0 个文件没有发现问题"],
    ),
    "an unknown rule": (
        [FIRST.replace("cell-blank", "cell-blanc")],
        ["2:25 没有规则“cell-blanc”。是不是“cell-blank”？ [suppression-invalid]", "0 个文件没有发现问题"],
    ),
    "an unknown address": (
        [FIRST.replace("repealed", "gone")],
        [
            "2:46 没有地址“disclosure.rules.gone”。地址见 nianbao check --format json 的 address [suppression-invalid]",
            "0 个文件没有发现问题",
        ],
    ),
    "a file that is gone": (
        [FIRST.replace("a.txt", "b.docx")],
        [
            "2:12 没有文件“b.docx”。路径从豁免文件所在的文件夹写起；文件已删除的，请删去这一条 [suppression-invalid]",
            "0 个文件没有发现问题",
        ],
    ),
    "an empty reason": (
        [FIRST.replace("缺台账", '" "')],
        ["2:81 没有写理由。请写明理由 [suppression-invalid]", "0 个文件没有发现问题"],
    ),
    "twice the same": (
        [FIRST, FIRST],
        ["3:12 前面已有同样的一条。请删去一条 [suppression-invalid]", "1 处已豁免（豁免文件 1）"],
    ),
    "what allows no exception": (
        [FIRST.replace("cell-blank", "suppression-unused").replace(ADDRESS, "null")],
        ["2:25 suppression-unused 不能有例外。请删去这条例外 [suppression-invalid]", "0 个文件没有发现问题"],
    ),
}


@pytest.mark.parametrize(("entries", "expected"), CASES.values(), ids=CASES)
def test_a_waiver_holds_or_is_reported_at_its_place(
    entries: list[str], expected: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, *entries)
    assert said(capsys) == [f".nianbao-waivers.yaml:{line}" for line in expected[:-1]] + expected[-1:]


def test_nothing_is_said_of_waivers_for_files_that_were_not_checked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "b.txt").write_bytes(BAD.read_bytes())
    write(folder, FIRST.replace("a.txt", "b.txt").replace("repealed", "issued"))
    assert said(capsys) == ["0 个文件没有发现问题"]


def test_files_are_named_from_the_folder_of_the_waivers(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "2023").mkdir()
    (folder / "a.txt").rename(folder / "2023/a.txt")
    write(folder, FIRST.replace("a.txt", "2023/a.txt"))
    monkeypatch.chdir(folder / "2023")
    assert said(capsys) == ["1 处已豁免（豁免文件 1）"]


MISTAKES = {
    "a wrong key": (FIRST + ", until: 2025-01-01", "2:86: 不认识的选项“until”"),
    "no date": (FIRST + ", expires: soon", "2:95: “soon”不是日期：请写成 2024-12-31"),
    "no reason": (FIRST.replace(", reason: 缺台账", ""), "2:5: 缺少“reason”"),
}


@pytest.mark.parametrize(("entry", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_form_is_an_error_with_its_place(
    entry: str, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, entry)
    assert main(["check", "a.txt"]) == 2
    assert f".nianbao-waivers.yaml:{message}" in capsys.readouterr().err


def test_a_word_file_is_waived_by_cell(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = docx.Document()
    document.add_paragraph("青川县水务局2023年政府信息公开工作年度报告")
    document.add_paragraph("二、主动公开政府信息情况")
    table = document.add_table(rows=0, cols=4)
    for texts in [("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"), ("规章", "0", "", "0")]:
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    document.save(str(folder / "a.docx"))
    assert main(["check", "a.docx", "--select", "cell-blank"]) == 1
    assert main(["waive", "a.docx", "cell-blank", ADDRESS, "--reason", "缺台账"]) == 0
    capsys.readouterr()
    assert main(["check", "a.docx", "--select", "cell-blank"]) == 0
    assert "1 处已豁免（豁免文件 1）" in capsys.readouterr().out


KEPT = """\
# 说明
waivers:
# 第一条
- file: a.txt   # 水务局
  rule: "cell-blank"
  address: requests.carried_out.natural_person
  reason: '待补'  # 已催
"""
NEW = ["a.txt", "cell-blank", ADDRESS, "--reason", "缺台账: #1", "--approver", "李四", "--expires", "2025-12-31"]
ADDED = f"""\
- file: a.txt
  rule: cell-blank
  address: {ADDRESS}
  reason: '缺台账: #1'
  approver: 李四
  expires: 2025-12-31
"""
EDITS: dict[str, tuple[str, list[str], str]] = {
    "one more": (KEPT, NEW, KEPT + ADDED),
    "the first": ("waivers: []\n", NEW, "waivers:\n" + "".join(f"  {line}\n" for line in ADDED.splitlines())),
    "the same anew": (
        KEPT,
        ["a.txt", "cell-blank", "requests.carried_out.natural_person", "--reason", "已报备"],
        KEPT.replace("'待补'  #", "'已报备' #"),
    ),
    "without an address": (
        KEPT,
        ["a.txt", "fee-stated", "--reason", "无收费"],
        KEPT + "- file: a.txt\n  rule: fee-stated\n  address:\n  reason: 无收费\n",
    ),
}


@pytest.mark.parametrize(("before", "arguments", "after"), EDITS.values(), ids=EDITS)
def test_waive_keeps_comments_order_and_style(before: str, arguments: list[str], after: str, folder: Path) -> None:
    path = folder / ".nianbao-waivers.yaml"
    path.write_text(before, "utf-8")
    assert main(["waive", *arguments]) == 0
    assert path.read_text("utf-8") == after


def test_waive_makes_the_file_beside_the_configuration(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".nianbao.yaml").write_text("lang: zh\n")
    (folder / "2023").mkdir()
    (folder / "a.txt").rename(folder / "2023/a.txt")
    monkeypatch.chdir(folder / "2023")
    assert main(["waive", "a.txt", "cell-blank", ADDRESS, "--reason", "缺台账"]) == 0
    assert "  - file: 2023/a.txt\n" in (folder / ".nianbao-waivers.yaml").read_text("utf-8")
    assert main(["check", "a.txt", "--select", "cell-blank"]) == 1
    assert "1 处已豁免（豁免文件 1）" in capsys.readouterr().out


REFUSED: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "an unknown rule": (lambda new: ["a.txt", "cell-blanc", *new[2:]], "没有规则“cell-blanc”。是不是“cell-blank”？"),
    "an unknown address": (lambda new: [*new[:2], "x.y.z", *new[3:]], "没有地址“x.y.z”"),
    "a missing file": (lambda new: ["b.txt", *new[1:]], "没有文件“b.txt”"),
    "a blank reason": (lambda new: [*new[:4], " ", *new[5:]], "没有写理由"),
    "a day that is over": (lambda new: [*new[:-1], "2025-06-30"], "已于 2025-06-30 到期"),
    "no day": (lambda new: [*new[:-1], "2025-06-31"], "“2025-06-31”不是日期"),
}


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_waive_refuses_what_would_not_hold(
    change: Callable[[list[str]], list[str]], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["waive", *change(NEW)]) == 2
    assert message in capsys.readouterr().err
    assert not (folder / ".nianbao-waivers.yaml").exists()


@pytest.mark.parametrize(
    ("address", "status"), [(ADDRESS, 0), (ADDRESS.replace("repealed", "issued"), 1)], ids=["in order", "unused"]
)
def test_a_file_fails_by_its_own_terms_and_the_waiver_file_by_the_working_folders(
    folder: Path, address: str, status: int
) -> None:
    (folder / "drafts").mkdir()
    (folder / "a.txt").rename(folder / "drafts/a.txt")
    (folder / ".nianbao.yaml").write_text("fail-on: warning\n")
    (folder / "drafts/.nianbao.yaml").write_text("levels: {cell-blank: warning}\nfail-on: error\n")
    write(folder, FIRST.replace("a.txt", "drafts/a.txt").replace(ADDRESS, address))
    assert main(["check", "drafts", "--select", "cell-blank,suppression-unused"]) == status


def test_what_is_waived_is_not_corrected(folder: Path) -> None:
    heading = "五、存在的主要问题及改进清况"
    (folder / "a.txt").write_bytes((FIXTURES / "rules/section-heading/bad.txt").read_bytes())
    for entry, kept in (
        ("file: a.txt, rule: section-heading, reason: 沿用原文", True),
        ("file: a.txt, rule: section-heading, reason: 沿用原文, expires: 2025-06-30", False),
    ):
        write(folder, entry)
        main(["check", "a.txt", "--fix"])
        assert (heading in (folder / "a.txt").read_text("utf-8")) is kept


def test_a_blank_that_is_waived_is_not_filled(folder: Path) -> None:
    address = "requests.granted.social"
    template = load_rules().templates[-1]
    figures = figures_for(template)
    blank = {key: "" if key == address else value for key, value in figures.items()}
    assert figures[address] == "0"
    (folder / "a.txt").write_text(render(template, 2023, blank, "tab-rows"), "utf-8")
    write(folder, FIRST.replace(ADDRESS, address))
    main(["check", "a.txt", "--fix", "--unsafe-fixes"])
    assert (folder / "a.txt").read_text("utf-8") == render(template, 2023, blank, "tab-rows")
    (folder / ".nianbao-waivers.yaml").unlink()
    main(["check", "a.txt", "--fix", "--unsafe-fixes"])
    assert (folder / "a.txt").read_text("utf-8") == render(template, 2023, figures, "tab-rows")
