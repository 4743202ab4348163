"""Whole processes, measured from outside, taking turns."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

LAUNCH = Path(__file__).with_name("launch.py")

Command = Sequence[str | Path]
Ask = Command | Callable[[], Command]
"""A command, or what makes a new one for each run."""


class Spent(NamedTuple):
    """What one run of a command took."""

    seconds: float
    processor: float  # seconds of all its processes on all cores
    peak: float  # bytes of resident memory of its largest process


class Median(NamedTuple):
    """The middle of several runs."""

    seconds: float
    low: float
    high: float
    processor: float
    peak: float


class Runner:
    """Runs commands in one folder and one environment, so that all start from the same."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment

    def run(self, command: Command, output: str | Path = os.devnull) -> Spent:
        """What the command took; its standard output goes to a file. Its exit status must be 0 or 1."""
        done = subprocess.run(
            [sys.executable, "-I", "-S", LAUNCH, output, *command],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        status, *spent = done.stdout.split() or ["none"]
        if status not in {"0", "1"}:
            shown = " ".join(map(str, command))
            raise SystemExit(f"exit status {status} of: {shown}\n{done.stderr}")
        return Spent(*map(float, spent))

    def output(self, command: Command) -> str:
        """What the command prints."""
        path = self._folder / "output"
        self.run(command, path)
        return path.read_text("utf-8")

    def in_turns(self, runs: int, *asked: Ask) -> list[Median]:
        """The medians of each command; they take turns, and the first turn does not count."""
        turns = [[self.run(ask() if callable(ask) else ask) for ask in asked] for _ in range(runs + 1)][1:]
        return [_median(column) for column in zip(*turns, strict=True)]


def _median(runs: Sequence[Spent]) -> Median:
    seconds = [run.seconds for run in runs]
    return Median(
        statistics.median(seconds),
        min(seconds),
        max(seconds),
        statistics.median(run.processor for run in runs),
        statistics.median(run.peak for run in runs),
    )
