"""Each figure of requests and review, changed or blanked in every text layout, is caught where it stands."""

import pytest
from layouts import LAYOUTS, figures_for, render

from linter.engine import check_report
from linter.readers.text import read
from linter.report import align
from linter.ruleset import Ruleset
from linter.template import Template

YEARS = {"2019": 2020, "2021": 2023}
OUTCOME_ROWS = ("granted", "partial", "denied", "unavailable", "refused", "other", "handled")
BALANCE_ROWS = ("received", "carried_in", "handled", "carried_out")
BLANKS_SHOW = [layout for layout in LAYOUTS if layout != "bare-cells"]


def found(text: str, ruleset: Ruleset) -> set[tuple[str, str | None]]:
    """(rule, address) of everything that the rules find."""
    result = check_report(align(read(text.encode(), "report.txt"), ruleset.templates), "report.txt", ruleset, "zh")
    return {(diagnostic.rule, diagnostic.address) for diagnostic in result.diagnostics}


def expected(address: str) -> set[tuple[str, str | None]]:
    """What a change of that one figure must set off."""
    table, _, place = address.partition(".")
    row, _, column = place.rpartition(".")
    if table == "review":
        return {("review-sum", f"review.{row}.total")}
    rules: set[tuple[str, str | None]] = {("requests-applicant-sum", f"requests.{row}.total")}
    if row.partition(".")[0] in BALANCE_ROWS:
        rules.add(("requests-balance", f"requests.handled.{column}"))
    if row.partition(".")[0] in OUTCOME_ROWS:
        rules.add(("requests-outcome-sum", f"requests.handled.{column}"))
    return rules


def summed(template: Template) -> list[str]:
    """The addresses that some identity holds."""
    return [a for form in template.tables if form.key in {"requests", "review"} for a in form.addresses()]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edition", YEARS)
def test_a_clean_report_has_no_finding(edition: str, layout: str, ruleset: Ruleset) -> None:
    template = next(template for template in ruleset.templates if template.edition == edition)
    assert found(render(template, YEARS[edition], figures_for(template), layout), ruleset) == set()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edition", YEARS)
def test_every_changed_figure_is_caught_at_its_place(edition: str, layout: str, ruleset: Ruleset) -> None:
    template = next(template for template in ruleset.templates if template.edition == edition)
    figures = figures_for(template)
    addresses = summed(template)
    assert len(addresses) == {"2019": 176, "2021": 190}[edition]
    for address in addresses:
        changed = figures | {address: str(int(figures[address]) + 1)}
        assert found(render(template, YEARS[edition], changed, layout), ruleset) == expected(address), address


@pytest.mark.parametrize("layout", BLANKS_SHOW)
@pytest.mark.parametrize("edition", YEARS)
def test_every_blanked_figure_is_one_blank_cell(edition: str, layout: str, ruleset: Ruleset) -> None:
    template = next(template for template in ruleset.templates if template.edition == edition)
    figures = figures_for(template)
    for address in figures:
        blanked = figures | {address: ""}
        assert found(render(template, YEARS[edition], blanked, layout), ruleset) == {("cell-blank", address)}, address


@pytest.mark.parametrize("edition", YEARS)
def test_a_blank_that_a_layout_cannot_show_is_unreadable_and_never_guessed(edition: str, ruleset: Ruleset) -> None:
    template = next(template for template in ruleset.templates if template.edition == edition)
    figures = figures_for(template)
    for address in figures:
        text = render(template, YEARS[edition], figures | {address: ""}, "bare-cells")
        report = align(read(text.encode(), "report.txt"), ruleset.templates)
        assert {a: f.text for a, f in report.figures.items() if f.text} == {
            a: figures[a] for a, figure in report.figures.items() if figure.text
        }, address
