"""What CI systems are given: the GitHub action, the templates, the hooks; and thousands of files at once."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import FIXTURES, ROOT
from pre_commit.clientlib import load_manifest

from linter import checking, engine
from linter.cli import main
from linter.readers import READERS

BAD = FIXTURES / "rules/cell-blank/bad.txt"
GOOD = FIXTURES / "rules/cell-blank/ok.txt"
HOOKS = load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
NIANBAO = (sys.executable, "-m", "linter")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("action.yml", "vendor.github-actions"),
        ("docs/ci/github.yml", "vendor.github-workflows"),
        ("docs/ci/gitlab.yml", "vendor.gitlab-ci"),
    ],
)
def test_a_ci_file_keeps_the_schema_of_its_system(path: str, schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def load(path: str) -> dict[str, dict[str, object]]:
    content: dict[str, dict[str, object]] = yaml.safe_load((ROOT / path).read_text("utf-8"))
    return content


def test_the_sample_workflow_gives_only_inputs_that_the_action_has() -> None:
    (job,) = load("docs/ci/github.yml")["jobs"].values()
    given = next(step["with"] for step in job["steps"] if step["uses"].startswith("nianbao-lint/"))  # type: ignore[index]
    assert set(given) <= set(load("action.yml")["inputs"])


def test_the_action_uses_only_inputs_and_outputs_that_it_has_and_pastes_none_into_a_script() -> None:
    text, action = (ROOT / "action.yml").read_text("utf-8"), load("action.yml")
    steps: list[dict[str, str]] = action["runs"]["steps"]  # type: ignore[assignment]
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(action["inputs"])
    assert set(re.findall(r"steps\.(\w+)\.", text)) <= {step["id"] for step in steps if "id" in step}
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []
    used = re.findall(r"uses: (.*)", text)
    assert len(used) == len([step for step in steps if "uses" in step])
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", name) for name in used)  # a tag can be moved


def run_step(name: str, folder: Path, **environment: str) -> tuple[int, str, str]:
    """(exit status, standard output, the step's outputs) of the action's step, run as GitHub runs it."""
    steps: list[dict[str, str]] = load("action.yml")["runs"]["steps"]  # type: ignore[assignment]
    (step,) = (step for step in steps if step.get("id") == name)
    nianbao = folder / "bin nianbao"
    nianbao.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m linter "$@"\n')
    nianbao.chmod(0o755)
    given = {"PATHS": "", "FAIL_ON": "", "MESSAGES": "", "SARIF": "n.sarif", "NIANBAO": str(nianbao)} | environment
    files = {"GITHUB_OUTPUT": str(folder / "output.env"), "GITHUB_STEP_SUMMARY": str(folder / "summary.env")}
    python = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=os.environ | given | files | {"PYTHONPATH": python, "XDG_CACHE_HOME": str(folder / ".cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    output = folder / "output.env"
    return done.returncode, done.stdout, output.read_text("utf-8") if output.exists() else done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "status", "said", "outputs"),
    [
        ({"PATHS": "good.txt\n"}, 0, "", "sarif-file=n.sarif\n"),
        ({"PATHS": "a b/坏.txt\ngood.txt\n"}, 1, "::error file=a b/坏.txt,line=23,", "sarif-file=n.sarif\n"),
        ({}, 1, "::error file=a b/坏.txt,line=23,", "sarif-file=n.sarif\n"),
        ({"PATHS": "missing.txt"}, 2, "::error file=missing.txt,line=1,", "sarif-file=n.sarif\n"),
        ({"PATHS": "$(touch pwned)"}, 2, "::error file=$(touch pwned),line=1,", "sarif-file=n.sarif\n"),
        ({"PATHS": "good.txt", "FAIL_ON": "bad"}, 2, "", "usage: nianbao check"),
    ],
    ids=["clean", "found", "configured paths", "missing", "hostile", "wrong input"],
)
def test_the_action_fails_as_the_command_does_and_leaves_sarif(
    environment: dict[str, str], status: int, said: str, outputs: str, tmp_path: Path
) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b/坏.txt").write_bytes(BAD.read_bytes())
    (tmp_path / "good.txt").write_bytes(GOOD.read_bytes())
    done = run_step("check", tmp_path, **environment)
    assert (done[0], done[1][: len(said)], done[2][: len(outputs)]) == (status, said, outputs)
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_the_hooks_take_every_format_that_is_read_and_nothing_else(hook: dict[str, object]) -> None:
    files = re.compile(str(hook["files"]))
    assert [suffix for suffix in READERS if not files.search(f"稿/2023{suffix}")] == []
    assert [suffix for suffix in READERS if not files.search(f"2023{suffix.upper()}")] == []
    others = ["report.py", "README", "a.txt.bak", "atxt", ".nianbao.yaml", "a.docm", "a.xlsx", "a.pdf/b"]
    assert [name for name in others if files.search(name)] == []
    suffixes = re.search(r"\((?!\?)(.*)\)", str(hook["files"]))
    assert suffixes is not None
    for alternative in suffixes[1].split("|"):  # no suffix there that no reader has
        for spelled in {alternative.replace("?", ""), re.sub(r".\?", "", alternative)}:
            assert f".{spelled}" in READERS
    assert hook["require_serial"] is True
    assert hook["language"] == "python"


@pytest.fixture
def many(tmp_path: Path) -> list[str]:
    """The names of 5,000 staged files: notes of a line, and a report with errors at each end."""
    names = [f"稿件/第{number:04}号.txt" for number in range(5000)]
    (tmp_path / "稿件").mkdir()
    for name in names:
        (tmp_path / name).write_text("备忘\n", encoding="utf-8")
    for name in (names[0], names[-1]):
        (tmp_path / name).write_bytes(BAD.read_bytes())
    return names


@pytest.mark.slow
def test_the_hook_works_with_5000_files_and_shows_only_diagnostics(many: list[str], tmp_path: Path) -> None:
    python = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [*NIANBAO, *str(HOOKS[0]["entry"]).split()[1:], "--select", "cell-blank", *many],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": python, "XDG_CACHE_HOME": str(tmp_path / ".cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    found = [line.partition(":")[0] for line in done.stdout.splitlines() if ": error: " in line]
    assert found == [many[0]] * 2 + [many[-1]] * 2
    assert done.stdout.splitlines()[-1].startswith("检查了 5000 个文件：4 个错误，")


@pytest.mark.parametrize(
    "name", ["text", "json", "jsonl", "csv", "sarif", "junit", "checkstyle", "gitlab", "rdjson", "html"]
)
def test_what_is_found_in_a_file_is_written_before_the_next_is_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    load_file, write = engine.load_file, checking._put

    def loading(path: str) -> bytes:
        events.append(f"read {path}")
        return load_file(path)

    def writing(stream, output, piece, progress):  # type: ignore[no-untyped-def]
        events.extend(f"write {path}" for path in ("a.txt", "b.txt") if path in piece)
        write(stream, output, piece, progress)

    monkeypatch.setattr(engine, "load_file", loading)
    monkeypatch.setattr(checking, "_put", writing)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    for path in ("a.txt", "b.txt"):
        Path(path).write_bytes(BAD.read_bytes())
    assert main(["check", "a.txt", "b.txt", "--format", name]) == 1
    order = list(dict.fromkeys(events))
    assert order == ["read a.txt", "write a.txt", "read b.txt", "write b.txt"]
