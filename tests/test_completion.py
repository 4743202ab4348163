"""Completion in a shell: the script is one that the shell takes, and completes what people type."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from linter.cli import main
from linter.completion import SHELLS
from linter.ruleset import Ruleset

HARNESS = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
_shtab_nianbao nianbao "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
"""Asks bash for what Tab would offer, as bash itself asks."""

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a report and a command `nianbao`."""
    (tmp_path / "bin").mkdir()
    command = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m linter "$@"\n'
    (tmp_path / "bin/nianbao").write_text(command, encoding="utf-8")
    (tmp_path / "bin/nianbao").chmod(0o755)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/2023.txt").touch()
    return tmp_path


def run(folder: Path, *command: str | Path) -> str:
    environment = os.environ | {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "HOME": str(folder),
    }
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def script(folder: Path, shell: str) -> Path:
    path = folder / f"completion.{shell}"
    path.write_text(run(folder, "nianbao", "completion", shell), encoding="utf-8")
    return path


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_takes_its_script(shell: str, folder: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    run(folder, shell, "-n", script(folder, shell))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("che", ["check"]),
        ("check --form", ["--format"]),
        ("check --format s", ["sarif", "statistics"]),
        ("check --fail-on ", ["error", "warning", "info"]),
        ("check --ignore requests-", ["requests-applicant-sum", "requests-balance", "requests-outcome-sum"]),
        ("explain claim-p", ["claim-partition", "claim-percentage"]),
        ("extract --format p", ["parquet"]),
        ("check reports/", ["reports/2023.txt"]),
        ("completion z", ["zsh"]),
    ],
)
def test_bash_offers_what_fits(typed: str, offered: list[str], folder: Path) -> None:
    words = typed.split(" ")
    found = run(folder, "bash", "-c", HARNESS, "bash", script(folder, "bash"), "nianbao", *words).split()
    assert found == offered


def test_fish_offers_rules(folder: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("no fish here")
    asked = f"source {script(folder, 'fish')}; complete -C 'nianbao explain claim-p'"
    assert [line.split("\t")[0] for line in run(folder, "fish", "-c", asked).splitlines()] == [
        "claim-partition",
        "claim-percentage",
    ]


def test_the_ids_are_those_of_all_rules(ruleset: Ruleset, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--ids"]) == 0
    assert capsys.readouterr().out.splitlines() == [rule.id for rule in ruleset.rules]


def test_without_shtab_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    said = "生成补全脚本需要 shtab，请先运行：pip install 'nianbao-lint[completion]'"
    assert capsys.readouterr().err == f"错误：{said}\n"
