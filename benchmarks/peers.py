"""The peers: other tools that look at Chinese text, run on the same files where they are installed."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from processes import Command, Runner
from wording import MISPRINTS


class Peer(NamedTuple):
    """A tool, ready to run."""

    version: str
    command: Callable[[Path], Command]  # what checks a file or a folder
    found: Callable[[Path], int]  # how much it finds there: files with findings, or findings


class Tool(NamedTuple):
    """A tool that may be installed."""

    install: str
    program: str
    ready: Callable[[Path, Path], tuple[Callable[[Path], Command], Callable[[Any], int]] | None]
    """(program, folder for its configuration) → (what checks a path, what counts its JSON); None where a part lacks."""


def installed(runner: Runner, folder: Path) -> dict[str, Peer]:
    """The peers that are installed."""
    peers = {}
    for name, tool in TOOLS.items():
        program = shutil.which(tool.program)
        ready = program and tool.ready(Path(program), folder)
        if program and ready:
            command, count = ready
            version = runner.output([program, "--version"]).split()[-1].lstrip("v")
            peers[name] = Peer(version, command, _counter(runner, command, count))
    return peers


def _counter(runner: Runner, command: Callable[[Path], Command], count: Callable[[Any], int]) -> Callable[[Path], int]:
    return lambda target: count(json.loads(runner.output(command(target))))


def missing(peers: Sequence[str]) -> list[str]:
    """A line about each tool that is not among `peers`."""
    return [f"{name}: not installed ({tool.install})" for name, tool in TOOLS.items() if name not in peers]


def _autocorrect(program: Path, folder: Path) -> tuple[Callable[[Path], Command], Callable[[Any], int]]:  # noqa: ARG001 - as the others
    return lambda target: [program, "--lint", "--format", "json", target], lambda found: len(found["messages"])


def _textlint(program: Path, folder: Path) -> tuple[Callable[[Path], Command], Callable[[Any], int]] | None:
    modules = next((above for above in program.resolve().parents if above.name == "node_modules"), None)
    if modules is None or not (modules / "textlint-rule-prh").is_dir():
        return None
    rules = {
        "version": 1,
        "rules": [{"expected": misprint.right, "pattern": f"/{misprint.pattern}/"} for misprint in MISPRINTS],
    }
    (folder / "prh.yml").write_text(json.dumps(rules), encoding="utf-8")  # JSON is YAML
    config = folder / "textlintrc.json"
    config.write_text(json.dumps({"rules": {"prh": {"rulePaths": [str(folder / "prh.yml")]}}}), encoding="utf-8")
    options = ["--config", config, "--rules-base-directory", modules, "--format", "json"]
    return lambda target: [program, *options, target], lambda found: sum(len(file["messages"]) for file in found)


def _semgrep(program: Path, folder: Path) -> tuple[Callable[[Path], Command], Callable[[Any], int]]:
    rules = [
        {
            "id": misprint.id,
            "pattern-regex": misprint.pattern,
            "message": misprint.right,
            "languages": ["generic"],
            "severity": "WARNING",
        }
        for misprint in MISPRINTS
    ]
    config = folder / "semgrep.json"
    config.write_text(json.dumps({"rules": rules}), encoding="utf-8")
    options = ["--config", config, "--json", "--quiet", "--jobs", "2", "--no-git-ignore"]
    offline = ["--metrics", "off", "--disable-version-check"]
    return lambda target: [program, "scan", *options, *offline, target], lambda found: len(found["results"])


TOOLS = {
    "autocorrect": Tool("npm install -g autocorrect-node", "autocorrect", _autocorrect),
    "textlint": Tool("npm install -g textlint textlint-rule-prh", "textlint", _textlint),
    "semgrep": Tool("pip install semgrep", "semgrep", _semgrep),
}
"""Name → how it is installed and run."""
