"""`[tool.nianbao]` of a pyproject.toml → Nodes, as a YAML file gives them.

tomllib keeps no places, so each key and value is looked for in the text, in the order in which the table holds them:
exact but for a text that also stands in a comment behind another value, and good enough to find a mistake.
"""

import re
import tomllib
from typing import Any

from linter.yamlfile import Invalid, Node, YamlFile

TABLE = ("tool", "nianbao")


def parse_toml(data: bytes, file: YamlFile) -> Node:
    """The table in the file. Raises Invalid, with the mistake noted, where it is not TOML or has no such table."""
    try:
        text = data.decode("utf-8")
        content: Any = tomllib.loads(text)
    except UnicodeDecodeError:
        raise file.wrong(_START, "不是 UTF-8 文本", "not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(file, str(error)) from None
    for name in TABLE:
        content = content.get(name) if isinstance(content, dict) else None
    if not isinstance(content, dict):
        raise file.wrong(_START, "没有 [tool.nianbao]", "there is no [tool.nianbao]")
    return _Finder(text).map(content)


_START = Node(kind="null", value="", line=1, column=1)


def _not_toml(file: YamlFile, problem: str) -> Invalid:
    place = re.search(r" \(at line (\d+), column (\d+)\)$", problem)
    at = _START._replace(line=int(place[1]), column=int(place[2])) if place else _START
    problem = problem[: place.start()] if place else problem
    return file.wrong(at, f"不是正确的 TOML：{problem}", f"not valid TOML: {problem}")


class _Finder:
    """Walks the table and the text side by side."""

    def __init__(self, text: str) -> None:
        self.text = re.sub(r"(?m)^[ \t]*#.*$", lambda comment: " " * len(comment[0]), text)  # of the same length
        start = re.search(r"(?m)^\s*\[+\s*tool\s*\.\s*nianbao\b", self.text)
        self.end = start.end() if start else 0

    def map(self, table: dict[str, Any]) -> Node:
        """The node of a table; it stands where its first key does."""
        pairs = [
            (self.find("str", key, rf"(?<![\w-])[\"']?{re.escape(key)}[\"']?(?![\w-])"), self.node(value))
            for key, value in table.items()
        ]
        first = pairs[0][0] if pairs else self._at(self.end)
        return Node(kind="map", value=pairs, line=first.line, column=first.column)

    def node(self, value: Any) -> Node:
        """The node of a value."""
        if isinstance(value, dict):
            return self.map(value)
        if isinstance(value, list):
            here = self._at(self.end + len(re.match(r"[\s=]*", self.text[self.end :])[0]))  # type: ignore[index]
            return here._replace(kind="list", value=[self.node(item) for item in value])
        if isinstance(value, bool):
            return self.find("bool", str(value).lower())
        kind = {int: "int", float: "float"}.get(type(value), "str")
        return self.find(kind, str(value), "[\"']+" + re.escape(str(value)) if kind == "str" else None)

    def find(self, kind: str, value: str, pattern: str | None = None) -> Node:
        """The node of a key or scalar; where its text is not found as it is, it stands where the last one ended."""
        found = re.compile(pattern or re.escape(value)).search(self.text, self.end)
        if found:
            self.end = found.end()
        return self._at(found.start() if found else self.end)._replace(kind=kind, value=value)

    def _at(self, index: int) -> Node:
        line = self.text.count("\n", 0, index) + 1
        column = index - (self.text.rfind("\n", 0, index) + 1) + 1
        return Node(kind="null", value="", line=line, column=column)
