"""Where identities fail, the smallest sets of cells that account for it are named: all of them, and no other."""

import json
import random
from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations, product

import pytest
from conftest import FIXTURES
from layouts import figures_for, render

from linter.blame import MOST_SETS, Blame, Blanks, Linear, blame
from linter.checks.total import TotalCheck
from linter.diagnostic import Change
from linter.engine import Source, Task, check
from linter.formatters import Context, json_v1, text
from linter.ruleset import Ruleset

Steps = Mapping[str, Decimal | int]

EDITIONS = ["2019", "2021"]
ALL_TOTALS = ["requests-applicant-sum", "requests-balance", "requests-outcome-sum", "review-sum"]


def template_of(ruleset: Ruleset, edition: str):
    return next(template for template in ruleset.templates if template.edition == edition)


def identities(ruleset: Ruleset, edition: str, table: str) -> list[Linear]:
    """The equations of all total rules on a table."""
    form = template_of(ruleset, edition).table(table)
    checks = [rule.check for rule in ruleset.rules if isinstance(rule.check, TotalCheck)]
    return [
        Linear(one.coefficients(instance))
        for one in checks
        if one.table == table and one.holds.relation == "=="
        for instance in one.instances(form)
    ]


def right(ruleset: Ruleset, edition: str, table: str) -> dict[str, Decimal | None]:
    """Figures with which every identity of the table holds."""
    figures = figures_for(template_of(ruleset, edition))
    return {address: Decimal(value) for address, value in figures.items() if address.startswith(f"{table}.")}


def changed(figures: Mapping[str, Decimal | None], steps: Steps) -> dict[str, Decimal | None]:
    """Figures of requests with some cells, named without the table, raised by a number."""
    result = dict(figures)
    for cell, step in steps.items():
        result[f"requests.{cell}"] = (result[f"requests.{cell}"] or Decimal(0)) + step
    return result


def said(found: Blame | None) -> list[set[frozenset[tuple[str, Decimal | int]]]]:
    """For each fault the sets of (cell without the table, step)."""
    return [
        {frozenset((c.address.partition(".")[2], c.expected - c.printed) for c in one) for one in fault.sets}
        for fault in (found.faults if found else ())
    ]


@pytest.mark.parametrize("edition", EDITIONS)
def test_one_misprint_anywhere_is_named_with_its_value_and_nothing_else(edition: str, ruleset: Ruleset) -> None:
    figures, equations = right(ruleset, edition, "requests"), identities(ruleset, edition, "requests")
    for address, value in figures.items():
        found = blame({**figures, address: value + 1}, equations)
        assert [(fault.known, fault.sets) for fault in found.faults] == [
            (1, ((Change(address=address, printed=value + 1, expected=value),),))
        ]


CASES: dict[str, tuple[Steps, list[set[frozenset[tuple[str, Decimal | int]]]]]] = {
    "nothing fails": ({}, []),
    "two misprints apart are two faults": (
        {"granted.business": 2, "denied.law.research": 3},
        [{frozenset({("granted.business", -2)})}, {frozenset({("denied.law.research", -3)})}],
    ),
    "five misprints apart are five faults": (
        {
            "received.total": 7,
            "granted.natural_person": 1,
            "partial.business": 2,
            "denied.law.research": 3,
            "refused.petition.social": 4,
        },
        [
            {frozenset({("received.total", -7)})},
            {frozenset({("granted.natural_person", -1)})},
            {frozenset({("partial.business", -2)})},
            {frozenset({("denied.law.research", -3)})},
            {frozenset({("refused.petition.social", -4)})},
        ],
    ),
    "two misprints by one number might as well be the two other corners": (
        {"granted.business": 2, "denied.law.research": 2},
        [
            {
                frozenset({("granted.business", -2), ("denied.law.research", -2)}),
                frozenset({("granted.research", -2), ("denied.law.business", -2)}),
            }
        ],
    ),
    "two misprints in one column are one fault": (
        {"granted.business": 2, "partial.business": 3},
        [{frozenset({("granted.business", -2), ("partial.business", -3)})}],
    ),
    "a misprinted total that was carried on": (
        {"handled.total": 5, "carried_out.total": -5},
        [{frozenset({("handled.total", -5), ("carried_out.total", 5)})}],
    ),
    "three misprints by one number are no two": (
        {"granted.business": 2, "denied.law.research": 2, "partial.natural_person": 2},
        [],
    ),
    "a fault that nothing explains does not hide one that is plain": (
        {
            "granted.business": 2,
            "denied.law.research": 2,
            "partial.natural_person": 2,
            "carried_out.social": 1,
        },
        [{frozenset({("carried_out.social", -1)})}],
    ),
    "a fraction": ({"granted.business": Decimal("0.5")}, [{frozenset({("granted.business", Decimal("-0.5"))})}]),
    "a figure beyond all counts": ({"granted.business": 10**12}, []),
}


