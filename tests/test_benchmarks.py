"""The inputs of the benchmarks are what they claim, and the command prints its table. No test asserts a time."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT
from formats import members
from inputs import PAGE_BYTES, TEXT_BYTES, YEARS, Inputs, Report
from layouts import LAYOUTS
from peers import missing
from reading import bare_html, bare_word
from table import END, START, Row, equal, put, ratio
from wording import MISPRINTS

from linter.engine import file_source, read_report
from linter.ruleset import Ruleset

COUNT = 140  # each layout in both templates, and all that is in one of ten reports
KINDS = {"texts": 140, "words": 28, "pages": 28, "pdfs": 7, "markdowns": 5}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return Inputs(tmp_path_factory.mktemp("inputs"), COUNT)


def made(inputs: Inputs, kind: str) -> list[Report]:
    reports: list[Report] = getattr(inputs, kind)
    return reports


@pytest.mark.parametrize(("kind", "count"), KINDS.items())
def test_so_many_files_are_made_all_different_and_the_same_again(
    inputs: Inputs, kind: str, count: int, tmp_path: Path
) -> None:
    contents = [report.path.read_bytes() for report in made(inputs, kind)]
    assert len(set(contents)) == len(contents) == count
    assert [report.path.read_bytes() for report in made(Inputs(tmp_path, COUNT), kind)] == contents


@pytest.mark.parametrize("kind", KINDS)
def test_both_templates_are_there_in_years_that_they_hold_for(inputs: Inputs, kind: str) -> None:
    reports = made(inputs, kind)
    assert {report.edition for report in reports} == set(YEARS)
    assert [report for report in reports if report.year not in YEARS[report.edition]] == []


def test_text_reports_are_in_every_layout_of_about_6_kb(inputs: Inputs) -> None:
    assert Counter(report.layout for report in inputs.texts) == dict.fromkeys(LAYOUTS, COUNT // len(LAYOUTS))
    sizes = [(report.layout, report.path.stat().st_size) for report in inputs.texts]
    assert [size for layout, size in sizes if layout != "aligned" and not 0.95 < size / TEXT_BYTES < 1.1] == []
    assert sum(size for _, size in sizes) / COUNT < 1.2 * TEXT_BYTES


def test_half_of_the_pages_are_clean_and_half_pasted(inputs: Inputs) -> None:
    sizes = [(report.layout, report.path.stat().st_size) for report in inputs.pages]
    assert Counter(layout for layout, _ in sizes) == {"clean": 14, "pasted": 14}
    assert [size for layout, size in sizes if layout == "clean" and not 0.95 < size / PAGE_BYTES < 1.1] == []
    assert [size for layout, size in sizes if layout == "pasted" and not 290_000 < size < 330_000] == []


def test_half_of_the_word_files_are_as_office_programs_write_them(inputs: Inputs) -> None:
    sizes = [(report.layout, len(members(report.path.read_bytes())["word/document.xml"])) for report in inputs.words]
    assert Counter(layout for layout, _ in sizes) == {"bare": 14, "dressed": 14}
    assert [size for layout, size in sizes if layout == "bare" and not 25_000 < size < 50_000] == []
    assert [size for layout, size in sizes if layout == "dressed" and not 250_000 < size < 350_000] == []


def test_the_bare_work_parses_the_whole_file(inputs: Inputs) -> None:
    for page in inputs.pages[:4]:
        assert "六、" in bare_html(page.path.read_bytes()).text_content()
    for file in inputs.words[:4]:
        (root,) = bare_word(file.path.read_bytes())
        assert "六、" in "".join(root.itertext())


@pytest.mark.parametrize(("kind", "step"), [("texts", 5), ("words", 7), ("pages", 7), ("pdfs", 3), ("markdowns", 2)])
def test_reports_are_read_as_the_figures_that_they_were_made_of(
    inputs: Inputs, kind: str, step: int, ruleset: Ruleset
) -> None:
    for made_of in made(inputs, kind)[::step]:
        report = read_report(file_source(str(made_of.path)), ruleset)
        assert {address: figure.text for address, figure in report.figures.items()} == made_of.figures
        assert (report.year, report.editions["requests"]) == (made_of.year, made_of.edition)


def test_one_of_ten_reports_has_a_wrong_total_and_one_misprints(inputs: Inputs) -> None:
    def total(report: Report) -> int:
        parts = (key for key in report.figures if re.fullmatch(r"requests\.received\.(?!total)\w+", key))
        return sum(int(report.figures[key]) for key in parts)

    for report in inputs.texts:
        assert int(report.figures["requests.received.total"]) == total(report) + report.wrong
        text = report.path.read_text("utf-8")
        assert sum(len(re.findall(misprint.pattern, text)) for misprint in MISPRINTS) == report.misprints
    assert Counter((report.wrong, report.misprints) for report in inputs.texts) == {
        (False, 0): 112,
        (True, 0): 14,
        (False, 2): 14,
    }


@pytest.mark.parametrize("misprint", MISPRINTS, ids=lambda misprint: misprint.id)
def test_a_misprint_stands_once_in_its_own_sentence_and_in_no_other(misprint) -> None:
    matched = {other.id: len(re.findall(misprint.pattern, other.sentence)) for other in MISPRINTS}
    assert matched == {other.id: int(other is misprint) for other in MISPRINTS}


def test_a_larger_folder_holds_the_same_reports_under_names_of_their_own(inputs: Inputs) -> None:
    copies = sorted(inputs.copies(300).rglob("*.txt"))
    assert [path.read_bytes() for path in copies] == [
        inputs.texts[number % COUNT].path.read_bytes() for number in range(300)
    ]


# The table


@pytest.mark.parametrize(
    ("row", "target", "met"),
    [
        (ratio("at its bound", 6, at_most=6), "at most 6", "yes"),
        (ratio("above its bound", 6.1, at_most=6), "at most 6", "**no**"),
        (ratio("below its bound", 0.99, below=1), "below 1", "yes"),
        (ratio("at a bound to be below", 1, below=1), "below 1", "**no**"),
        (ratio("without a target", 3), "", ""),
        (equal("all as wanted", {"a": 2, "b": 2}, 2), "2 each", "yes"),
        (equal("one not", {"a": 2, "b": 3}, 2), "2 each", "**no**"),
        (equal("equal, but not as wanted", {"a": 3, "b": 3}, 2), "2 each", "**no**"),
    ],
    ids=lambda value: value.what if isinstance(value, Row) else "",
)
def test_a_row_says_whether_its_target_is_met(row: Row, target: str, met: str) -> None:
    assert (row.target, row.met) == (target, met)


def test_the_table_goes_between_the_marks_of_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{START}\nold\n{END}\nbehind\n", encoding="utf-8")
    put(page, "new")
    assert page.read_text("utf-8") == f"before\n{START}\nnew\n{END}\nbehind\n"


def test_peers_that_are_not_installed_are_named_with_what_installs_them() -> None:
    assert missing(["textlint"]) == [
        "autocorrect: not installed (npm install -g autocorrect-node)",
        "semgrep: not installed (pip install semgrep)",
    ]


def run(*options: str, path: str = os.environ["PATH"]) -> str:
    """What the command prints with few small inputs."""
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks/run.py", "--reports", "10", "--runs", "1", *options],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"PATH": path},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_command_prints_each_row(golden) -> None:
    cells = [line.split("|")[1:3] for line in run("--no-peers").splitlines() if line.startswith("| ")]
    rows = "".join(f"{measurement.strip():<12} {figure.strip()}\n" for measurement, figure in cells)
    golden(ROOT / "tests/golden/benchmarks.txt", rows)


PEER = """#!/bin/sh
[ "$1" = --version ] && echo "AutoCorrect 9.9.9" || echo '{"messages": []}'
"""


@pytest.mark.slow
def test_a_peer_on_the_path_has_its_rows_and_its_work_is_looked_at(tmp_path: Path) -> None:
    program = tmp_path / "autocorrect"
    program.write_text(PEER)
    program.chmod(0o755)
    printed = run("--only", "texts", path=str(tmp_path))
    assert ", autocorrect 9.9.9, textlint: not installed" in printed
    rows = {line.split("|")[2].strip(): line for line in printed.splitlines() if line.startswith("| texts")}
    assert re.sub(" +", " ", rows["files that autocorrect reports: it reads them all"]).endswith(
        "| autocorrect 0 | | | 10 each | **no** |"
    )
    assert {"no cache: nianbao / autocorrect", "from the cache: nianbao / autocorrect"} <= set(rows)
