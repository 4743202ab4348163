"""Which settings hold for a file: the nearest configuration, what it extends, the command line; and every mistake."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import FIXTURES

from linter import __version__
from linter.cli import main
from linter.requirement import meets
from linter.settings import load_settings

BLANK = FIXTURES / "rules/cell-blank/bad.txt"  # cell-blank, an error, and nothing else
FRACTION = FIXTURES / "rules/cell-fraction/bad.txt"  # cell-fraction, a warning


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a report at its root and one below it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    (tmp_path / ".git").mkdir()
    for name in ("a.txt", "town/b.txt"):
        write(tmp_path, name, BLANK.read_text("utf-8"))
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, list[str]]:
    """What `check` finds in each file, as `level rule`."""
    main(["check", "--format", "json", *arguments])
    files = json.loads(capsys.readouterr().out)["files"]
    return {file["path"]: [f"{d['level']} {d['rule']}" for d in file["diagnostics"]] for file in files}


BLANKS = ["error cell-blank", "error cell-blank"]
SOFTER = ["warning cell-blank", "warning cell-blank"]

SETTINGS: list[tuple[str, dict[str, str], list[str], dict[str, list[str]]]] = [
    ("nothing configured", {}, [], {"a.txt": BLANKS, "town/b.txt": BLANKS}),
    ("by id", {".nianbao.yaml": "ignore: [cell-blank]"}, [], {"a.txt": [], "town/b.txt": []}),
    ("by topic", {".nianbao.yaml": "ignore: [cells]"}, [], {"a.txt": [], "town/b.txt": []}),
    (
        "all but one",
        {".nianbao.yaml": "ignore: [all]\nextend-select: [cell-blank]"},
        [],
        {"a.txt": [], "town/b.txt": []},
    ),
    ("a level", {".nianbao.yaml": "levels: {cell-blank: warning}"}, [], {"a.txt": SOFTER, "town/b.txt": SOFTER}),
    ("off", {".nianbao.yaml": "levels: {cell-blank: off}"}, [], {"a.txt": [], "town/b.txt": []}),
    (
        "the particular name wins over the general one",
        {".nianbao.yaml": "levels: {cell-blank: warning, cells: info, all: off}"},
        [],
        {"a.txt": SOFTER, "town/b.txt": SOFTER},
    ),
    (
        "the nearest file wins, and is not joined with the one above",
        {".nianbao.yaml": "levels: {cell-blank: off}", "town/.nianbao.yaml": "fail-on: info"},
        [],
        {"a.txt": [], "town/b.txt": BLANKS},
    ),
    (
        "pyproject.toml counts where it has the table",
        {
            "pyproject.toml": "[tool.nianbao.levels]\ncell-blank = 'warning'\n",
            "town/pyproject.toml": "[project]\nname = 'x'\n",
        },
        [],
        {"a.txt": SOFTER, "town/b.txt": SOFTER},
    ),
    (
        ".nianbao.yaml wins over pyproject.toml",
        {"pyproject.toml": "[tool.nianbao]\nignore = ['all']\n", ".nianbao.yaml": "levels: {cells: warning}"},
        [],
        {"a.txt": SOFTER, "town/b.txt": SOFTER},
    ),
    (
        "what it extends is joined, and the nearest word wins",
        {
            "base/common.yaml": "ignore: [cell-blank]\nexclude: [a.txt]\n",
            ".nianbao.yaml": "extends: base/common.yaml\nextend-select: [cell-blank]",
        },
        [],
        {"town/b.txt": BLANKS},
    ),
    (
        "for some files",
        {
            ".nianbao.yaml": "per-file:\n- {files: 'town/*', levels: {cell-blank: warning}}\n"
            "- {files: a.*, ignore: [cells]}\n"
        },
        [],
        {"a.txt": [], "town/b.txt": SOFTER},
    ),
    ("exclude", {".nianbao.yaml": "exclude: [town/]"}, [], {"a.txt": BLANKS}),
    (
        "exclude, a file that is named",
        {".nianbao.yaml": "exclude: [town/]"},
        ["town/b.txt", "a.txt"],
        {"a.txt": BLANKS},
    ),
    ("include", {".nianbao.yaml": "include: ['b.*']"}, [], {"town/b.txt": BLANKS}),
    ("paths begin at the file's folder", {".nianbao.yaml": "paths: [town]"}, [], {"town/b.txt": BLANKS}),
    (
        "the command line wins",
        {".nianbao.yaml": "ignore: [cell-blank]\nlevels: {cells: off}"},
        ["--select", "cell-blank"],
        {"a.txt": BLANKS, "town/b.txt": BLANKS},
    ),
    (
        "the command line adds to what is ignored",
        {".nianbao.yaml": "levels: {cells: warning}"},
        ["--ignore", "cells"],
        {"a.txt": [], "town/b.txt": []},
    ),
    (
        "one file for all",
        {"town/.nianbao.yaml": "ignore: [all]", "other.yaml": "levels: {cells: warning}"},
        ["--config", "other.yaml"],
        {"a.txt": SOFTER, "town/b.txt": SOFTER},
    ),
    (
        "a fixed edition and year",
        {".nianbao.yaml": "select: [template-version]\ntemplate: '2019'\nyear: 2023"},
        ["a.txt"],
        {"a.txt": ["error template-version", "error template-version"]},
    ),
    (
        "a fixed edition by the command line",
        {".nianbao.yaml": "select: [template-version]\ntemplate: '2019'"},
        ["a.txt", "--template", "auto", "--year", "2022"],
        {"a.txt": []},
    ),
]


@pytest.mark.parametrize(
    ("files", "arguments", "expected"), [case[1:] for case in SETTINGS], ids=[c[0] for c in SETTINGS]
)
def test_each_file_is_checked_by_the_settings_nearest_to_it(
    files: dict[str, str],
    arguments: list[str],
    expected: dict[str, list[str]],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, text in files.items():
        write(folder, name, text)
    assert found(capsys, *arguments) == expected


def test_each_file_fails_by_the_level_nearest_to_it(folder: Path) -> None:
    for name in ("a.txt", "town/b.txt"):
        write(folder, name, FRACTION.read_text("utf-8"))
    write(folder, "town/.nianbao.yaml", "fail-on: warning\n")
    assert [main(["check", path]) for path in ("a.txt", "town/b.txt")] == [0, 1]
    assert main(["check", "town/b.txt", "--fail-on", "error"]) == 0


def test_an_installed_package_brings_rules_and_settings(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(folder / "site"))
    write(folder, "site/pack_one/rules/cell-blank.yaml", "level: info\n")
    write(folder, "site/pack_two/nianbao.yaml", "levels: {cells: warning}\n")
    write(folder, ".nianbao.yaml", "extends: package:pack_one\n")
    assert found(capsys, "a.txt") == {"a.txt": ["info cell-blank", "info cell-blank"]}
    write(folder, ".nianbao.yaml", "extends: package:pack_two\n")
    assert found(capsys, "a.txt") == {"a.txt": SOFTER}


MISTAKES: list[tuple[str, str, list[str]]] = [
    (
        "keys and values",
        "fail-om: warning\nlang: fr\nlevels: {cell-blank: of}\nyear: next\nper-file: [{file: a}]\nselect: cells\n",
        [
            "1:1: unknown option 'fail-om'; did you mean 'fail-on'?",
            "2:7: unknown value 'fr'; known: en, zh",
            "3:22: unknown value 'of'; did you mean 'off'?",
            "4:7: a whole number is wanted here",
            "5:13: unknown option 'file'; did you mean 'files'?",
            "5:12: 'files' is missing",
            "6:9: a list is wanted here",
        ],
    ),
    (
        "rules, topics and editions",
        "select: [cell-blanc]\nlevels: {total: info}\nper-file:\n- {files: a, ignore: [sectons]}\ntemplate: 2012\n",
        [
            "1:10: unknown rule 'cell-blanc'; did you mean 'cell-blank'?",
            "2:10: unknown rule 'total'; did you mean 'totals'?",
            "4:23: unknown rule 'sectons'; did you mean 'sections'?",
            "5:11: unknown template '2012'; did you mean '2021'?",
        ],
    ),
    ("a folder that is not there", "rules: [our]\n", ["1:9: no rules folder our"]),
    (
        "a version to come",
        "required-version: '>=99'\n",
        [f"1:19: nianbao-lint >=99 is required here, this is {__version__}"],
    ),
    ("no version", "required-version: new\n", ["1:19: not a requirement: new (write >=0.1,<1)"]),
    ("itself", "extends: .nianbao.yaml\n", ["1:10: .nianbao.yaml extends itself in a circle"]),
    (
        "a package that is not there",
        "extends: package:no_such_pack\n",
        ["1:10: no rule pack 'no_such_pack' is installed; install it where nianbao runs"],
    ),
]


@pytest.mark.parametrize(("text", "said"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_every_mistake_is_named_with_its_place_and_the_nearest_right_name(
    text: str, said: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, ".nianbao.yaml", text)
    assert main(["check", "--lang", "en"]) == 2
    lines = capsys.readouterr().err.removeprefix("error: ").splitlines()
    assert lines == [f".nianbao.yaml:{line}" for line in said]


def test_a_mistake_below_is_said_before_anything_is_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "town/.nianbao.yaml", "ignore: [cell-blanc]\n")
    assert main(["check", "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == (
        "",
        f"error: {Path('town/.nianbao.yaml')}:1:10: unknown rule 'cell-blanc'; did you mean 'cell-blank'?\n",
    )


TOML = """\
[project]
name = "levels"   # not ours