@pytest.mark.parametrize(("steps", "wanted"), CASES.values(), ids=CASES)
def test_the_smallest_sets_are_named_fault_by_fault(steps: Steps, wanted: list[object], ruleset: Ruleset) -> None:
    figures = changed(right(ruleset, "2021", "requests"), steps)
    found = said(blame(figures, identities(ruleset, "2021", "requests")))
    assert len(found) == len(wanted)
    assert all(fault in found for fault in wanted)


OUTSIDE = {"received", "carried_in", "handled", "carried_out"}


@pytest.mark.parametrize("step", [-7, 7])
def test_a_result_in_two_columns_is_any_row_that_stays_a_count(step: int, ruleset: Ruleset) -> None:
    figures, equations = right(ruleset, "2021", "requests"), identities(ruleset, "2021", "requests")
    wrong = changed(
        figures, {f"{row}.{column}": step for row in ("handled", "received") for column in ("other", "total")}
    )
    rows = {address.split(".", 1)[1].rpartition(".")[0] for address in figures} - OUTSIDE
    assert said(blame(wrong, equations)) == [
        {
            frozenset({(f"{row}.other", step), (f"{row}.total", step)})
            for row in rows
            if figures[f"requests.{row}.other"] + step >= 0
        }
    ]


def test_more_sets_than_are_kept_are_counted() -> None:
    parts = {f"t.{number}.x": Decimal(5) for number in range(MOST_SETS)}
    figures = {**parts, "t.total.x": Decimal(5 * MOST_SETS - 1)}
    (fault,) = blame(figures, [Linear({**dict.fromkeys(parts, 1), "t.total.x": -1})]).faults
    assert (len(fault.sets), fault.known) == (MOST_SETS, MOST_SETS + 1)


def grid(values: list[int]) -> tuple[dict[str, Decimal | None], list[Linear]]:
    """A table of two rows and columns with totals, in which `values` stand, and its six identities."""
    figures: dict[str, Decimal | None] = {
        f"t.{row}.{column}": Decimal(values[3 * r + c]) for r, row in enumerate("abt") for c, column in enumerate("xyt")
    }
    across = [Linear({f"t.{row}.x": 1, f"t.{row}.y": 1, f"t.{row}.t": -1}) for row in "abt"]
    down = [Linear({f"t.a.{column}": 1, f"t.b.{column}": 1, f"t.t.{column}": -1}) for column in "xyt"]
    return figures, [*across, *down]


def tried(figures: Mapping[str, Decimal | None], equations: list[Linear]) -> set[frozenset[tuple[str, Decimal]]]:
    """The smallest sets of one or two cells, by trying every number in them."""
    for size in (1, 2):
        found = {
            frozenset(zip(cells, numbers, strict=True))
            for cells in combinations(figures, size)
            for numbers in product(map(Decimal, range(12)), repeat=size)
            if not any(
                equation.residual({**figures, **dict(zip(cells, numbers, strict=True))}) for equation in equations
            )
        }
        if found:
            return found
    return set()


