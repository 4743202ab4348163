"""The content of YAML files kept between runs, so that an unchanged ruleset is not parsed at every start.

The file names the content that it was made of by length and checksums, and serves only that, and this version. What it
holds was valid when it was written; a corrupt, truncated or foreign file is not what is wanted of it, and no cache.
"""

import marshal
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import UnionType
from typing import Any, get_args, get_origin
from zlib import adler32, crc32

from linter import __version__
from linter.cachefolder import write_whole
from linter.yamlfile import Node, is_record, record_types

Plain = Any
"""A YAML value without its marks: a scalar's text, None, a list, or a dictionary."""


class Unusable(Exception):  # noqa: N818 - nothing is wrong: there is no cache
    """The cache does not hold what is wanted of it."""


def made_of(sources: Mapping[str, bytes]) -> str:
    """What stands for this program's and Python's version and the content of the sources."""
    version = f"nianbao-lint {__version__} {sys.hexversion:x}"
    return "|".join([version, *(f"{path}:{_sum(data)}" for path, data in sources.items())])


def load_contents(path: str, sources: str) -> dict[str, Plain]:
    """The content of each source, if the cache at `path` was made of just these (`made_of`). Raises Unusable."""
    try:
        with open(path, "rb") as file:
            head, _, body = file.read().partition(b"\n")
        # Marshal must not be given what it did not write itself: the checksum of the body is in front of it.
        if head != _head(sources, body):
            raise Unusable
        return dict(marshal.loads(body))  # noqa: S302 - see above
    except (OSError, ValueError, EOFError, TypeError) as error:
        raise Unusable from error


def save_contents(path: str, sources: str, trees: Mapping[str, Node], kept_texts: Mapping[int, Plain]) -> None:
    """Writes the cache of the sources (`made_of`); a place that cannot be written leaves the run without one.

    `kept_texts`: what stands in the cache for a text of which something was made at some cost (`YamlFile.kept`).
    """
    body = marshal.dumps({name: _plain(tree, kept_texts) for name, tree in trees.items()})
    write_whole(path, _head(sources, body) + b"\n" + body)


def _head(sources: str, body: bytes) -> bytes:
    """What a cache must begin with: checksums of what it was made of and of the body.

    SHA-256 would cost more to import than reading the cache takes.
    """
    return f"{_sum(sources.encode())} {_sum(body)}".encode()


def _sum(data: bytes) -> str:
    return f"{len(data)}:{crc32(data):08x}:{adler32(data):08x}"


def _plain(node: Node, kept_texts: Mapping[int, Plain]) -> Plain:
    if node.kind == "list":
        return [_plain(item, kept_texts) for item in node.value]
    if node.kind == "map":
        return {key.value: _plain(item, kept_texts) for key, item in node.value}
    return None if node.kind == "null" else kept_texts.get(id(node), node.value)


def revive(plain: Plain, wanted: Any) -> Any:
    """The value of type `wanted` (as for `YamlFile.build`) that content found valid before holds. Raises Unusable."""
    try:
        return _revive(plain, wanted)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise Unusable from error


def _revive(plain: Plain, wanted: Any) -> Any:
    make, argument = _how(wanted)
    return make(plain, argument)


@lru_cache(maxsize=256)
def _how(wanted: Any) -> tuple[Callable[[Plain, Any], Any], Any]:
    """(what makes a value of that type of its content, what it must know of the type)."""
    origin: Any = get_origin(wanted)
    if hasattr(wanted, "from_kept"):
        return lambda plain, kind: kind.from_kept(plain), wanted
    if hasattr(wanted, "from_yaml"):
        return lambda plain, kind: kind.from_yaml(plain), wanted
    if is_record(wanted):
        return _record, (wanted, record_types(wanted))
    if origin is tuple:
        item = get_args(wanted)[0]
        return (lambda plain, _: tuple(plain), None) if item is str else (_items, item)
    if origin is dict:
        return _mapping, get_args(wanted)[1]
    if origin is UnionType:
        return _optional, get_args(wanted)
    if wanted is bool:
        return lambda plain, _: plain.lower() in {"true", "yes", "on"}, None
    if wanted in {int, float, Decimal} or (isinstance(wanted, type) and issubclass(wanted, Enum)):
        return lambda plain, kind: kind(plain), wanted
    return lambda plain, _: plain, None  # a text, or one of a Literal's


def _record(plain: Plain, argument: tuple[Any, dict[str, Any]]) -> Any:
    wanted, types = argument
    return wanted(**{(name := key.replace("-", "_")): _revive(value, types[name]) for key, value in plain.items()})


def _items(plain: Plain, item: Any) -> tuple[Any, ...]:
    return tuple(_revive(value, item) for value in plain)


def _mapping(plain: Plain, item: Any) -> dict[str, Any]:
    return {key: _revive(value, item) for key, value in plain.items()}


def _optional(plain: Plain, options: tuple[Any, ...]) -> Any:
    if plain is None:
        return None
    return _revive(plain, next(option for option in options if is_record(option) == isinstance(plain, dict)))
