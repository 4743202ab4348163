"""The text view: printed with numbers, plain for git, and compared."""

import io
import os
import subprocess
import sys
from pathlib import Path

import docx as python_docx
import pytest
from conftest import ROOT

from linter.cli import main

OLD = ["青川县水务局2023年政府信息公开工作年度报告", "本年新收申请 7 件。", "本年没有收取信息处理费。"]
NEW = [OLD[0], "本年新收申请 8 件。", OLD[2]]


def word(paragraphs: list[str]) -> bytes:
    document = python_docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture
def drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two drafts, each as .docx and as .txt."""
    monkeypatch.chdir(tmp_path)
    for name, paragraphs in (("old", OLD), ("new", NEW)):
        (tmp_path / f"{name}.txt").write_text("".join(f"{text}\n" for text in paragraphs), encoding="utf-8")
        (tmp_path / f"{name}.docx").write_bytes(word(paragraphs))
    return tmp_path


@pytest.mark.parametrize("name", ["old.txt", "old.docx"])
def test_lines_are_numbered_or_plain(name: str, drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["view", name]) == 0
    assert capsys.readouterr().out == f"1  {OLD[0]}\n2  {OLD[1]}\n3  {OLD[2]}\n"
    assert main(["view", "--plain", name]) == 0
    assert capsys.readouterr().out == f"{OLD[0]}\n{OLD[1]}\n{OLD[2]}\n"


@pytest.mark.parametrize("new", ["new.txt", "new.docx"])
@pytest.mark.parametrize("old", ["old.txt", "old.docx"])
def test_a_difference_is_a_unified_diff(old: str, new: str, drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["view", "--diff", old, new]) == 1
    assert capsys.readouterr().out == (
        f"--- {old}\n+++ {new}\n@@ -1,3 +1,3 @@\n {OLD[0]}\n-{OLD[1]}\n+{NEW[1]}\n {OLD[2]}\n"
    )


def test_the_same_text_in_another_format_is_no_difference(drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["view", "--diff", "old.docx", "old.txt"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--diff", "none.docx", "new.docx"], "none.docx：文件不存在"),
        (["--diff", "old.docx", "none.docx"], "none.docx：文件不存在"),
        (["--plain", "report.ofd"], "report.ofd：不能读取 OFD 版式文件"),
    ],
)
def test_what_cannot_be_read_is_an_error(
    arguments: list[str], said: str, drafts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (drafts / "report.ofd").write_bytes(b"PK\x03\x04")
    assert main(["view", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_a_diff_has_no_other_form(drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["view", "--plain", "--diff", "old.docx", "new.docx"])
    assert caught.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


@pytest.mark.slow
def test_git_shows_the_text_of_a_word_file(drafts: Path) -> None:
    """The settings are those of docs/view.md and view.en.md, with this checkout for the installed command."""
    manual = "\n".join((ROOT / "docs" / name).read_text("utf-8") for name in ("view.md", "view.en.md"))
    attributes = [line.strip() for line in manual.splitlines() if line.endswith(" diff=nianbao")]
    assert "*.docx diff=nianbao" in attributes
    setting = "git config diff.nianbao.textconv 'nianbao view --plain'"
    assert manual.count(setting) == 2
    (drafts / ".gitattributes").write_text("\n".join(attributes) + "\n", encoding="utf-8")
    report = drafts / "年报.docx"

    def git(*arguments: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        named = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "core.quotePath=false"]
        done = subprocess.run(["git", *named, *arguments], env=environment, capture_output=True, check=True)
        return done.stdout.decode()

    git("init", "-q")
    git("config", "diff.nianbao.textconv", f"'{sys.executable}' -m linter view --plain")
    report.write_bytes(word(OLD))
    git("add", "-A")
    git("commit", "-qm", "old")
    report.write_bytes(word(NEW))
    changes = [f" {OLD[0]}", f"-{OLD[1]}", f"+{NEW[1]}", f" {OLD[2]}"]
    assert git("diff", "--", report.name).splitlines()[-4:] == changes
    git("commit", "-qam", "new")
    assert git("log", "-p", "-1", "--", report.name).splitlines()[-4:] == changes
    assert "Binary files" in git("show", "--no-textconv", "--", report.name)
