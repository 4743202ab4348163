"""YAML files → named tuples, every mistake with its file, line and column.

A file is first composed into `Node`s, which keep their marks, then built into the type that is wanted: a named
tuple's fields are its keys. All mistakes of a file are collected, so that one run shows them all.
"""

import sys
from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import GenericAlias, UnionType
from typing import Any, Literal, NamedTuple, get_args, get_origin

from linter.errors import Mistake, Phrase

MAX_NODES = 20_000
"""The most nodes that a file may expand to: aliases of aliases could make billions of a few lines."""

MAX_DEPTH = 40
"""The deepest nesting of a file."""

MAX_BYTES = 1_000_000
"""The largest YAML file that is read."""


MAX_SHOWN = 40
"""The most names that a message lists."""


class Node(NamedTuple):
    """A YAML value with its place: a scalar's text, a list's nodes, or a mapping's pairs."""

    kind: str  # "str", "int", "float", "bool", "null", "list", "map"
    value: Any  # str, list[Node], or list[tuple[Node, Node]]
    line: int
    column: int


class Invalid(Exception):  # noqa: N818 - not an error to report: the mistake already is
    """The value at hand is wrong, and the file's list of mistakes says why."""


class YamlFile:
    """A YAML file being read: its name for messages, the mistakes found in it, and what a cache should keep.

    `kept` has, by the identity of its node, what stands for a text of which something was made at some cost: the value
    of `kept()` of what `from_yaml` made.
    """

    def __init__(self, path: str, mistakes: list[Mistake]) -> None:
        self.path, self.mistakes = path, mistakes
        self.kept: dict[int, Any] = {}

    def wrong(self, node: Node, zh: str, en: str) -> Invalid:
        """Notes a mistake at `node`; to be raised where nothing can be built."""
        self.mistakes.append(Mistake(path=self.path, line=node.line, column=node.column, phrase=Phrase(zh=zh, en=en)))
        return Invalid()

    def parse(self, data: bytes) -> Node:
        """The root of the file. Raises Invalid, with the mistake noted, where it is not YAML or is out of bounds."""
        import yaml  # not imported before a file must really be parsed

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        start = Node(kind="null", value="", line=1, column=1)
        if len(data) > MAX_BYTES:
            raise self.wrong(
                start, f"文件超过 {MAX_BYTES // 1000} KB", f"the file is larger than {MAX_BYTES // 1000} KB"
            )
        try:
            root = yaml.compose(data, Loader=loader)
        except (yaml.YAMLError, RecursionError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            at = Node(kind="null", value="", line=mark.line + 1, column=mark.column + 1) if mark else start
            problem = getattr(error, "problem", None) or str(error)
            raise self.wrong(at, f"不是正确的 YAML：{problem}", f"not valid YAML: {problem}") from None
        if root is None:
            raise self.wrong(start, "文件是空的", "the file is empty")
        return _Composer(self).node(root, 0)

    def build(self, node: Node, wanted: Any) -> Any:
        """The value of type `wanted` that `node` holds. Raises Invalid after noting every mistake in it.

        Known types: str, int, float, bool, Decimal, Literal, `X | None`, tuple[X, ...], dict[str, X], named tuples, and
        classes with a `from_yaml(text)` that raises ValueError.
        """
        method, argument = _how(wanted)
        return method(self, node, argument)

    def _optional(self, node: Node, options: tuple[Any, ...]) -> Any:
        """A union: None, or the option that fits the node's kind."""
        if node.kind == "null" and type(None) in options:
            return None
        for option in options:
            if option is not type(None) and is_record(option) == (node.kind == "map"):
                return self.build(node, option)
        raise self.wrong(node, "这里的值类型不对", "this value is of the wrong type")

    def _member(self, node: Node, wanted: type[Enum]) -> Any:
        return wanted(self._choice(node, tuple(member.value for member in wanted)))

    def _from_text(self, node: Node, wanted: Any) -> Any:
        text = self._scalar(node, str)
        try:
            made = wanted.from_yaml(text)
        except ValueError as error:
            phrase = error.args[0] if error.args and isinstance(error.args[0], Phrase) else None
            zh, en = (phrase.zh, phrase.en) if phrase else (str(error), str(error))
            raise self.wrong(node, zh, en) from None
        if hasattr(made, "kept"):
            self.kept[id(node)] = made.kept()
        return made

    def _choice(self, node: Node, choices: tuple[Any, ...]) -> Any:
        for choice in choices:
            if node.kind in {"str", "int", "bool"} and str(choice) == node.value:  # YAML takes `off` for a boolean
                return choice
        raise self.unknown(node, "值", "value", str(node.value), [str(choice) for choice in choices])

    def unknown(self, node: Node, zh: str, en: str, name: str, known: Iterable[str]) -> Invalid:
        """Notes a name that does not exist, with the nearest one that does."""
        from difflib import get_close_matches  # only in the error case

        known = sorted(known)
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        more = "…" if len(known) > MAX_SHOWN else ""
        hint = Phrase(
            zh=f"；是不是“{near[0]}”？" if near else f"；可用的有：{'、'.join(known[:MAX_SHOWN])}{more}",
            en=f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(known[:MAX_SHOWN])}{more}",
        )
        return self.wrong(node, f"不认识的{zh}“{name}”{hint.zh}", f"unknown {en} '{name}'{hint.en}")

    def _items(self, node: Node, wanted: Any) -> tuple[Any, ...]:
        if node.kind != "list":
            raise self.wrong(node, "这里要一个列表", "a list is wanted here")
        return tuple(self._all(lambda item: self.build(item, wanted), node.value))

    def _all(self, build: Any, nodes: Iterable[Node]) -> list[Any]:
        """What `build` makes of each node; Invalid only after all were tried."""
        built, failed = [], False
        for node in nodes:
            try:
                built.append(build(node))
            except Invalid:
                failed = True
        if failed:
            raise Invalid
        return built

    def pairs(self, node: Node) -> list[tuple[str, Node, Node]]:
        """(key, node of the key, node of the value) of a mapping. Raises Invalid for another kind or a key twice."""
        if node.kind != "map":
            raise self.wrong(node, "这里要“键: 值”", "a mapping is wanted here")
        seen: set[str] = set()
        for key, _ in node.value:
            if key.kind in {"list", "map"}:
                raise self.wrong(key, "键必须是文字", "a key must be text")
            if key.value in seen:
                raise self.wrong(key, f"键“{key.value}”重复了", f"duplicate key '{key.value}'")
            seen.add(key.value)
        return [(key.value, key, value) for key, value in node.value]

    def _mapping(self, node: Node, wanted: Any) -> dict[str, Any]:
        pairs = self.pairs(node)
        values = self._all(lambda value: self.build(value, wanted), [value for _, _, value in pairs])
        return {key: value for (key, _, _), value in zip(pairs, values, strict=True)}

    def _fill(self, node: Node, record: "_Record") -> Any:
        values: dict[str, Any] = {}
        failed = False
        missing = set(record.required)
        for key, key_node, value in self.pairs(node):
            name = key.replace("-", "_")
            missing.discard(name)
            if name not in record.types:
                self.unknown(key_node, "选项", "option", key, [key_of(record.wanted, name) for name in record.types])
                failed = True
                continue
            try:
                values[name] = self.build(value, record.types[name])
            except Invalid:
                failed = True
        for name in sorted(missing):
            self.wrong(node, f"缺少“{key_of(record.wanted, name)}”", f"'{key_of(record.wanted, name)}' is missing")
            failed = True
        if failed:
            raise Invalid
        return record.wanted(**values)

    def _scalar(self, node: Node, wanted: Any) -> Any:
        if node.kind in {"list", "map"}:
            raise self.wrong(node, "这里要一个单独的值", "a single value is wanted here")
        text = str(node.value)
        if wanted is str and node.kind != "null":
            return text
        if wanted is bool and node.kind == "bool":
            return text.lower() in {"true", "yes", "on"}
        if wanted is int and node.kind == "int" and text.isdecimal():
            return int(text)
        if wanted is float and node.kind in {"int", "float"}:
            return float(text)
        if wanted is Decimal and node.kind in {"int", "float"}:
            return Decimal(text)
        names = {str: ("文字", "text"), bool: ("true 或 false", "true or false"), int: ("整数", "a whole number")}
        zh, en = names.get(wanted, ("数", "a number"))
        raise self.wrong(node, f"这里要{zh}", f"{en} is wanted here")


