"""Composed YAML kept between runs, so that an unchanged ruleset is not parsed at every start.

The file holds the sources that it was made of and is used only for these, byte for byte, and this version. A corrupt,
truncated or foreign file is no cache: what is read goes through the same building and type checks as parsed YAML.
"""

import json
import os
from collections.abc import Mapping
from typing import Any

from linter import __version__
from linter.yamlfile import Node


def load_trees(path: str, sources: Mapping[str, bytes]) -> dict[str, Node] | None:
    """The composed files, if the cache at `path` was made of just these sources; else None."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        if content["version"] != __version__ or content["sources"] != _texts(sources):
            return None
        return {name: _node(tree) for name, tree in content["trees"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def save_trees(path: str, sources: Mapping[str, bytes], trees: Mapping[str, Node]) -> None:
    """Writes the cache, whole or not at all; a place that cannot be written leaves the run without one."""
    content = {
        "version": __version__,
        "sources": _texts(sources),
        "trees": {name: _plain(tree) for name, tree in trees.items()},
    }
    unfinished = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(unfinished, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
        os.replace(unfinished, path)
    except OSError:
        return


def _texts(sources: Mapping[str, bytes]) -> dict[str, str]:
    return {path: data.decode("utf-8", "backslashreplace") for path, data in sources.items()}


def _plain(node: Node) -> list[Any]:
    value: Any = node.value
    if node.kind == "list":
        value = [_plain(item) for item in node.value]
    elif node.kind == "map":
        value = [[_plain(key), _plain(item)] for key, item in node.value]
    return [node.kind, value, node.line, node.column]


def _node(plain: list[Any]) -> Node:
    kind, value, line, column = plain
    if kind == "list":
        value = [_node(item) for item in value]
    elif kind == "map":
        value = [(_node(key), _node(item)) for key, item in value]
    elif not isinstance(value, str):
        raise TypeError(value)
    return Node(kind, value, line, column)
