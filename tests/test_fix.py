"""`check --fix`: only what is certain, only at its place, no figure but blanks by request, and once is enough."""

import difflib
from pathlib import Path

import pytest
from conftest import FIXTURES

from linter.encoding import written_in
from linter.engine import Source, check
from linter.errors import ReadError
from linter.fixing import Fixed, fix
from linter.readers import READERS, read
from linter.report import align
from linter.ruleset import Ruleset

EVERY = sorted(
    path for folder in ("rules/*", "reports") for path in FIXTURES.glob(f"{folder}/*") if path.suffix in READERS
)


def fixed(data: bytes, name: str, ruleset: Ruleset, *, unsafe: bool = False) -> Fixed:
    return fix(Source(name, lambda: data), ruleset, ruleset, unsafe=unsafe)


def values(data: bytes, name: str, ruleset: Ruleset) -> dict[str, object]:
    figures = align(read(data, name), ruleset.templates).figures
    return {address: figure.value for address, figure in figures.items()}


def findings(data: bytes, name: str, ruleset: Ruleset) -> list[tuple[str, int]]:
    (result,) = check([Source(name, lambda: data)], ruleset, ruleset, "zh")
    return sorted((diagnostic.rule, diagnostic.at.line) for diagnostic in result.diagnostics)


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_fixture_keeps_its_figures_and_gains_no_finding(path: Path, unsafe: bool, ruleset: Ruleset) -> None:
    data = path.read_bytes()
    try:
        once = fixed(data, path.name, ruleset, unsafe=unsafe)
    except ReadError:
        return
    twice = fixed(once.data, path.name, ruleset, unsafe=unsafe)
    assert (twice.data, dict(twice.applied)) == (once.data, {})
    before, after = values(data, path.name, ruleset), values(once.data, path.name, ruleset)
    changed = {address: (before[address], value) for address, value in after.items() if before[address] != value}
    assert before.keys() == after.keys()
    assert set(changed.values()) <= ({(None, 0)} if unsafe else set())
    known = findings(data, path.name, ruleset)
    assert [found for found in findings(once.data, path.name, ruleset) if found not in known] == []
    assert (once.data == data) == (not once.applied)
