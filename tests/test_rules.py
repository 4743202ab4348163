"""Every rule fires on each of its bad fixtures, as the golden beside it says, and stays silent on each good one.

Rules and fixtures are discovered: a new rule is one YAML file and one folder of fixtures, `fixtures/rules/<id>/`:
`bad*` fires, with its output in `bad*.out`; `ok*` stays silent; `alike*` looks wrong, is right, and stays silent.
"""

from pathlib import Path

import pytest
from conftest import FIXTURES

from linter.engine import Source, Task, check
from linter.formatters import Context
from linter.formatters.text import render
from linter.ruleset import Ruleset, load_rules

RULES = [rule.id for rule in load_rules().rules]
FOLDER = FIXTURES / "rules"


def cases(pattern: str) -> list[Path]:
    """The fixtures of all rules that match, without goldens."""
    return sorted(path for path in FOLDER.glob(pattern) if path.suffix != ".out")


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def output(path: Path, ruleset: Ruleset) -> str:
    """What the fixture's rule alone says of it; a path in it is the file's name."""
    rule = ruleset.chosen([path.parent.name], [])
    source = Source(path=path.name, load=path.read_bytes)
    return "".join(render(check([source], Task(rule, ruleset, "zh")), Context("zh")))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_fixtures_that_fire_that_are_right_and_that_only_look_wrong(rule: str) -> None:
    found = {path.name.split(".")[0].rstrip("0123456789-") for path in (FOLDER / rule).glob("*")}
    assert {"bad", "ok", "alike"} <= found


def test_every_fixture_folder_belongs_to_a_rule() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(RULES)


@pytest.mark.parametrize("path", cases("*/bad*"), ids=name)
def test_a_bad_fixture_fires(path: Path, ruleset: Ruleset, golden) -> None:
    text = output(path, ruleset)
    assert f"[{path.parent.name}]" in text
    golden(path.with_suffix(".out"), text)


@pytest.mark.parametrize("path", [*cases("*/ok*"), *cases("*/alike*")], ids=name)
def test_a_good_fixture_stays_silent(path: Path, ruleset: Ruleset) -> None:
    rule = ruleset.chosen([path.parent.name], [])
    (result,) = check([Source(path=path.name, load=path.read_bytes)], Task(rule, ruleset, "zh"))
    assert [diagnostic.message for diagnostic in result.diagnostics] == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_speaks_both_languages_and_names_its_basis(rule: str, ruleset: Ruleset) -> None:
    found = ruleset.rule(rule)
    assert found.help is not None
    for phrase in (found.title, found.message, found.help):
        assert phrase.zh
        assert phrase.en
        assert phrase.zh != phrase.en
    assert found.basis
