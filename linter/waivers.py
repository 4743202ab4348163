"""Waivers: `.nianbao-waivers.yaml`, exceptions for files that have no room for a comment, and `nianbao waive`.

An entry is keyed by file, rule and cell address: never by a line, which the next edit moves.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from linter.check import Finding
from linter.config import relative
from linter.diagnostic import Exemption
from linter.document import Position
from linter.encoding import decode, split_lines
from linter.errors import Mistake, Phrase, RuleError, UsageError, unwritable
from linter.ruleset import Ruleset
from linter.suppression import invalid, unknown_rule_finding
from linter.yamlfile import Invalid, Node, YamlFile

HEAD = """\
# 豁免：对哪个文件的哪条规则、哪一格（表.行.列；没有地址的写 null）不再报告，理由是什么，谁同意的，哪天到期。
# Waivers: the file, the rule, the cell's address (null where there is none), the reason, who approved, the last day.
waivers:
"""
"""What a new file begins with."""


class Day(date):
    """A day as a waiver has it: 2024-12-31."""

    @classmethod
    def from_yaml(cls, text: str) -> "Day":
        """The day. Raises ValueError, with a Phrase, for other text."""
        try:
            return cls.fromisoformat(text)
        except ValueError:
            raise ValueError(
                Phrase(zh=f"“{text}”不是日期：请写成 2024-12-31", en=f"'{text}' is no date: write 2024-12-31")
            ) from None


class Waiver(NamedTuple):
    """An entry of the file."""

    file: str  # relative to the folder of the waiver file, with `/`
    rule: str
    reason: str
    address: str | None = None
    approver: str | None = None
    expires: Day | None = None  # the last day on which it holds


class Waivers(NamedTuple):
    """The waiver file: what it waives today, and what is wrong with it."""

    path: str
    lines: tuple[str, ...]
    exemptions: Mapping[str, tuple[Exemption, ...]]  # by file
    faults: tuple[Finding, ...]

    def of(self, path: str) -> tuple[Exemption, ...]:
        """The waivers for the file at `path`."""
        return self.exemptions.get(relative(path, self.path), ())


def load_waivers(path: str, rules: Ruleset, today: date) -> Waivers:
    """The waivers in the file at `path`. Raises RuleError with every mistake in its form."""
    mistakes: list[Mistake] = []
    data = _read(path)
    exemptions: dict[str, list[Exemption]] = {}
    faults: list[Finding] = []
    seen: set[tuple[str, str, str | None]] = set()
    for waiver, node, places in _entries(YamlFile(path, mistakes), data):
        fault = _fault(waiver, places, rules, today, path) or _repeated(waiver, seen, places)
        seen.add((waiver.file, waiver.rule, waiver.address))
        if fault:
            faults.append(fault)
            continue
        exemption = Exemption(
            kind="waiver", rule=waiver.rule, reason=waiver.reason, at=_span(node), address=waiver.address
        )
        exemptions.setdefault(waiver.file, []).append(exemption)
    if mistakes:
        raise RuleError(mistakes)
    found = {file: tuple(items) for file, items in exemptions.items()}
    return Waivers(path=path, lines=tuple(split_lines(decode(data))), exemptions=found, faults=tuple(faults))


def _entries(file: YamlFile, data: bytes) -> Iterator[tuple[Waiver, Node, Mapping[str, Node]]]:
    """(entry, its node, the node of each of its values); mistakes are noted in `file`."""
    try:
        items = _list_node(file, file.parse(data))
    except Invalid:
        return
    for node in items.value if items else ():
        try:
            waiver: Waiver = file.build(node, Waiver)
        except Invalid:
            continue
        yield waiver, node, {key: value for key, _, value in file.pairs(node)}


def _list_node(file: YamlFile, root: Node) -> Node | None:
    """The node of the list of entries; None where the file has none so far. Raises Invalid."""
    found = None
    for key, key_node, value in file.pairs(root):
        if key != "waivers":
            raise file.unknown(key_node, "选项", "option", key, ["waivers"])
        if value.kind not in {"list", "null"}:
            raise file.wrong(value, "这里要一个列表", "a list is wanted here")
        found = value if value.kind == "list" else None
    return found


def _fault(waiver: Waiver, places: Mapping[str, Node], rules: Ruleset, today: date, path: str) -> Finding | None:
    """Why the waiver does not hold; None where it does."""
    if not waiver.reason.strip():
        problem = Phrase(zh="没有写理由", en="there is no reason")
        return invalid(_span(places["reason"]), problem, Phrase(zh="请写明理由", en="write one"))
    if fault := unknown_rule_finding(waiver.rule, _span(places["rule"]), rules):
        return fault
    if waiver.address is not None and waiver.address not in _addresses(rules):
        problem = Phrase(zh=f"没有地址“{waiver.address}”", en=f"there is no address '{waiver.address}'")
        remedy = Phrase(
            zh="地址见 nianbao check --format json 的 address", en="see `address` in nianbao check --format json"
        )
        return invalid(_span(places["address"]), problem, remedy)
    if not os.path.exists(os.path.join(os.path.dirname(path), waiver.file)):
        problem = Phrase(zh=f"没有文件“{waiver.file}”", en=f"there is no file '{waiver.file}'")
        remedy = Phrase(
            zh="路径从豁免文件所在的文件夹写起；文件已删除的，请删去这一条",
            en="write the path from the folder of the waiver file, or delete the entry",
        )
        return invalid(_span(places["file"]), problem, remedy)
    if waiver.expires is not None and waiver.expires < today:
        problem = Phrase(zh=f"已于 {waiver.expires} 到期", en=f"it expired on {waiver.expires}")
        remedy = Phrase(zh="请改正问题，或重新批准并延期", en="mend the fault, or have it approved anew and extended")
        return invalid(_span(places["expires"]), problem, remedy)
    return None


def _repeated(waiver: Waiver, seen: set[tuple[str, str, str | None]], places: Mapping[str, Node]) -> Finding | None:
    if (waiver.file, waiver.rule, waiver.address) not in seen:
        return None
    problem = Phrase(zh="前面已有同样的一条", en="an entry above is for the same")
    return invalid(_span(places["file"]), problem, Phrase(zh="请删去一条", en="delete one of them"))


def _addresses(rules: Ruleset) -> set[str]:
    """What a diagnostic's address can be: a table, a row or a cell of any template."""
    cells = (address for template in rules.templates for table in template.tables for address in table.addresses())
    return {prefix for cell in cells for prefix in (cell, cell.rpartition(".")[0], cell.partition(".")[0])}


