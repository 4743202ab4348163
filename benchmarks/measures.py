"""The measurements: each makes its rows of the table from what it runs."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import reading
from inputs import Inputs
from peers import Peer
from processes import Ask, Command, Median, Runner
from table import Row, compared, equal, ratio, timed
from wording import MISPRINTS

NIANBAO = Path(sys.executable).with_name("nianbao")
FLOOR = Path(__file__).with_name("floor.py")

SHORT = 3
"""How many times as many runs are taken of what lasts some milliseconds."""

WRONG_TOTAL = "requests-applicant-sum"
"""The rule that finds the wrong total of the inputs."""

FLAT = 1.2
"""What time per file and memory may grow by from the smallest to the largest folder, to be called flat."""


class Bench(NamedTuple):
    """What the measurements share."""

    folder: Path  # for what they write
    inputs: Inputs
    runner: Runner
    runs: int
    peers: Mapping[str, Peer]
    large: bool  # also the largest folder


def check(*arguments: str | Path) -> Command:
    """`nianbao check` of what is given."""
    return [NIANBAO, "check", *arguments]


def start(bench: Bench) -> list[Row]:
    """One text report, whole process."""
    one = bench.inputs.texts[len(bench.inputs.texts) // 2].path
    commands = {
        "`python -c pass`": [sys.executable, "-c", "pass"],
        "`nianbao check --no-cache` of one text report": check("--no-cache", one),
        "`nianbao check` of it, from the cache": check("--cache-dir", bench.folder / "cache", one),
    }
    peer = bench.peers.get("autocorrect")
    if peer:
        commands["`autocorrect --lint` of it"] = peer.command(one)
    took = bench.runner.in_turns(SHORT * bench.runs, *commands.values())
    rows = [timed(what, each) for what, each in zip(commands, took, strict=True)]
    rows.append(compared("one report in starts of the interpreter", took[1], took[0], at_most=6))
    if peer:
        rows.append(compared("one report: nianbao / autocorrect", took[1], took[3], below=1))
    return rows


def texts(bench: Bench) -> list[Row]:
    """All text reports: cold, on one core, and from the cache."""
    count, folder = len(bench.inputs.texts), bench.inputs.texts[0].path.parent
    fresh = (bench.folder / f"cache-{number}" for number in range(bench.runs + 1))
    many = f"{count:,} text reports"
    cold_run, warm_run = check("--no-cache", folder), check("--cache-dir", bench.folder / "cache", folder)
    commands: dict[str, Ask] = {
        f"{many}: bare Python, ten patterns (the floor)": floor(folder),
        f"{many}: `nianbao check --no-cache`": cold_run,
        f"{many}: `--no-cache --jobs 1`": check("--no-cache", "--jobs", "1", folder),
        f"{many}: filling an empty cache": lambda: check("--cache-dir", next(fresh), folder),
        f"{many}: from the cache": warm_run,
    }
    peer = bench.peers.get("autocorrect")
    if peer:
        commands[f"{many}: `autocorrect --lint`"] = peer.command(folder)
    took = bench.runner.in_turns(bench.runs, *commands.values())
    bare, cold, single, _, warm = took[:5]
    rows = [timed(what, each) for what, each in zip(commands, took, strict=True)]
    rows += [
        rate("files per second, `--no-cache`", count, cold),
        rate("files per second on one core (`--no-cache --jobs 1`)", count, single),
        compared("one core / the floor", single, bare),
    ]
    found = {
        name: sum(WRONG_TOTAL in result for result in diagnostics(bench, command))
        for name, command in {"no cache": cold_run, "from the cache": warm_run}.items()
    }
    rows.append(equal("reports whose wrong total is found", found, sum(report.wrong for report in bench.inputs.texts)))
    if peer:
        other = took[5]
        rows += [
            equal("files that autocorrect reports: it reads them all", {"autocorrect": peer.found(folder)}, count),
            compared("no cache: nianbao / autocorrect", cold, other, below=1),
            compared("from the cache: nianbao / autocorrect", warm, other, below=1 / 3),
        ]
    return rows


def patterns(bench: Bench) -> list[Row]:
    """Equal work: the same ten patterns over the same files, the same matches found."""
    reports = bench.inputs.texts
    folder = reports[0].path.parent
    rules = bench.folder / "ten-rules"
    rules.mkdir()
    for misprint in MISPRINTS:
        rule = {
            "id": misprint.id,
            "title": misprint.right,
            "level": "warning",
            "basis": "benchmarks",
            "check": "pattern",
            "with": {"must": "not-occur", "patterns": {misprint.right: [misprint.pattern]}},
            "message": {"zh": "“{text}”应为“{name}”", "en": "'{text}' should read '{name}'"},
        }
        (rules / f"{misprint.id}.yaml").write_text(json.dumps(rule, ensure_ascii=False), encoding="utf-8")
    ids = ",".join(misprint.id for misprint in MISPRINTS)
    ours = check("--no-cache", "--rules", rules, "--select", ids, folder)
    matches = {
        "bare Python": int(bench.runner.output(floor(folder))),
        "nianbao": sum(map(len, diagnostics(bench, ours))),
    }
    commands = {
        "ten patterns: bare Python (the floor)": floor(folder),
        "ten patterns: `nianbao check --no-cache`, own rules": ours,
    }
    same = [name for name in ("textlint", "semgrep") if name in bench.peers]
    for name in same:
        commands[f"ten patterns: {name}"] = bench.peers[name].command(folder)
        matches[name] = bench.peers[name].found(folder)
    took = bench.runner.in_turns(bench.runs, *commands.values())
    rows = [timed(what, each) for what, each in zip(commands, took, strict=True)]
    rows.append(equal("matches found", matches, sum(report.misprints for report in reports)))
    rows += [
        compared(f"ten patterns: nianbao / {name}", took[1], each) for name, each in zip(same, took[2:], strict=True)
    ]
    return rows


def formats(bench: Bench) -> list[Row]:
    """Folders of Word files, web pages and PDF files, whole command."""
    folders = {"Word files": bench.inputs.words, "web pages": bench.inputs.pages, "PDF files": bench.inputs.pdfs}
    took = bench.runner.in_turns(
        bench.runs, *(check("--no-cache", reports[0].path.parent) for reports in folders.values())
    )
    rows = []
    for (name, reports), each in zip(folders.items(), took, strict=True):
        rows += [
            timed(f"{len(reports)} {name}: `nianbao check --no-cache`", each),
            rate(f"{name} per second", len(reports), each),
        ]
    return rows


def growth(bench: Bench) -> list[Row]:
    """Time per file and peak memory, from a small folder to a large one."""
    count = len(bench.inputs.texts)
    one, *sizes = [1, max(2, count // 10), count, 10 * count]
    commands = {size: check("--no-cache", "--format", "jsonl", bench.inputs.copies(size)) for size in (one, *sizes)}
    took = dict(zip(commands, bench.runner.in_turns(bench.runs, *commands.values()), strict=True))
    if bench.large:
        sizes.append(100 * count)
        command = check("--no-cache", "--format", "jsonl", bench.inputs.copies(sizes[-1]))
        spent = bench.runner.run(command)
        took[sizes[-1]] = Median(spent.seconds, spent.seconds, spent.seconds, spent.processor, spent.peak)
    rows = [timed("1 file: `nianbao check --no-cache --format jsonl`", took[one])]
    each = {size: _each(took[size], size, took[one]) for size in sizes}
    for size in sizes:
        rows += [
            timed(f"{size:,} files", took[size]),
            timed(f"{size:,} files: each beyond the start", each[size]),
            Row(f"{size:,} files: peak memory of the largest process", f"{took[size].peak / 1e6:.0f} MB"),
        ]
    small, large = sizes[0], sizes[-1]
    between = f"{large:,} files / {small:,} files"
    rows += [
        compared(f"time per file, {between}", each[large], each[small], at_most=FLAT),
        ratio(f"peak memory, {between}", took[large].peak / took[small].peak, at_most=FLAT),
    ]
    return rows


def _each(took: Median, files: int, one: Median) -> Median:
    """What each file takes beyond the start, which is in the time of one file."""

    def beyond(seconds: float) -> float:
        return (seconds - one.seconds) / (files - 1)

    processor = (took.processor - one.processor) / (files - 1)
    return took._replace(
        seconds=beyond(took.seconds), low=beyond(took.low), high=beyond(took.high), processor=processor
    )


def readers(bench: Bench) -> list[Row]:
    """Readers beside the bare work of the library underneath."""
    return reading.rows(bench.inputs, SHORT * bench.runs)


def diagnostics(bench: Bench, command: Command) -> list[list[str]]:
    """The rules of each file's diagnostics."""
    lines = bench.runner.output([*command, "--format", "jsonl"]).splitlines()
    return [[diagnostic["rule"] for diagnostic in json.loads(line)["diagnostics"]] for line in lines]


def floor(folder: Path) -> Command:
    """Reading, NFKC and ten compiled patterns, in one bare Python process."""
    return [sys.executable, FLOOR, folder, *(misprint.pattern for misprint in MISPRINTS)]


def rate(what: str, files: int, took: Median) -> Row:
    """Files per second of the whole process."""
    return Row(what, f"{files / took.seconds:.0f}")


MEASURES: dict[str, Callable[[Bench], list[Row]]] = {
    "start": start,
    "texts": texts,
    "patterns": patterns,
    "readers": readers,
    "formats": formats,
    "growth": growth,
}
"""Name → what measures it, in the order of the table."""
