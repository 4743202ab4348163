"""The command as people run it: files, folders, standard input, bad input, exit status."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import FIXTURES

from linter import checking, cli, engine
from linter.cli import main
from linter.errors import ReadError
from linter.readers import READERS

GOOD = FIXTURES / "rules/cell-blank/ok.txt"
BAD = FIXTURES / "rules/cell-blank/bad.txt"
WARNED = FIXTURES / "rules/section-order/bad-number.txt"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, a repository of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    (tmp_path / ".git").mkdir()
    return tmp_path


def place(folder: Path, name: str, source: Path | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(source if isinstance(source, bytes) else source.read_bytes())
    return path


@pytest.mark.parametrize(
    ("source", "options", "status"),
    [
        (GOOD, [], 0),
        (BAD, [], 1),
        (BAD, ["--ignore", "cell-blank"], 0),
        (BAD, ["--select", "period-missing,section-missing"], 0),
        (WARNED, [], 0),
        (WARNED, ["--fail-on", "warning"], 1),
        (BAD, ["--format", "json"], 1),
    ],
)
def test_the_exit_status_says_whether_something_was_found(
    source: Path, options: list[str], status: int, folder: Path
) -> None:
    place(folder, "report.txt", source)
    assert main(["check", "report.txt", *options]) == status


def _empty(path: Path) -> Path:
    path.touch()
    return path


UNREADABLE: list[tuple[str, Callable[[Path], object], str]] = [
    ("empty.txt", lambda path: path.write_bytes(b""), "文件是空的"),
    ("blank.txt", lambda path: path.write_bytes(b"\r\n \t\n"), "文件是空的"),
    ("binary.txt", lambda path: path.write_bytes(bytes(range(256)) * 20), "不是文本文件"),
    ("big.txt", lambda path: path.write_bytes(b"a" * 50_000_000), "文件有 50 MB"),
    ("dangling.txt", lambda path: path.symlink_to("nowhere"), "链接指向的文件不存在"),
    ("missing.txt", lambda path: None, "文件不存在"),
    ("folder", lambda path: path.mkdir(), "文件夹里没有可以检查的文件"),
    ("pipe.txt", os.mkfifo, "不是普通文件"),
    ("sparse.txt", lambda path: os.truncate(_empty(path), 40_000_000_000), "文件有 40000 MB"),
    ("report.xyz", lambda path: path.write_text("一、总体情况"), "不认识的文件类型“.xyz”"),
    ("broken.docx", lambda path: path.write_bytes(b"PK\x03\x04 but no more"), "无法读取"),
    ("broken.pdf", lambda path: path.write_bytes(b"%PDF-1.7\n%%EOF"), "无法读取"),
]


@pytest.mark.parametrize(("name", "make", "said"), UNREADABLE, ids=[name for name, _, _ in UNREADABLE])
def test_bad_input_is_one_clear_line_and_the_other_files_are_still_checked(
    name: str, make: Callable[[Path], object], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(folder / name)
    place(folder, "good.txt", GOOD)
    place(folder, "z.txt", BAD)
    assert main(["check", name, "good.txt", "z.txt"]) == 2
    out, err = capsys.readouterr()
    first, *others = out.splitlines()
    assert first.startswith(f"{name}:1:1: error: 无法读取：")
    assert said in first
    assert first.endswith("[unreadable-file]")
    assert any(line.startswith("z.txt:") and line.endswith("[cell-blank]") for line in others)
    assert "3 个文件" in others[-1]
    assert "Traceback" not in out + err


def test_a_file_without_permission_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place(folder, "closed.txt", GOOD)
    place(folder, "open.txt", GOOD)
    real = open

    def guarded(path: str, *arguments: object, **options: object) -> object:
        if path == "closed.txt":  # root reads everything, so the refusal is played
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(engine, "open", guarded, raising=False)
    assert main(["check", "closed.txt", "open.txt"]) == 2
    assert "closed.txt:1:1: error: 无法读取：没有读取权限" in capsys.readouterr().out


def test_a_bug_loses_only_its_file_and_exits_with_3(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place(folder, "a.txt", GOOD)
    place(folder, "b.txt", BAD)
    real = engine.align

    def broken(document, *arguments):  # type: ignore[no-untyped-def]
        if document.path == "a.txt":
            raise KeyError("a bug")
        return real(document, *arguments)

    monkeypatch.setattr(engine, "align", broken)
    assert main(["check", "a.txt", "b.txt"]) == 3
    out = capsys.readouterr().out
    assert "a.txt:1:1: error: 无法读取：程序内部错误（KeyError, test_cli.py:" in out
    assert "b.txt:23:6: error:" in out


def test_folders_are_walked_in_order_without_ignored_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ["b/2.txt", "b/1.txt", "a.txt", "draft/x.txt", "b/keep.txt", "b/~$lock.docx", ".hidden/y.txt", "c.csv"]:
        place(folder, name, GOOD)
    place(folder, ".gitignore", b"draft/\nkeep.txt\n")
    place(folder, "b/.gitignore", b"!keep.txt\n2.txt\n")
    assert main(["check", ".", "--format", "json"]) == 0
    assert [file["path"] for file in json.loads(capsys.readouterr().out)["files"]] == [
        "a.txt",
        os.path.join("b", "1.txt"),
        os.path.join("b", "keep.txt"),
    ]


def test_standard_input_is_read_by_the_name_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.read_bytes())))
    assert main(["check", "-", "--stdin-filename", "草稿.txt"]) == 1
    assert capsys.readouterr().out.startswith("草稿.txt:23:6: error:")


def test_the_result_goes_to_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place(folder, "report.txt", BAD)
    assert main(["check", "report.txt", "--format", "json", "--output", "out.json"]) == 1
    assert capsys.readouterr().out == ""
    assert json.loads((folder / "out.json").read_text("utf-8"))["summary"]["errors"] == 2
    assert main(["check", "report.txt", "--output", "no/such/folder/out.txt"]) == 2
    assert "无法写入 no/such/folder/out.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "--select", "requests-balanc"], "没有规则“requests-balanc”；是不是“requests-balance”？"),
        (["check", "--ignore", "zzz"], "没有规则“zzz”；nianbao rules 列出全部规则"),
        (["check", "--lang", "en", "--select", "requests-balanc"], "did you mean 'requests-balance'?"),
        (["explain", "review-sums"], "是不是“review-sum”？"),
        (["view", "missing.txt"], "missing.txt：文件不存在。请检查路径"),
        (["extract", "missing.docx"], "missing.docx: 无法读取：文件不存在。请检查路径"),
        (["check", "--quiet", "--verbose"], "--verbose: not allowed with argument -q/--quiet"),
        (["check", "--summary", "汇总.xls"], "请写 .xlsx 或 .csv 文件名 name an .xlsx or .csv file ('汇总.xls')"),
    ],
)
def test_wrong_usage_names_the_remedy(
    arguments: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(arguments)
    except SystemExit as stopped:  # argparse's way
        status = stopped.code
    assert status == 2
    assert said in capsys.readouterr().err


def test_quiet_leaves_the_diagnostics_and_the_exit_status(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place(folder, "report.txt", FIXTURES / "reports/区政府办-2021.txt")
    assert main(["check", "report.txt"]) == 1
    loud = capsys.readouterr().out.splitlines()
    for option in ("--quiet", "-q"):
        assert main(["check", "report.txt", option]) == 1
        captured = capsys.readouterr()
        assert captured.err == ""
        quiet = captured.out.splitlines()
        assert [line for line in loud if line not in quiet] == loud[len(quiet) :]  # notes and summary stand last
        assert [line.partition(" note: ")[0] for line in loud[len(quiet) : -2]] == ["report.txt:"] * 4
        assert loud[-1].startswith("检查了 1 个文件：")


def test_quiet_says_nothing_of_what_fix_did(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.txt", "b.txt"):
        place(folder, name, FIXTURES / "rules/section-heading/bad.txt")
    main(["check", "a.txt", "--fix"])
    assert "a.txt" in capsys.readouterr().err
    main(["check", "b.txt", "--fix", "--quiet"])
    assert capsys.readouterr().err == ""
    assert (folder / "a.txt").read_bytes() == (folder / "b.txt").read_bytes()


def test_verbose_names_the_configuration_of_each_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place(folder, "a.txt", GOOD)
    place(folder, "b/b.txt", GOOD)
    place(folder, "b/.nianbao.yaml", b"extends: ../base.yaml\n")
    place(folder, "base.yaml", b"ignore: [title]\n")
    assert main(["check", "--verbose", "."]) == 0
    captured = capsys.readouterr()
    configs = f"{os.path.join('b', '.nianbao.yaml')} ← base.yaml"
    assert captured.err == f"a.txt：默认设置\n{os.path.join('b', 'b.txt')}：{configs}\n"
    assert main(["check", "--verbose", "--lang", "en", "a.txt"]) == 0
    assert capsys.readouterr().err == "a.txt: defaults\n"


def test_a_reader_that_goes_away_ends_the_run_quietly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*arguments: object) -> None:
        raise BrokenPipeError

    place(folder, "report.txt", GOOD)
    monkeypatch.setattr(checking, "_put", gone)
    monkeypatch.setattr(cli.os, "dup2", lambda *descriptors: None)
    assert main(["check", "report.txt"]) == 1


def test_ctrl_c_ends_with_130(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("linter.commands.list_rules", interrupted)
    assert main(["rules"]) == 130


def test_view_prints_the_numbered_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place(folder, "report.txt", "\n一、总体情况\r\n二、…".encode("utf-16"))
    assert main(["view", "report.txt"]) == 0
    assert capsys.readouterr().out == "1  \n2  一、总体情况\n3  二、…\n"


def test_extract_gives_every_figure_with_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place(folder, "report.txt", BAD)
    assert main(["extract", "report.txt"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert len(content["figures"]) == 200
    assert {key: content[key] for key in ("version", "path", "title", "agency", "year", "editions")} == {
        "version": 1,
        "path": "report.txt",
        "title": "青川县水务局2023年政府信息公开工作年度报告",
        "agency": "青川县水务局",
        "year": 2023,
        "editions": {"disclosure": "2021", "requests": "2021", "review": None},
    }
    assert content["figures"]["disclosure.rules.repealed"] == {
        "text": "/",
        "value": None,
        "line": 23,
        "column": 6,
        "page": None,
        "where": "表二 第3行 本年废止件数",
    }
    assert content["figures"]["requests.received.total"]["value"] == 633
    assert main(["extract", "report.txt", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "path,agency,year,edition,address,table,row_label,column_label,text,value,line,column,page,where"
    )
    cell = "report.txt,青川县水务局,2023,2021,disclosure.rules.repealed,表二,规章,本年废止件数"
    assert f"{cell},/,,23,6,,表二 第3行 本年废止件数" in lines
    assert len(lines) == 201


def test_every_rule_is_listed_and_explained(ruleset, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    assert main(["rules"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [rule.id for rule in ruleset.rules]
    for rule in ruleset.rules:
        assert main(["explain", rule.id, "--lang", "en"]) == 0
        out = capsys.readouterr().out
        assert rule.title.en in out
        assert rule.basis in out


def test_every_suffix_has_a_reader() -> None:
    for suffix in READERS:
        with pytest.raises(ReadError):
            engine.read(b"\x00\x01\x02\xff" * 200, f"report{suffix}")
