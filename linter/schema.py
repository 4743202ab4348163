"""`nianbao schema`: JSON Schemas of the YAML files, for editors, made of the types that the files are read into."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from linter.checks import CHECKS
from linter.config import Config
from linter.ruleset import RuleHead
from linter.template import Template
from linter.yamlfile import is_record, key_of, record_types

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number"},
    Decimal: {"type": "number"},
    type(None): {"type": "null"},
}


def print_schema(name: str) -> Iterator[str]:
    """The schema of that name, as JSON."""
    yield json.dumps(SCHEMAS[name](), ensure_ascii=False, indent=2) + "\n"


def _config() -> dict[str, Any]:
    return _whole("nianbao-lint configuration (.nianbao.yaml)", Config)


def _template() -> dict[str, Any]:
    return _whole("nianbao-lint template (templates/<edition>.yaml)", Template)


def _rule() -> dict[str, Any]:
    """A rule: what `with` may hold depends on `check`; without `check` it changes a rule of the same name."""
    schema = _whole("nianbao-lint rule (<rule-id>.yaml)", RuleHead)
    required = [*schema.pop("required"), "check"]
    options = {name: _of(check, schema["$defs"]) for name, check in CHECKS.items()}
    schema["properties"] |= {"check": {"enum": list(CHECKS)}, "with": {"type": "object"}}
    schema["allOf"] = [
        {"if": {"required": ["check"]}, "then": {"required": required}},
        *(
            {
                "if": {"required": ["check"], "properties": {"check": {"const": name}}},
                "then": {"properties": {"with": wanted}},
            }
            for name, wanted in options.items()
        ),
    ]
    return schema


def _whole(title: str, wanted: Any) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    body = _record(wanted, definitions)
    return {"$schema": DIALECT, "title": title, **body, "$defs": definitions}


def _of(wanted: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type that `YamlFile.build` knows; that of a named tuple is kept in `definitions`."""
    origin: Any = get_origin(wanted)
    if wanted in _SCALARS:
        return dict(_SCALARS[wanted])
    if hasattr(wanted, "from_yaml"):
        return {"type": "string", "description": first_line(wanted)}
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return {"enum": [member.value for member in wanted]}
    if is_record(wanted):
        if wanted.__name__ not in definitions:
            definitions[wanted.__name__] = {}  # a type may hold itself
            definitions[wanted.__name__] = _record(wanted, definitions)
        return {"$ref": f"#/$defs/{wanted.__name__}"}
    arguments = get_args(wanted)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is UnionType:
        return {"anyOf": [_of(option, definitions) for option in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _of(arguments[0], definitions)}
    return {"type": "object", "additionalProperties": _of(arguments[1], definitions)}


def _record(wanted: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    properties = {}
    for field, kind in record_types(wanted).items():
        properties[key_of(wanted, field)] = _of(kind, definitions) | _default(wanted, field)
    return {
        "type": "object",
        "description": first_line(wanted),
        "properties": properties,
        "required": [key_of(wanted, field) for field in wanted._fields if field not in wanted._field_defaults],
        "additionalProperties": False,
    }


def _default(wanted: Any, field: str) -> dict[str, Any]:
    """The default, where it is a plain value that says something."""
    value = wanted._field_defaults.get(field)
    return {"default": value} if isinstance(value, str | int) and value != "" else {}


def first_line(wanted: Any) -> str:
    text = wanted.__doc__ or ""
    return "" if text.startswith(f"{wanted.__name__}(") else text.splitlines()[0] if text else ""


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {"config": _config, "rule": _rule, "template": _template}
"""Name of `nianbao schema` → what makes it."""
