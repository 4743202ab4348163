"""SARIF 2.1.0, the exchange format of code scanning: rules with their help, results with places and fingerprints."""

import json
import os
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from linter import __version__
from linter.diagnostic import Diagnostic, FileResult, Level, NotChecked
from linter.document import Position
from linter.errors import Phrase
from linter.formatters import Context
from linter.identity import fingerprints, repository_path
from linter.ruleset import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:
    """One log of one run, result by result; what could not be checked is a notification of the tool, not a result."""
    places = {rule.id: number for number, rule in enumerate(context.rules)}
    driver = {
        "name": "nianbao-lint",
        "semanticVersion": __version__,
        "informationUri": "https://github.com/nianbao-lint/nianbao-lint",
        "language": "en" if context.lang == "en" else "zh-CN",
        "rules": [_rule(rule, context.lang) for rule in context.rules],
    }
    yield f'{{"$schema": "{SCHEMA}",\n "version": "2.1.0",\n "runs": [{{"tool": {_json({"driver": driver})},\n'
    yield '  "columnKind": "unicodeCodePoints",\n  "results": ['
    separator = "\n   "
    notifications: list[dict[str, Any]] = []
    successful = True
    for result in results:
        successful = successful and not result.failed
        notifications += (_notification(item, result.path, places) for item in result.unchecked)
        for diagnostic, fingerprint in fingerprints(result):
            yield separator + _json(_result(diagnostic, fingerprint, places, context.lang))
            separator = ",\n   "
    invocation = {"executionSuccessful": successful, "toolExecutionNotifications": notifications}
    yield f'],\n  "invocations": [{_json(invocation)}]}}]}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _rule(rule: Rule, lang: str) -> dict[str, Any]:
    basis = Phrase(zh=f"依据：{rule.basis}", en=f"Basis: {rule.basis}").say(lang)
    why = rule.help.say(lang) if rule.help else rule.title.say(lang)
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title.say(lang)},
        "fullDescription": {"text": why},
        "help": {"text": f"{why}\n\n{basis}", "markdown": f"{why}\n\n{basis}"},
        "defaultConfiguration": {"level": LEVELS[rule.level], "enabled": not rule.preview},
        "properties": {"basis": rule.basis, "preview": rule.preview},
    }


def _result(diagnostic: Diagnostic, fingerprint: str, places: dict[str, int], lang: str) -> dict[str, Any]:
    text = diagnostic.message
    if diagnostic.hint:
        text += "\n\n" + Phrase(zh=f"提示：{diagnostic.hint.text}", en=f"Hint: {diagnostic.hint.text}").say(lang)
    related = [
        {"id": number, **_location(diagnostic.path, item.at, item.address)}
        for number, item in enumerate(diagnostic.related)
    ]
    return {
        **_named(diagnostic.rule, places),
        "level": LEVELS[diagnostic.level],
        "message": {"text": text},
        "locations": [_location(diagnostic.path, diagnostic.at, diagnostic.address)],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {"nianbaoFingerprint/v1": fingerprint},
    }


def _named(rule: str, places: dict[str, int]) -> dict[str, Any]:
    return {"ruleId": rule} | ({"ruleIndex": places[rule]} if rule in places else {})


def _location(path: str, at: Position, address: str | None) -> dict[str, Any]:
    region = {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    }
    physical = {"artifactLocation": _artifact(path), "region": region}
    return {
        "physicalLocation": physical,
        **({"logicalLocations": [{"fullyQualifiedName": address}]} if address else {}),
        **({"message": {"text": at.where}} if at.where else {}),
        **({"properties": {"page": at.page}} if at.page else {}),
    }


def _artifact(path: str) -> dict[str, Any]:
    uri = quote(os.fsencode(repository_path(path)))
    return {"uri": f"file://{uri}"} if os.path.isabs(path) else {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _notification(item: NotChecked, path: str, places: dict[str, int]) -> dict[str, Any]:
    rule = {"id": item.rule} | ({"index": places[item.rule]} if item.rule in places else {})
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": _artifact(path)}}
    if item.address:
        location["logicalLocations"] = [{"fullyQualifiedName": item.address}]
    return {"associatedRule": rule, "level": "note", "message": {"text": item.reason}, "locations": [location]}
