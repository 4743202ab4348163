"""Whole reports with everything that the default rules say of them, as goldens."""

from pathlib import Path

import pytest
from conftest import FIXTURES

from linter.engine import Source, Task, check
from linter.formatters import Context
from linter.formatters.text import render
from linter.readers import READERS
from linter.ruleset import Ruleset

REPORTS = sorted(path for path in (FIXTURES / "reports").iterdir() if path.suffix in READERS)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_a_report_is_judged_as_its_golden_says(path: Path, ruleset: Ruleset, golden) -> None:
    chosen = ruleset.chosen([], [])
    results = check([Source(path=path.name, load=path.read_bytes)], Task(chosen, ruleset, "zh"))
    golden(path.with_name(f"{path.name}.out"), "".join(render(results, Context("zh"))))