class _Record(NamedTuple):
    """A named tuple's fields as the builder needs them."""

    wanted: Any
    types: dict[str, Any]
    required: frozenset[str]


@lru_cache(maxsize=256)
def _how(wanted: Any) -> tuple[Callable[[YamlFile, Node, Any], Any], Any]:
    """(the method that builds a value of that type, what it must know of the type)."""
    origin: Any = get_origin(wanted)
    arguments = get_args(wanted)
    if isinstance(wanted, type) and hasattr(wanted, "from_yaml"):
        return YamlFile._from_text, wanted
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return YamlFile._member, wanted
    if is_record(wanted):
        types = record_types(wanted)
        return YamlFile._fill, _Record(wanted, types, frozenset(types) - frozenset(wanted._field_defaults))
    if origin is Literal:
        return YamlFile._choice, arguments
    if origin is UnionType:
        return YamlFile._optional, arguments
    if origin is tuple:
        return YamlFile._items, arguments[0]
    if origin is dict:
        return YamlFile._mapping, arguments[1]
    return YamlFile._scalar, wanted


@lru_cache(maxsize=256)
def record_types(wanted: Any) -> dict[str, Any]:
    """The type of each field of a named tuple."""
    return {field: _field_type(wanted, field) for field in wanted._fields}


def key_of(wanted: Any, field: str) -> str:
    """The key that stands for a field of a named tuple: its name, unless the type's `yaml_key` says otherwise."""
    return str(wanted.yaml_key(field)) if hasattr(wanted, "yaml_key") else field


