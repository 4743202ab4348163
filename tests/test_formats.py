"""One report in every file format: equal figures, equal findings, each shown where it stands; and hostile files."""

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx as python_docx
import pytest
from conftest import FIXTURES
from formats import FORMATS, YEARS, html, markdown, members, packed, word_filler, word_html
from layouts import LAYOUTS, Figures, figures_for
from reportlab.pdfgen.canvas import Canvas
from test_mutation import expected

from linter.cli import main
from linter.commands import view
from linter.diagnostic import FileResult
from linter.document import Position
from linter.engine import check, check_report, file_source, read_report
from linter.readers import read
from linter.report import Report, align
from linter.ruleset import Ruleset
from linter.template import Template

FILES = [(edition, name) for edition in YEARS for name in FORMATS]
BLANKS_SHOW = [(edition, name) for edition, name in FILES if name != "bare-cells.txt"]
CLEAN, PASTED = FIXTURES / "formats/report-2021.html", FIXTURES / "formats/report-2021.word.html"


def fixture(edition: str, name: str) -> Path:
    return FIXTURES / "formats" / f"report-{edition}.{name}"


def template_of(edition: str, ruleset: Ruleset) -> Template:
    return next(template for template in ruleset.templates if template.edition == edition)


def checked(path: Path, ruleset: Ruleset) -> FileResult:
    (result,) = check([file_source(str(path))], ruleset, ruleset, "zh")
    return result


def report_in(path: Path, ruleset: Ruleset) -> Report:
    return read_report(file_source(str(path)), ruleset)


# The contract


def test_every_format_has_its_fixtures() -> None:
    assert sorted((FIXTURES / "formats").iterdir()) == sorted(fixture(*file) for file in FILES)


@pytest.mark.parametrize(("edition", "name"), FILES)
def test_figures_and_facts_are_equal_in_every_format(edition: str, name: str, ruleset: Ruleset) -> None:
    path = fixture(edition, name)
    report, result = report_in(path, ruleset), checked(path, ruleset)
    figures = figures_for(template_of(edition, ruleset))
    assert {address: figure.text for address, figure in report.figures.items()} == figures
    assert {address: figure.value for address, figure in report.figures.items()} == {a: int(figures[a]) for a in figures}
    assert (result.title, result.agency, result.year) == (
        f"青川县水务局{YEARS[edition]}年政府信息公开工作年度报告",
        "青川县水务局",
        YEARS[edition],
    )
    assert result.editions == {"disclosure": edition, "requests": edition, "review": None}
    assert (result.diagnostics, result.unchecked) == ((), ())


WRONG = "requests.granted.business"
BLANKS = {"2019": "disclosure.licensing.change", "2021": "disclosure.normative_documents.repealed"}


def damaged(edition: str, name: str, ruleset: Ruleset) -> Figures:
    """Figures with one that is wrong and one that is blank, where the format can show a blank."""
    figures = figures_for(template_of(edition, ruleset)) | {WRONG: "77"}
    return figures | {BLANKS[edition]: ""} if (edition, name) in BLANKS_SHOW else figures


def shown(lines: list[str], at: Position) -> str:
    """What the text view shows at a place, without the markup inside a number of a web page."""
    inside = lines[at.line - 1 : at.end_line]
    inside[-1] = inside[-1][: at.end_column - 1]
    inside[0] = inside[0][at.column - 1 :]
    return re.sub(r"<[^>]*>|&nbsp;", "", "\n".join(inside)).strip(" \t|")


@pytest.mark.parametrize(("edition", "name"), FILES)
def test_each_finding_shows_its_text_where_it_stands(
    edition: str, name: str, ruleset: Ruleset, tmp_path: Path
) -> None:
    figures = damaged(edition, name, ruleset)
    path = tmp_path / f"report.{name}"
    path.write_bytes(FORMATS[name](template_of(edition, ruleset), YEARS[edition], figures))
    result = checked(path, ruleset)
    blank = {("cell-blank", BLANKS[edition])} if (edition, name) in BLANKS_SHOW else set()
    assert {(d.rule, d.address) for d in result.diagnostics} == blank | {
        ("requests-applicant-sum", "requests.granted.total"),
        ("requests-outcome-sum", "requests.handled.business"),
    }
    lines = [line.partition("  ")[2] for line in view(str(path))]
    lines = [line.removesuffix("\n") for line in lines]
    for diagnostic in result.diagnostics:
        assert shown(lines, diagnostic.at) == figures[diagnostic.address], diagnostic
        assert re.match(r"表[二三] 第\d+行 .", diagnostic.at.where), diagnostic
        assert (diagnostic.at.page is not None) == path.name.endswith(".pdf"), diagnostic


