"""`nianbao config`: each setting in force for a file, and where it comes from, as YAML with comments."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from linter.config import Config, Layer, PerFile, Settings
from linter.document import width
from linter.errors import Phrase
from linter.limits import Limits
from linter.plan import Plan, Wishes
from linter.settings import applies
from linter.yamlfile import Node

COMMAND_LINE = Phrase(zh="命令行", en="command line")
DEFAULT = Phrase(zh="默认值", en="default")
ADDED_UP = ("exclude", "rules", "extend_select", "ignore", "levels", "per_file")
"""The fields of which every layer's word counts; of the others only the nearest layer's."""


class Line(NamedTuple):
    text: str
    origin: str = ""


def show(plan: Plan, path: str | None, lang: str) -> Iterator[str]:
    """The settings for a file, or for the working folder, a line each. Raises as `Plan.terms` does."""
    settings = plan.run() if path is None else plan.settings(path)
    chosen, every = (plan.every(), plan.every()) if path is None else plan.terms(path)[:2]
    lines = [line for field in Config._fields for line in _field(field, settings, plan.wishes, path, lang)]
    longest = max(width(line.text) for line in lines if line.origin)
    for line in lines:
        gap = " " * (longest - width(line.text))
        yield f"{line.text}{gap}  # {line.origin}\n" if line.origin else f"{line.text}\n"
    if path is not None and plan.excludes(path):
        yield "# " + Phrase(zh="这个文件不检查", en="this file is left out").say(lang) + "\n"
        return
    if path is not None:
        running = {rule.id for rule in chosen.rules}
        resting = ", ".join(rule.id for rule in every.rules if rule.id not in running)
        count = Phrase(zh=f"用 {len(running)} 条规则", en=f"{len(running)} rules run").say(lang)
        rest = Phrase(zh=f"，不用 {resting}", en=f", without {resting}").say(lang) if resting else ""
        yield f"# {count}{rest}\n"


def _field(field: str, settings: Settings, wishes: Wishes, path: str | None, lang: str) -> Iterator[Line]:
    key = Config.yaml_key(field)
    wished = _wished(field, wishes)
    command_line = COMMAND_LINE.say(lang)
    if field in ADDED_UP:
        items = [line for layer in settings.layers for line in _items(field, layer, settings, path, lang)]
        items += [Line(f"  - {_said(name)}", command_line) for name in wished or ()]
        empty = "{}" if field == "levels" else "[]"
        yield from [Line(f"{key}:"), *items] if items else [Line(f"{key}: {empty}", DEFAULT.say(lang))]
        return
    nearest = next((layer for layer in reversed(settings.layers) if field in layer.nodes), None)
    if wished:
        yield Line(f"{key}: {_said(wished)}", command_line)
    elif nearest:
        yield Line(f"{key}: {_said(getattr(settings.config, field))}", _place(nearest, nearest.nodes[field]))
    else:
        yield Line(f"{key}: {_said(getattr(settings.config, field))}", DEFAULT.say(lang))


def _wished(field: str, wishes: Wishes) -> Any:
    """What the command line says of a field; nothing where it says nothing."""
    return (wishes.choice._asdict() | wishes._asdict()).get(field)


def _items(field: str, layer: Layer, settings: Settings, path: str | None, lang: str) -> Iterator[Line]:
    """The entries of one layer: each has its own place."""
    if field not in layer.nodes:
        return
    node, value = layer.nodes[field], getattr(layer.config, field)
    if field == "levels":
        for key, _ in node.value:
            yield Line(f"  {key.value}: {value[key.value]}", _place(layer, key))
    elif node.kind != "list":  # a rule pack: what extends it names it
        yield from (Line(f"  - {_said(folder)}", _place(layer, node)) for folder in value)
    else:
        for item, at in zip(value, node.value, strict=True):
            idle = isinstance(item, PerFile) and path is not None and not applies(settings, item, path)
            note = Phrase(zh="（不涉及这个文件）", en=" (not this file)").say(lang) if idle else ""
            yield Line(f"  - {_said(item)}", _place(layer, at) + note)


def _place(layer: Layer, node: Node) -> str:
    return f"{layer.file.path}:{node.line}"


def _said(value: Any) -> str:
    """A value as YAML in one line."""
    if isinstance(value, PerFile | Limits):
        return _said({Config.yaml_key(key): part for key, part in value._asdict().items() if part})
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_said, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_said(part)}" for key, part in value.items()) + "}"
    if isinstance(value, str) and re.fullmatch(r"\w[\w./-]*|\.", value) and not value.isdecimal():
        return str(value)
    return json.dumps(value, ensure_ascii=False)
