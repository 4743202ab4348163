"""Comments, waivers and the baseline together, through the real command, as docs/exceptions.md shows them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import FIXTURES, ROOT


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A repository with two reports, an own rule, two comments (one unused) and a waiver that has expired."""
    folder = tmp_path / "scratch"
    shutil.copytree(FIXTURES / "exceptions", folder)
    (folder / ".git").mkdir()
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The finished command, run in the folder as a process of its own."""
    code = "import sys; from linter.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, *arguments]
    environment = {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / ".cache"), "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def checked(folder: Path, *options: str) -> tuple[int, list[tuple[str, str, int]], list[tuple[str, str, str | None]]]:
    """(exit status, (file, rule, line) of what was found, (kind, rule, reason) of what was taken out)."""
    done = run(folder, "check", "reports", "--rules", "our-rules", "--format", "json", *options)
    files = json.loads(done.stdout)["files"]
    found = [(Path(f["path"]).name, d["rule"], d["line"]) for f in files for d in f["diagnostics"]]
    return done.returncode, found, [(s["kind"], s["rule"], s["reason"]) for f in files for s in f["suppressed"]]


EDUCATION, WATER, WAIVERS = "教育局-2023.txt", "水务局-2023.txt", ".nianbao-waivers.yaml"
INLINE = ("inline", "rule-making-power", "机构改革前由原市局制定，仍在施行")
WAIVED = ("waiver", "review-sum", "并案一件")
OLD = [("baseline", "rule-making-power", None), ("baseline", "vague-plan", None)]
POWER, SUM = (EDUCATION, "rule-making-power", 23), (EDUCATION, "review-sum", 74)
UNUSED, VAGUE = (WATER, "suppression-unused", 25), (WATER, "vague-plan", 81)
EXPIRED = (WAIVERS, "suppression-invalid", 9)


def test_a_repository_with_every_exception(scratch: Path) -> None:
    assert checked(scratch) == (1, [POWER, SUM, UNUSED, VAGUE, EXPIRED], [INLINE])

    cell = "review.reconsideration.total"
    done = run(scratch, "waive", f"reports/{EDUCATION}", "review-sum", cell, "--reason", "并案一件")
    assert (done.returncode, done.stdout, done.stderr) == (0, "已写入 .nianbao-waivers.yaml\n", "")
    assert checked(scratch) == (0, [POWER, UNUSED, VAGUE, EXPIRED], [WAIVED, INLINE])

    done = run(scratch, "baseline", "--rules", "our-rules")
    assert (done.returncode, done.stdout) == (0, ".nianbao-baseline.json：记录了 2 处\n")
    assert checked(scratch, "--baseline") == (0, [UNUSED, EXPIRED], [WAIVED, OLD[0], INLINE, OLD[1]])

    path = scratch / "reports" / WATER  # two lines more, and a new fault: only that is new
    moved = path.read_text("utf-8").replace("一、总体情况", "一、总体情况\n\n本局按季度检查。", 1)
    path.write_text(moved.replace("行政强制\t25", "行政强制\t-25"), "utf-8")
    new = [(WATER, "suppression-unused", 27), (WATER, "cell-negative", 35)]
    assert checked(scratch, "--baseline") == (1, [*new, EXPIRED], [WAIVED, OLD[0], INLINE, OLD[1]])

    path.write_text(moved.replace("进一步加强学习", "每季度组织一次业务学习"), "utf-8")  # an old fault is mended
    done = run(scratch, "baseline", "--prune", "--rules", "our-rules")
    assert (done.returncode, done.stdout) == (0, ".nianbao-baseline.json：删去已解决的 1 处，留下 1 处\n")
    path.write_text(moved, "utf-8")  # and comes back
    assert checked(scratch, "--baseline")[1] == [
        (WATER, "suppression-unused", 27),
        (WATER, "vague-plan", 83),
        EXPIRED,
    ]