@pytest.mark.parametrize(("edition", "name"), FILES)
def test_figures_stand_in_reading_order(edition: str, name: str, ruleset: Ruleset, tmp_path: Path) -> None:
    """A blank one too: it stands between its neighbours."""
    path = tmp_path / f"report.{name}"
    path.write_bytes(FORMATS[name](template_of(edition, ruleset), YEARS[edition], damaged(edition, name, ruleset)))
    places = [figure.at for figure in report_in(path, ruleset).figures.values()]
    starts = [(at.page or 0, at.line, at.column) for at in places]
    ends = [(at.page or 0, at.end_line, at.end_column) for at in places]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert starts == sorted(set(starts))


@pytest.mark.parametrize("name", ["pdf", "row-cut.pdf"])
def test_a_table_over_two_pages_has_the_page_of_each_figure(name: str, ruleset: Ruleset) -> None:
    figures = report_in(fixture("2021", name), ruleset).figures
    rows = ["received", "granted", "refused.confirmation", "other.other", "handled", "carried_out"]
    assert [figures[f"requests.{row}.total"].at.page for row in rows] == [2, 2, 2, 3, 3, 3]
    assert figures["disclosure.rules.issued"].at.page == 1


def test_what_word_pastes_into_a_page_changes_no_figure(ruleset: Ruleset) -> None:
    assert 12_000 < CLEAN.stat().st_size < 16_000
    assert PASTED.stat().st_size > 290_000
    clean, pasted = report_in(CLEAN, ruleset), report_in(PASTED, ruleset)
    assert {a: (f.text, f.value) for a, f in pasted.figures.items()} == {
        a: (f.text, f.value) for a, f in clean.figures.items()
    }


# Every cell changed, every cell blanked


Render = Callable[[Figures], bytes]


def renderer(name: str, template: Template, year: int) -> Render:
    if name == "docx":
        return word_filler(template, year)
    return lambda figures: FORMATS[name](template, year, figures)


def addresses(template: Template, name: str) -> Iterator[str]:
    """Each cell; of the slow formats each third of the long tables.

    Three divides neither 7 nor 5 columns: so every row and every column is among them.
    """
    for form in template.tables:
        step = 1 if name in {"md", "html"} or form.key == "disclosure" else 3
        yield from list(form.addresses())[::step]


def found(data: bytes, name: str, ruleset: Ruleset) -> set[tuple[str, str | None]]:
    report = align(read(data, f"report.{name}"), ruleset.templates)
    result = check_report(report, "report", ruleset, "zh")
    assert not any(item.rule != "requests" and item.rule == "unreadable-file" for item in result.diagnostics)
    return {(diagnostic.rule, diagnostic.address) for diagnostic in result.diagnostics}


@pytest.mark.parametrize("name", ["md", "html", "word.html", "docx"])
@pytest.mark.parametrize("edition", YEARS)
def test_every_changed_figure_is_caught_at_its_place(edition: str, name: str, ruleset: Ruleset) -> None:
    template = template_of(edition, ruleset)
    figures, render = figures_for(template), renderer(name, template, YEARS[edition])
    for address in addresses(template, name):
        if not address.startswith("disclosure."):  # which no identity holds
            changed = figures | {address: str(int(figures[address]) + 1)}
            assert found(render(changed), name, ruleset) == expected(address), address


@pytest.mark.parametrize("name", ["md", "html", "word.html", "docx"])
@pytest.mark.parametrize("edition", YEARS)
def test_every_blanked_figure_is_one_blank_cell(edition: str, name: str, ruleset: Ruleset) -> None:
    template = template_of(edition, ruleset)
    figures, render = figures_for(template), renderer(name, template, YEARS[edition])
    for address in addresses(template, name):
        assert found(render(figures | {address: ""}), name, ruleset) == {("cell-blank", address)}, address
