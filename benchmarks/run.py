#!/usr/bin/env python3
"""Measures `nianbao` beside its peers and beside the bare work underneath, as ratios taken in one run on one machine.

Makes its own seeded inputs, takes each measurement several times and prints the medians as a Markdown table, with the
target beside each ratio and whether it is met. Processes are timed whole, from outside; the sides of a ratio take
turns, so that a machine that slows down slows both. Peers are found through PATH. How to read it:
docs/benchmarks.en.md.
"""

import argparse
import os
import platform
import sys
import tempfile
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))  # its renderers make the inputs

import peers  # noqa: E402 - beside this file
from inputs import Inputs  # noqa: E402
from measures import MEASURES, Bench  # noqa: E402
from processes import Runner  # noqa: E402
from table import put, table  # noqa: E402

CORES = 2


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", metavar="NAME", action="append", choices=MEASURES, help=f"of {', '.join(MEASURES)}")
    ask.add_argument("--runs", type=partial(_number, 1), default=5, help="of each measurement (5)")
    ask.add_argument(
        "--reports", type=partial(_number, 10), default=1000, help="text reports; the other inputs go with it (1000)"
    )
    ask.add_argument("--large", action="store_true", help="growth: also a hundred times the reports, once")
    ask.add_argument("--no-peers", action="store_true", help="do not run other tools")
    ask.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md and benchmarks.en.md")
    options = ask.parse_args()
    with tempfile.TemporaryDirectory() as name:
        said = _measured(options, Path(name))
    print(said)
    if options.write:
        for name in ("benchmarks.md", "benchmarks.en.md"):
            put(ROOT / "docs" / name, said)
    return 0


def _number(least: int, text: str) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"not a number of at least {least}: {text}")
    return int(text)


def _measured(options: argparse.Namespace, folder: Path) -> str:
    """The table of the measurements, below what it was taken with."""
    cores = _few_cores()
    runner = Runner(folder, _environment(folder))
    found = {} if options.no_peers else peers.installed(runner, folder)
    bench = Bench(folder, Inputs(folder, options.reports), runner, options.runs, found, options.large)
    measured = {}
    for name in options.only or MEASURES:
        print(f"measuring {name} …", file=sys.stderr)
        measured[name] = MEASURES[name](bench)
    about = [
        f"CPython {platform.python_version()}",
        f"{platform.system()} {platform.machine()}",
        f"{cores} cores",
        f"runs of each: {options.runs}",
        *(f"{name} {peer.version}" for name, peer in found.items()),
        *(["without peers"] if options.no_peers else peers.missing(list(found))),
    ]
    return f"{', '.join(about)}\n\n{table(measured)}"


def _few_cores() -> int:
    """Keeps this process and what it starts on two cores, where the system can; how many they are."""
    if not hasattr(os, "sched_setaffinity"):
        return os.cpu_count() or 1
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    os.sched_setaffinity(0, cores)
    return len(cores)


def _environment(folder: Path) -> dict[str, str]:
    """Byte code and caches are kept between the runs, as they are for who works with the tools, but not after them."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return kept | {
        "PYTHONPYCACHEPREFIX": str(folder / "pyc"),
        "XDG_CACHE_HOME": str(folder / "user-cache"),
        "SEMGREP_SETTINGS_FILE": str(folder / "semgrep-settings.yml"),
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
    }


if __name__ == "__main__":
    raise SystemExit(main())