# levels = {cell-blank = "of"}
[tool.nianbao]
lang = "fr"
select = ["cells", 3]
preview = "yes"
[tool.nianbao.levels]
cell-blank = "of"
[[tool.nianbao.per-file]]
files = "a"
[[tool.nianbao.per-file]]
files = "b"
ignores = []
"""


def test_mistakes_in_pyproject_have_their_places(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "pyproject.toml", TOML)
    assert main(["check", "--lang", "en"]) == 2
    assert capsys.readouterr().err.removeprefix("error: ").splitlines() == [
        "pyproject.toml:6:8: unknown value 'fr'; known: en, zh",
        "pyproject.toml:8:11: true or false is wanted here",
        "pyproject.toml:10:14: unknown value 'of'; did you mean 'off'?",
        "pyproject.toml:15:1: unknown option 'ignores'; did you mean 'ignore'?",
    ]
    write(folder, "pyproject.toml", "[tool.nianbao]\nlang = zh\n")
    assert main(["check", "--lang", "en"]) == 2
    assert capsys.readouterr().err == "error: pyproject.toml:2:8: not valid TOML: Invalid value\n"


def test_the_settings_in_force_are_shown_with_their_origin(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "common.yaml", "fail-on: warning\nignore:\n  - totals\n")
    write(
        folder,
        ".nianbao.yaml",
        "extends: common.yaml\nyear: 2023\nlevels: {cells: info}\nper-file: [{files: b.txt, ignore: [claims]}]\n",
    )
    assert main(["config", "town/b.txt", "--ignore", "years", "--preview", "--lang", "en"]) == 0
    shown = [tuple(part.strip() for part in line.split("  # ")) for line in capsys.readouterr().out.splitlines()]
    assert [line for line in shown if line[-1] != "default"] == [
        ("extends: common.yaml", ".nianbao.yaml:1"),
        ("lang: en", "command line"),
        ("fail-on: warning", "common.yaml:1"),
        ("year: 2023", ".nianbao.yaml:2"),
        ("ignore:",),
        ("- totals", "common.yaml:3"),
        ("- years", "command line"),
        ("levels:",),
        ("cells: info", ".nianbao.yaml:3"),
        ("per-file:",),
        ("- {files: b.txt, ignore: [claims]}", ".nianbao.yaml:4"),
        ("preview: true", "command line"),
        shown[-1],
    ]
    assert shown[-1][0].startswith("# ")
    assert "without claim-contradiction, claim-partition" in shown[-1][0]
    assert main(["config", "a.txt"]) == 0
    assert ".nianbao.yaml:4（不涉及这个文件）" in capsys.readouterr().out


def test_what_is_shown_can_be_read_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, ".nianbao.yaml", "template: '2021'\nexclude: ['*.bak']\nlevels: {cells: off}\nlang: en\n")
    before = load_settings(".nianbao.yaml").config
    assert main(["config", "a.txt"]) == 0
    write(folder, ".nianbao.yaml", capsys.readouterr().out)
    assert load_settings(".nianbao.yaml").config == before


@pytest.mark.parametrize(
    ("requirement", "version", "met"),
    [
        (">=0.1", "0.1.0", True),
        ("0.1", "0.1.0", True),
        (">0.1", "0.1.0", False),
        (">=0.1,<1", "0.10.2", True),
        (">=0.1,<1", "1.0", False),
        ("==0.2", "0.20", False),
    ],
)
def test_versions_are_compared_number_by_number(requirement: str, version: str, met: bool) -> None:
    assert meets(version, requirement) is met


def test_nothing_of_this_is_loaded_where_nothing_is_configured(folder: Path) -> None:
    code = (
        "import sys; from linter.cli import main; main(['check', 'a.txt']); main(['check', 'a.txt'])\n"
        "print(sorted({'linter.settings', 'linter.tomlfile', 'tomllib', 'pathspec', 'yaml'} & set(sys.modules)))"
    )
    main(["check", "a.txt"])  # fills the cache of rules
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == "[]"