@pytest.mark.parametrize("seed", range(25))
def test_trying_every_number_in_one_or_two_cells_finds_the_same(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    a, b, c, d = (chance.randrange(3) for _ in range(4))
    values = [a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d]
    for place in chance.sample(range(9), chance.randrange(1, 4)):
        values[place] = chance.randrange(5)
    figures, equations = grid(values)
    found = blame(figures, equations)
    explained = {number for fault in (found.faults if found else ()) for number in fault.equations}
    failing = {number for number, equation in enumerate(equations) if equation.residual(figures)}
    named = {
        frozenset((change.address, change.expected) for one in choice for change in one)
        for choice in product(*(fault.sets for fault in (found.faults if found else ())))
        if failing == explained
    }
    assert {one for one in named if 0 < len(one) <= 2} == (tried(figures, equations) if failing else set())


def blanked(figures: Mapping[str, Decimal | None], *cells: str) -> dict[str, Decimal | None]:
    return {address: None if address.removeprefix("requests.") in cells else v for address, v in figures.items()}


def test_blanks_get_the_numbers_that_follow(ruleset: Ruleset) -> None:
    figures, equations = right(ruleset, "2021", "requests"), identities(ruleset, "2021", "requests")
    cells = [address for address, value in figures.items() if not value or address.endswith(".research")]
    assert blame({**figures, **dict.fromkeys(cells)}, equations) == Blame(
        faults=(),
        blanks=Blanks(changes=tuple(Change(a, None, figures[a]) for a in cells), certain=True),
    )


def test_blanks_that_need_not_be_0_are_no_certain_0() -> None:
    cells = ["t.a.x", "t.a.t"]
    blanks = Blanks(changes=tuple(Change(cell, None, Decimal(0)) for cell in cells), certain=False)
    equations = [Linear({"t.a.x": 1, "t.a.y": 1, "t.a.t": -1})]
    assert blame({"t.a.x": None, "t.a.y": Decimal(0), "t.a.t": None}, equations) == Blame(faults=(), blanks=blanks)


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param({"t.a.x": None, "t.a.y": None, "t.a.t": None}, id="an empty form"),
        pytest.param({"t.a.x": None, "t.a.y": None, "t.a.t": Decimal(3)}, id="3 shared by two blanks"),
        pytest.param({"t.a.x": Decimal(4), "t.a.y": None, "t.a.t": Decimal(3)}, id="a blank that would be negative"),
    ],
)
def test_blanks_that_no_number_follows_for_are_left_alone(figures: Mapping[str, Decimal | None]) -> None:
    assert blame(figures, [Linear({"t.a.x": 1, "t.a.y": 1, "t.a.t": -1})]) is None


def outputs(ruleset: Ruleset, content: bytes, *rules: str, lang: str = "zh") -> tuple[dict[str, object], str]:
    """(the file in JSON, the text) that the rules say of a report."""
    source = Source(path="report.txt", load=lambda: content)
    results = list(check([source], Task(ruleset.chosen(rules, []), ruleset, lang)))
    (file,) = json.loads("".join(json_v1.render(results, Context(lang))))["files"]
    return file, "".join(text.render(results, Context(lang)))


def test_each_diagnostic_of_a_fault_has_the_whole_hint(ruleset: Ruleset) -> None:
    content = (FIXTURES / "rules" / "requests-outcome-sum" / "bad-two-columns.txt").read_bytes()
    file, _ = outputs(ruleset, content, *ALL_TOTALS)
    granted = [
        {"address": "requests.granted.natural_person", "printed": 9, "expected": 3},
        {"address": "requests.granted.total", "printed": 10, "expected": 4},
    ]
    not_held = [
        {"address": "requests.unavailable.not_held.natural_person", "printed": 8, "expected": 2},
        {"address": "requests.unavailable.not_held.total", "printed": 8, "expected": 2},
    ]
    assert [(one["address"], one["hint"]["certain"], one["hint"]["sets"]) for one in file["diagnostics"]] == [
        ("requests.handled.natural_person", False, [granted, not_held]),
        ("requests.handled.total", False, [granted, not_held]),
    ]


