"""The project as others get it: from a wheel, and as a pre-commit hook in a repository of drafts."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from conftest import FIXTURES, ROOT

pytestmark = pytest.mark.slow

GOOD = FIXTURES / "rules/requests-balance/ok.txt"
BAD = FIXTURES / "rules/requests-balance/bad.txt"


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A finished command; its environment is ours without what belongs to this run's checkout."""
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    kept |= {"PYTHONUTF8": "1"} | environment
    return subprocess.run(list(map(str, command)), cwd=cwd, env=kept, capture_output=True, text=True, check=False)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The checkout as it stands, tracked or not yet, as a repository of one commit that hooks can be installed from."""
    target = tmp_path / "source"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    commit_all(target)
    return target


def commit_all(folder: Path) -> None:
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        done = run("git", "-c", "user.name=x", "-c", "user.email=x@example.org", *command, cwd=folder)
        assert done.returncode == 0, done.stderr


def test_a_wheel_brings_its_rules(source: Path, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    done = run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", wheels, source, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (wheel,) = wheels.glob("nianbao_lint-*.whl")
    site = tmp_path / "site"
    done = run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site, wheel, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shutil.copy(BAD, tmp_path / "report.txt")
    code = "import linter; print(linter.__file__); from linter.cli import main; raise SystemExit(main())"
    done = run(sys.executable, "-c", code, "check", "report.txt", cwd=tmp_path, PYTHONPATH=str(site))
    assert done.stdout.startswith(str(site))
    assert "[requests-balance]" in done.stdout
    assert done.returncode == 1
    done = run(
        sys.executable, "-c", code, "check", "report.txt", "--format", "html", cwd=tmp_path, PYTHONPATH=str(site)
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith("</html>\n")


def test_pre_commit_blocks_a_bad_report_and_passes_the_corrected_one(source: Path, tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    hooks = f"repos:\n- repo: {source.as_uri()}\n  rev: HEAD\n  hooks:\n  - id: nianbao\n"
    (drafts / ".pre-commit-config.yaml").write_text(hooks, encoding="utf-8")
    shutil.copy(GOOD, drafts / "好的.txt")
    shutil.copy(BAD, drafts / "坏的.txt")
    commit_all(drafts)
    revision = run("git", "rev-parse", "HEAD", cwd=source).stdout.strip()
    (drafts / ".pre-commit-config.yaml").write_text(hooks.replace("HEAD", revision), encoding="utf-8")
    pre_commit = (sys.executable, "-m", "pre_commit", "run", "--all-files")
    home = str(tmp_path / "pre-commit-home")

    blocked = run(*pre_commit, cwd=drafts, PRE_COMMIT_HOME=home)
    assert blocked.returncode == 1, blocked.stdout + blocked.stderr
    assert "坏的.txt:65:13: error:" in blocked.stdout
    assert "[requests-balance]" in blocked.stdout
    assert "好的.txt:" not in blocked.stdout

    shutil.copy(GOOD, drafts / "坏的.txt")
    passed = run(*pre_commit, cwd=drafts, PRE_COMMIT_HOME=home)
    assert passed.returncode == 0, passed.stdout + passed.stderr

    installed = run(*pre_commit[:3], "install", cwd=drafts)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    commit = ("git", "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-aqm", "Word")
    write_word(drafts / "年报.docx", handled="999")
    run("git", "add", ".", cwd=drafts)
    blocked = run(*commit, cwd=drafts, PRE_COMMIT_HOME=home)
    assert blocked.returncode == 1, blocked.stdout + blocked.stderr
    assert re.search(r"年报\.docx:\d+:\d+: error: .*\[requests-balance\]", blocked.stdout + blocked.stderr)
    write_word(drafts / "年报.docx")
    passed = run(*commit, cwd=drafts, PRE_COMMIT_HOME=home)
    assert passed.returncode == 0, passed.stdout + passed.stderr


def write_word(path: Path, handled: str | None = None) -> None:
    """A Word report that every rule accepts, but for the number of requests handled where one is given."""
    document = docx.Document(str(FIXTURES / "formats/report-2021.docx"))
    row = next(row for row in document.tables[1].rows if row.cells[1].text == "（七）总计")
    if handled:
        row.cells[3].text = handled
    document.save(str(path))


def test_the_strict_hook_fails_on_a_warning(source: Path, tmp_path: Path) -> None:
    hooks = (source / ".pre-commit-hooks.yaml").read_text("utf-8")
    assert "- id: nianbao-strict" in hooks
    entry = next(line for line in hooks.splitlines() if "--fail-on" in line).partition("entry: ")[2].split()
    shutil.copy(FIXTURES / "rules/section-order/bad-number.txt", tmp_path / "report.txt")
    code = "from linter.cli import main; raise SystemExit(main())"
    done = run(sys.executable, "-c", code, *entry[1:], "report.txt", cwd=tmp_path, PYTHONPATH=str(source))
    assert (done.returncode, "[section-order]" in done.stdout) == (1, True)