def is_record(wanted: Any) -> bool:
    """Whether a type is a named tuple."""
    return isinstance(wanted, type) and hasattr(wanted, "_field_defaults")


def _field_type(owner: type, field: str) -> Any:
    """The field's type; a class that holds itself names itself in quotes."""
    wanted: Any = owner.__annotations__[field]
    origin: Any = get_origin(wanted)
    if origin is tuple and isinstance(get_args(wanted)[0], str):
        return GenericAlias(tuple, (getattr(sys.modules[owner.__module__], get_args(wanted)[0]), ...))
    return wanted


class _Composer:
    """PyYAML's node graph → Nodes, bounded in number and depth: an alias bomb is a small graph and a vast tree."""

    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.count = 0

    def node(self, raw: Any, depth: int) -> Node:
        """The tree below `raw`."""
        self.count += 1
        tag = raw.tag.rpartition(":")[2]
        kind = {"seq": "list", "map": "map", "int": "int", "float": "float", "bool": "bool", "null": "null"}.get(
            tag, "str"
        )
        node = Node(kind=kind, value="", line=raw.start_mark.line + 1, column=raw.start_mark.column + 1)
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            raise self.file.wrong(
                node,
                "内容展开后太大或嵌套太深（是不是别名引用了别名？）",
                "expands to too much or is nested too deeply (aliases of aliases?)",
            )
        value: Any = raw.value
        if kind == "list":
            value = [self.node(item, depth + 1) for item in raw.value]
        elif kind == "map":
            value = [(self.node(key, depth + 1), self.node(item, depth + 1)) for key, item in raw.value]
        return node._replace(value=value)
