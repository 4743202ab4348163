"""Limits are named constants that a configuration may move."""

from importlib import import_module
from io import BytesIO
from pathlib import Path

import pytest
from conftest import FIXTURES

from linter import readers
from linter.cli import main
from linter.limits import CONSTANTS, Limits, move


def test_every_limit_has_its_constant() -> None:
    assert tuple(CONSTANTS) == Limits._fields
    for module, constant in CONSTANTS.values():
        assert getattr(import_module(module), constant) > 0


@pytest.fixture
def constants_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The constants are put back when the test ends."""
    for module, constant in CONSTANTS.values():
        loaded = import_module(module)
        monkeypatch.setattr(loaded, constant, getattr(loaded, constant))


def test_only_the_limits_given_are_moved(constants_restored: None) -> None:
    before = {field: getattr(import_module(module), name) for field, (module, name) in CONSTANTS.items()}
    move(Limits(text_lines=7, pdf_seconds=3))
    after = {field: getattr(import_module(module), name) for field, (module, name) in CONSTANTS.items()}
    assert {field: after[field] for field in after if after[field] != before[field]} == {
        "text_lines": 7,
        "pdf_seconds": 3,
    }


@pytest.mark.parametrize(
    ("name", "limits", "said"),
    [
        ("report-2021.tab-cells.txt", "file-bytes: 1000", "超过上限"),
        ("report-2021.tab-cells.txt", "text-lines: 50", "超过 50 行"),
        ("report-2021.tab-rows.txt", "text-separators: 20", "超过 20 个制表符和竖线"),
        ("report-2021.md", "markdown-characters: 100", ""),
        ("report-2021.html", "html-tags: 100", ""),
        ("report-2021.html", "html-cells: 100", ""),
        ("report-2021.docx", "word-part-bytes: 1000", ""),
        ("report-2021.docx", "word-cells: 10", ""),
    ],
)
def test_a_configuration_moves_a_limit(
    name: str,
    limits: str,
    said: str,
    constants_restored: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / name).write_bytes((FIXTURES / "formats" / name).read_bytes())
    assert main(["check", name]) == 0
    capsys.readouterr()
    (tmp_path / ".nianbao.yaml").write_text(f"limits: {{{limits}}}\n", encoding="utf-8")
    assert main(["check", name]) == 2
    out = capsys.readouterr().out
    assert out.startswith(f"{name}:1:1: error: 无法读取：")
    assert said in out


def test_a_limit_that_does_not_exist_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".nianbao.yaml").write_text("limits:\n  file-byte: 1\n", encoding="utf-8")
    assert main(["check", "x.txt"]) == 2
    assert ".nianbao.yaml:2:3: 不认识的选项“file-byte”；是不是“file" in capsys.readouterr().err


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert readers.read_bounded(BytesIO(b"12345678"), 8) == b"12345678"
    assert readers.read_bounded(BytesIO(b"12345678"), 3) == b"12345678"
    monkeypatch.setattr(readers, "MAX_BYTES", 2)
    assert len(readers.read_bounded(BytesIO(b"12345678"), 3)) > readers.MAX_BYTES  # enough to be refused
