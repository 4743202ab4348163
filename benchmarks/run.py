#!/usr/bin/env python3
"""Measures the start and the throughput of `nianbao check`, as ratios taken in one run on one machine.

usage: python benchmarks/run.py [--reports N] [--runs N] [--write]
Makes its own inputs (seeded), runs each measurement several times, prints the medians and ratios as a Markdown table
and with --write puts them into docs/benchmarks.md. Processes are timed whole, from outside; the two sides of a ratio
take turns, so that a machine that slows down slows both.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tests")]

import reading  # noqa: E402 - beside this file
from layouts import LAYOUTS, figures_for, render  # noqa: E402 - the tests' own renderer makes the inputs

from linter.ruleset import load_rules  # noqa: E402

PAGE = ROOT / "docs" / "benchmarks.md"
START, END = "<!-- measured -->", "<!-- /measured -->"
YEARS = {"2019": 2020, "2021": 2023}


def make_reports(folder: Path, count: int) -> list[Path]:
    """`count` different text reports of about 6 KB, in every layout and both templates."""
    templates = load_rules().templates
    paths = []
    for number in range(count):
        template = templates[number % len(templates)]
        layout = list(LAYOUTS)[number % len(LAYOUTS)]
        text = render(template, YEARS[template.edition], figures_for(template, seed=number), layout)
        paths.append(folder / f"{number:04}.txt")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """How long a whole process takes; its exit status must be 0 or 1."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=False)
    taken = time.perf_counter() - start
    if done.returncode > 1:
        raise SystemExit(f"{command[:4]} exited with {done.returncode}")
    return taken


def in_turns(runs: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each measure; they take turns, and the first turn does not count."""
    turns = [[measure() for measure in measures] for _ in range(runs + 1)][1:]
    return [statistics.median(column) for column in zip(*turns, strict=True)]


def measure(reports: int, runs: int) -> list[tuple[str, str]]:
    """(what, how much) of each measurement."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Byte code and the composed rules are kept between runs, as they are where the tool is installed.
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment = kept | {"PYTHONPYCACHEPREFIX": str(folder / "pyc"), "XDG_CACHE_HOME": str(folder / "cache")}
        (folder / "many").mkdir()
        paths = make_reports(folder / "many", reports)
        check = [str(Path(sys.executable).with_name("nianbao")), "check"]
        pass_, one = in_turns(
            max(runs, 15),
            lambda: seconds([sys.executable, "-c", "pass"], environment),
            lambda: seconds([*check, str(paths[0])], environment),
        )
        one_again, many = in_turns(
            runs,
            lambda: seconds([*check, str(paths[0])], environment),
            lambda: seconds([*check, str(folder / "many")], environment),
        )
        each = (many - one_again) / (reports - 1)
        size = sum(path.stat().st_size for path in paths) / reports
        return [
            ("interpreter's own start (`python -c pass`)", f"{pass_ * 1000:.1f} ms"),
            ("`nianbao check` of one text report, whole process", f"{one * 1000:.1f} ms"),
            ("**ratio of the two** (at most 6)", f"**{one / pass_:.1f}**"),
            (f"`nianbao check` of {reports} different text reports of {size / 1000:.1f} KB", f"{many:.2f} s"),
            ("**files per second on one core**", f"**{1 / each:.0f}**"),
            ("one more file, in interpreter starts", f"{each / pass_:.2f}"),
        ]


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--reports", type=int, default=1000)
    ask.add_argument("--runs", type=int, default=5)
    ask.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = ask.parse_args()
    rows = measure(options.reports, options.runs)
    table = "\n".join(["| measurement | median |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)])
    table += "\n\n| format | bare work | bare | reader | ratio |\n|---|---|---|---|---|\n"
    table += "\n".join(f"| {' | '.join(row)} |" for row in reading.rows(max(options.runs, 15)))
    said = (
        f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}, {options.runs} runs\n\n{table}"
    )
    print(said)
    if options.write:
        before, _, rest = PAGE.read_text("utf-8").partition(START)
        PAGE.write_text(f"{before}{START}\n{said}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
