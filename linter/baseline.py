"""The baseline: findings of a day that `check --baseline` leaves out, so that only new ones are reported.

A finding is known again by its fingerprint: its rule and its address, or without one the sentence that it is in. Lines
and counts are no part of it, so that an edit elsewhere in the file makes nothing new.
"""

import json
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from linter.config import relative
from linter.diagnostic import Diagnostic, FileResult, Suppressed
from linter.errors import Phrase, UsageError, unwritable
from linter.folding import fold
from linter.ruleset import READ_RULE
from linter.suppression import INVALID_RULE, UNUSED_RULE

VERSION = 1

NEVER = frozenset({READ_RULE, INVALID_RULE, UNUSED_RULE})
"""Rules whose findings are always reported: of a file that was not checked, and of exceptions."""

_SENTENCE = re.compile(r"[^。；;！!？?]*[。；;！!？?]?")


class Fingerprint(NamedTuple):
    rule: str
    address: str  # "" where there is none
    text: str  # without an address: the sentence around the place, folded


class Baseline(NamedTuple):
    """The file at `path`: the fingerprints of each file, which it names relative to its own folder, with `/`."""

    path: str
    findings: Mapping[str, frozenset[Fingerprint]]

    @property
    def size(self) -> int:
        """How many findings there are."""
        return sum(map(len, self.findings.values()))


def load_baseline(path: str) -> Baseline:
    """The baseline in the file at `path`. Raises UsageError where there is none or it is damaged."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        findings: dict[str, set[Fingerprint]] = {}
        for entry in content["findings"]:
            found = Fingerprint(rule=entry["rule"], address=entry.get("address", ""), text=entry.get("text", ""))
            findings.setdefault(entry["file"], set()).add(found)
    except OSError as error:
        raise UsageError(
            Phrase(
                zh=f"无法读取基线 {path}：{error.strerror}。先用 nianbao baseline 记录",
                en=f"cannot read the baseline {path}: {error.strerror}. Record one with nianbao baseline",
            )
        ) from None
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise UsageError(
            Phrase(zh=f"{place}：不是正确的 JSON（{error.msg}）", en=f"{place}: not valid JSON ({error.msg})")
        ) from None
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError):
        raise UsageError(
            Phrase(
                zh=f"{path} 不是基线文件：请用 nianbao baseline 重新记录",
                en=f"{path} is no baseline: record it anew with nianbao baseline",
            )
        ) from None
    return Baseline(path=path, findings={file: frozenset(found) for file, found in findings.items()})


def leave_out(result: FileResult, baseline: Baseline) -> FileResult:
    """The result without what is in the baseline."""
    known = baseline.findings.get(relative(result.path, baseline.path), frozenset())
    old = [d for d in result.diagnostics if d.rule not in NEVER and fingerprint(d, result.lines) in known]
    return result._replace(
        diagnostics=tuple(diagnostic for diagnostic in result.diagnostics if diagnostic not in old),
        suppressed=(*result.suppressed, *(Suppressed(diagnostic=d, kind="baseline", reason=None) for d in old)),
    )


def record(results: Iterable[FileResult], baseline: Baseline) -> Baseline:
    """The baseline with what was found today in the files checked; it keeps the others that are still there."""
    findings = _of_files_there(baseline)
    for result in results:
        if not result.failed:
            findings[relative(result.path, baseline.path)] = _fingerprints(result)
    return baseline._replace(findings=findings)


def prune(results: Iterable[FileResult], baseline: Baseline, chosen: Collection[str]) -> Baseline:
    """The baseline without what is resolved: what the chosen rules no longer find, and what is of files that are gone.

    What could not be checked stays.
    """
    findings = _of_files_there(baseline)
    for result in results:
        file = relative(result.path, baseline.path)
        if result.failed or file not in findings:
            continue
        today = _fingerprints(result)
        untold = {item.rule for item in result.unchecked}
        findings[file] = frozenset(
            found for found in findings[file] if found in today or found.rule not in chosen or found.rule in untold
        )
    return baseline._replace(findings=findings)


def save_baseline(baseline: Baseline) -> None:
    """Writes the file: sorted, a finding a line, the same for the same findings. Raises UsageError."""
    entries = [
        json.dumps(
            {"file": file, **{key: value for key, value in found._asdict().items() if value}}, ensure_ascii=False
        )
        for file, all_found in sorted(baseline.findings.items())
        for found in sorted(all_found)
    ]
    body = ",".join(f"\n  {entry}" for entry in entries)
    try:
        with open(baseline.path, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(f'{{"version": {VERSION}, "findings": [{body}\n]}}\n')
    except OSError as error:
        raise unwritable(baseline.path, error) from None


def fingerprint(diagnostic: Diagnostic, lines: Sequence[str]) -> Fingerprint:
    """What stays the same of a finding while the text around it changes."""
    if diagnostic.address:
        return Fingerprint(rule=diagnostic.rule, address=diagnostic.address, text="")
    at = diagnostic.at
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    start = at.column - 1
    end = max(start + 1, at.end_column - 1 if at.end_line == at.line else len(line))
    sentences = (match[0] for match in _SENTENCE.finditer(line) if match.start() < end and match.end() > start)
    return Fingerprint(rule=diagnostic.rule, address="", text=fold("".join(sentences)))


def _fingerprints(result: FileResult) -> frozenset[Fingerprint]:
    return frozenset(fingerprint(d, result.lines) for d in result.diagnostics if d.rule not in NEVER)


def _of_files_there(baseline: Baseline) -> dict[str, frozenset[Fingerprint]]:
    folder = os.path.dirname(baseline.path)
    return {file: found for file, found in baseline.findings.items() if os.path.exists(os.path.join(folder, file))}