def _span(node: Node) -> Position:
    """The place of a value; of an entry, that of its first key."""
    shown = node.value[0][0] if node.kind == "map" else node
    end = shown.column + len(str(shown.value))
    return Position(line=shown.line, column=shown.column, end_line=shown.line, end_column=end)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise UsageError(
            Phrase(zh=f"无法读取 {path}：{error.strerror}", en=f"cannot read {path}: {error.strerror}")
        ) from None


def make_waiver(path: str, fields: Mapping[str, str | None]) -> Waiver:
    """The waiver for the file at `path` with those fields; its own `file` is seen from the working folder.

    Raises UsageError for what is no day.
    """
    try:
        expires = Day.from_yaml(fields["expires"]) if fields["expires"] else None
    except ValueError as error:
        raise UsageError(error.args[0]) from None
    return Waiver(
        file=relative(fields["file"] or "", path),
        rule=fields["rule"] or "",
        reason=fields["reason"] or "",
        address=fields["address"],
        approver=fields["approver"],
        expires=expires,
    )


def waive(path: str, waiver: Waiver, rules: Ruleset, today: date) -> bool:
    """Writes the waiver into the file at `path`, made where it is missing; comments and order in it stay.

    The entry for the same file, rule and address then says this waiver and no more. Returns whether there was one.
    Raises UsageError where the waiver would not hold, RuleError where the file is wrong.
    """
    nodes = {field: Node(kind="str", value=value, line=1, column=1) for field, value in waiver._asdict().items()}
    if fault := _fault(waiver, nodes, rules, today, path):
        problem, remedy = fault.values["problem"], fault.values["remedy"]
        assert isinstance(problem, Phrase)  # noqa: S101 - of `invalid`
        assert isinstance(remedy, Phrase)  # noqa: S101
        raise UsageError(Phrase(zh=f"{problem.zh}。{remedy.zh}", en=f"{problem.en}. Remedy: {remedy.en}"))
    from ruamel.yaml import YAML  # only to edit: the one reader that keeps comments

    data = _read(path) if os.path.exists(path) else HEAD.encode()
    mistakes: list[Mistake] = []
    for _ in _entries(YamlFile(path, mistakes), data):
        pass
    if mistakes:
        raise RuleError(mistakes)
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000
    offset = _indent(path, data)
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    content: Any = yaml.load(data)
    if not content.get("waivers"):  # also a list in brackets, which would stay so
        content["waivers"] = []
    fields = {key: value for key, value in waiver._asdict().items() if value is not None or key == "address"}
    if waiver.expires is not None:
        fields["expires"] = date(waiver.expires.year, waiver.expires.month, waiver.expires.day)
    order = ("file", "rule", "address", "reason", "approver", "expires")  # as people ask
    same = next((entry for entry in content["waivers"] if _is_for(entry, waiver)), None)
    if same is None:
        content["waivers"].append({key: fields[key] for key in order if key in fields})
    else:
        same.update(fields)
        for key in set(same) - set(fields):
            del same[key]
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            yaml.dump(content, file)
    except OSError as error:
        raise unwritable(path, error) from None
    return same is not None


def _is_for(entry: Mapping[str, Any], waiver: Waiver) -> bool:
    key = (entry["file"], entry["rule"], entry.get("address"))
    return key == (waiver.file, waiver.rule, waiver.address)


def _indent(path: str, data: bytes) -> int:
    """How far the file indents the dashes of its list, so that an edit does not move them; 2 where it has none."""
    file = YamlFile(path, [])
    items = _list_node(file, file.parse(data))
    return min(items.column - 1, 8) if items and items.value else 2
