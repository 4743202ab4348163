"""The baseline: by what a finding is known again, what is recorded, what is pruned."""

import json
from pathlib import Path

import pytest
from conftest import FIXTURES

from linter.baseline import Fingerprint, fingerprint
from linter.cli import main
from linter.diagnostic import Diagnostic, Level
from linter.document import Position

BLANKS = FIXTURES / "rules/cell-blank/bad.txt"
PERIOD = FIXTURES / "rules/period-missing/bad.txt"
GOOD = FIXTURES / "rules/cell-blank/ok.txt"


def finding(line: int, column: int, end: int, address: str | None = None, end_line: int = 0) -> Diagnostic:
    at = Position(line=line, column=column, end_line=end_line or line, end_column=end)
    return Diagnostic(path="a.txt", at=at, rule="x", level=Level.ERROR, message="收到 8 件", address=address)


FINGERPRINTS = {
    "an address is enough": (finding(1, 1, 3, address="a.b.c"), ["甲。乙。"], ("a.b.c", "")),
    "the sentence around the place": (finding(1, 4, 5), ["甲。 乙１，丙。丁。"], ("", "乙1,丙。")),
    "on another line": (finding(3, 3, 4), ["", "一", "甲。乙1,丙。丁"], ("", "乙1,丙。")),
    "an empty place": (finding(1, 3, 3), ["甲。乙。丙。"], ("", "乙。")),
    "over two sentences": (finding(1, 1, 6), ["甲甲。乙乙。丙。"], ("", "甲甲。乙乙。")),
    "over two lines": (finding(1, 4, 2, end_line=2), ["甲。乙；丙", "丁。"], ("", "乙;丙")),
    "without a line": (finding(9, 1, 1), ["甲"], ("", "")),
}


@pytest.mark.parametrize(("diagnostic", "lines", "expected"), FINGERPRINTS.values(), ids=FINGERPRINTS)
def test_a_finding_is_known_by_rule_and_address_or_sentence(
    diagnostic: Diagnostic, lines: list[str], expected: tuple[str, str]
) -> None:
    assert fingerprint(diagnostic, lines) == Fingerprint("x", *expected)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two reports that have findings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.txt").write_bytes(BLANKS.read_bytes())
    (tmp_path / "b.txt").write_bytes(PERIOD.read_bytes())
    return tmp_path


A = [
    {"file": "a.txt", "rule": "cell-blank", "address": "disclosure.rules.repealed"},
    {"file": "a.txt", "rule": "cell-blank", "address": "requests.carried_out.natural_person"},
]
B = [{"file": "b.txt", "rule": "period-missing", "text": "青川县水务局2023年政府信息公开工作年度报告"}]


def recorded(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((folder / ".nianbao-baseline.json").read_text("utf-8"))["findings"]
    return found


def test_it_is_sorted_and_the_same_whatever_the_order_of_files(folder: Path) -> None:
    assert main(["baseline", "b.txt", "a.txt"]) == 0
    first = (folder / ".nianbao-baseline.json").read_bytes()
    assert recorded(folder) == [*A, *B]
    assert main(["baseline"]) == 0
    assert (folder / ".nianbao-baseline.json").read_bytes() == first


def test_recording_anew_replaces_the_files_checked_and_keeps_the_others(folder: Path) -> None:
    assert main(["baseline"]) == 0
    (folder / "b.txt").write_bytes(GOOD.read_bytes())
    assert main(["baseline", "a.txt"]) == 0
    assert recorded(folder) == [*A, *B]
    assert main(["baseline", "b.txt"]) == 0
    assert recorded(folder) == A
    (folder / "a.txt").unlink()
    assert main(["baseline", "b.txt"]) == 0
    assert recorded(folder) == []


def test_pruning_only_takes_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["baseline", "a.txt"]) == 0
    text = (folder / "a.txt").read_text("utf-8").replace("规章\t0\t/\t0", "规章\t0\t0\t0")
    (folder / "a.txt").write_text(text, "utf-8")
    capsys.readouterr()
    assert main(["baseline", "--prune"]) == 0
    assert capsys.readouterr().out == ".nianbao-baseline.json：删去已解决的 1 处，留下 1 处\n"
    assert recorded(folder) == A[1:]  # without what is in b.txt


@pytest.mark.parametrize(
    ("settings", "before", "after"),
    [
        ("ignore: [cell-blank]\n", GOOD, A),
        ("ignore: []\n", GOOD, []),
        ("ignore: []\n", b"\x00\x01" * 900, A),
    ],
    ids=["the rule does not run", "the rule runs", "the file cannot be read"],
)
def test_pruning_keeps_what_was_not_checked(
    settings: str, before: Path | bytes, after: list[dict[str, str]], folder: Path
) -> None:
    assert main(["baseline", "a.txt"]) == 0
    (folder / ".nianbao.yaml").write_text(settings)
    (folder / "a.txt").write_bytes(before if isinstance(before, bytes) else before.read_bytes())
    assert main(["baseline", "--prune"]) == (2 if isinstance(before, bytes) else 0)
    assert recorded(folder) == after


def test_a_file_that_cannot_be_read_is_always_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "c.txt").write_bytes(b"")
    assert main(["baseline"]) == 2
    assert recorded(folder) == [*A, *B]
    assert "c.txt: 无法读取：文件是空的" in capsys.readouterr().out
    assert main(["check", "--baseline"]) == 2


def test_only_new_findings_count(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["baseline", "a.txt", "--output", "old.json"]) == 0
    assert main(["check", "a.txt", "--baseline", "old.json"]) == 0
    capsys.readouterr()
    assert main(["check", "--baseline", "old.json", "--format", "json"]) == 1
    files = json.loads(capsys.readouterr().out)["files"]
    assert [[d["rule"] for d in file["diagnostics"]] for file in files] == [[], ["period-missing"]]
    assert files[0]["suppressed"] == [
        {"rule": "cell-blank", "address": found["address"], "line": line, "reason": None, "kind": "baseline"}
        for found, line in zip(A, [23, 66], strict=True)
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("old.json", None, "无法读取基线 old.json"),
        ("old.json", '{"version": 1,\n "findings": [}', "old.json:2:15：不是正确的 JSON"),
        ("old.json", "[]", "old.json 不是基线文件"),
        ("old.json", '{"findings": [{"file": "a.txt"}]}', "old.json 不是基线文件"),
        ("a.txt", None, "“a.txt”不是 .json 文件"),
    ],
    ids=["missing", "no JSON", "a list", "without a rule", "a report"],
)
def test_what_is_no_baseline_is_said_in_one_line(
    name: str, content: str | None, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (folder / name).write_text(content)
    assert main(["check", "--baseline", name]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