def report(ruleset: Ruleset, **cells: str) -> bytes:
    """A report of 2023 with some cells of requests replaced; `__` stands for the dot of an address."""
    template = template_of(ruleset, "2021")
    figures = figures_for(template) | {f"requests.{cell.replace('__', '.')}": value for cell, value in cells.items()}
    return render(template, 2023, figures, "tab-rows").encode()


def test_identities_of_rules_that_are_not_selected_count(ruleset: Ruleset) -> None:
    file, _ = outputs(ruleset, report(ruleset, handled__business="99"), "requests-balance")
    (diagnostic,) = file["diagnostics"]
    assert diagnostic["hint"]["sets"] == [[{"address": "requests.handled.business", "printed": 99, "expected": 101}]]


def test_the_text_says_a_hint_once_and_then_where_it_was(ruleset: Ruleset) -> None:
    _, shown = outputs(ruleset, report(ruleset, handled__business="99"), *ALL_TOTALS)
    assert [line for line in shown.splitlines() if line.startswith("  提示：")] == [
        "  提示：很可能错在这一格：“（七）总计”商业企业 99→101，改后有关等式就都成立",
        "  提示：与上面第 65 行是同一个问题",
        "  提示：与上面第 65 行是同一个问题",
    ]


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        pytest.param(
            {"granted__research": "", "handled__business": ""},
            "要使表三的等式全部成立，没有填数的格应为：“（一）予以公开”科研机构 6；“（七）总计”商业企业 101",
            id="numbers",
        ),
        pytest.param(
            {"granted__social": ""},
            "没有填数的格按 0 计，表三的等式就全部成立",
            id="zeros",
        ),
    ],
)
def test_what_blanks_must_be_is_a_hint_of_what_they_leave_unchecked(
    cells: Mapping[str, str], wanted: str, ruleset: Ruleset
) -> None:
    file, shown = outputs(ruleset, report(ruleset, **cells), *ALL_TOTALS)
    assert {item["hint"]["text"] for item in file["unchecked"]} == {wanted}
    assert shown.count(wanted) == 1
    assert file["diagnostics"] == []


def test_a_long_list_of_alternatives_is_cut_short_in_the_text(ruleset: Ruleset) -> None:
    numbers = {"handled": ("109", "633"), "received": ("110", "639")}
    cells = {f"{row}__{c}": n for row, pair in numbers.items() for c, n in zip(("other", "total"), pair, strict=True)}
    file, shown = outputs(ruleset, report(ruleset, **cells), *ALL_TOTALS)
    assert {len(one["hint"]["sets"]) for one in file["diagnostics"]} == {21}
    assert "其他、总计两列，各项之和都比“（七）总计”少 6。下列 21 种改法（各改两格）" in shown
    assert "\n    …另有 11 种\n" in shown


def test_hints_are_said_in_english_too(ruleset: Ruleset) -> None:
    two_columns = (FIXTURES / "rules" / "requests-outcome-sum" / "bad-two-columns.txt").read_bytes()
    contents = [two_columns, report(ruleset, handled__business="99"), report(ruleset, handled__business="")]
    shown = "".join(outputs(ruleset, content, *ALL_TOTALS, lang="en")[1] for content in contents)
    hints = [line for line in shown.splitlines() if line.startswith(("  hint: ", "    “"))]
    assert hints == [
        (
            "  hint: in 自然人, 总计, the parts exceed “（七）总计” by 6: "
            "any of these 2 changes of two cells is enough; which is right cannot be told:"
        ),
        "    “（一）予以公开” 自然人 9→3, 总计 10→4",
        "    “1.本机关不掌握相关政府信息” 自然人 8→2, 总计 8→2",
        "  hint: the same fault as at line 33 above",
        "  hint: most likely wrong: “（七）总计” 商业企业 99→101; with that, the identities concerned hold",
        "  hint: the same fault as at line 65 above",
        "  hint: the same fault as at line 65 above",
        "  hint: for all identities of 表三 to hold, the blanks must be: “（七）总计” 商业企业 101",
    ]
