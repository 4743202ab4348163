"""A rule file that only changes another one: it says what is different, and takes over the rest."""

import os
from collections.abc import Mapping

from linter.yamlfile import Node


def completed(trees: Mapping[str, Node]) -> dict[str, Node]:
    """The rule files by path, each without `check` with what it leaves out, from the one of its name before it.

    What is taken over stands where the changing file begins: that is the file to correct, whatever is wrong.
    """
    before: dict[str, Node] = {}
    whole: dict[str, Node] = {}
    for path, tree in trees.items():
        name = os.path.basename(path)
        changes = tree.kind == "map" and all(key.value != "check" for key, _ in tree.value)
        whole[path] = _merged(_moved(before[name], tree), tree, depth=1) if changes and name in before else tree
        if tree.kind == "map":
            before[name] = whole[path]
    return whole


def _merged(base: Node, change: Node, depth: int) -> Node:
    """A mapping with the pairs of `change` in the place of those of `base`; `depth` mappings below it likewise."""
    pairs = {key.value: (key, value) for key, value in base.value}
    for key, value in change.value:
        old = pairs.get(key.value)
        if depth and old and old[1].kind == value.kind == "map":
            pairs[key.value] = (key, _merged(old[1], value, depth - 1))
        else:
            pairs[key.value] = (key, value)
    return change._replace(value=list(pairs.values()))


def _moved(node: Node, to: Node) -> Node:
    value = node.value
    if node.kind == "list":
        value = [_moved(item, to) for item in value]
    elif node.kind == "map":
        value = [(_moved(key, to), _moved(item, to)) for key, item in value]
    return node._replace(value=value, line=to.line, column=to.column)
