"""Which rules run, and at which level: what layers of settings say of them, one after the other."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

ALL = "all"
"""The name that stands for every rule."""

Severity = Literal["error", "warning", "info", "off"]


if TYPE_CHECKING:  # a Protocol takes time to define, at every start
    from typing import Protocol

    class Selectable(Protocol):
        """What selection asks of a rule."""

        @property
        def id(self) -> str: ...
        @property
        def topic(self) -> str: ...
        @property
        def preview(self) -> bool: ...
        @property
        def off(self) -> bool: ...


class Choice(NamedTuple):
    """What one layer says of rules, each named by its id, by its topic, or as one of `all`."""

    select: tuple[str, ...] = ()  # only these; none leaves what the layers before chose
    extend_select: tuple[str, ...] = ()  # these, too
    ignore: tuple[str, ...] = ()
    levels: Mapping[str, Severity] = MappingProxyType({})


def known_names(rules: "Iterable[Selectable]") -> set[str]:
    """Every name that a Choice may use."""
    return {ALL, *(name for rule in rules for name in (rule.id, rule.topic))}


def choose(
    rules: "Sequence[Selectable]", choices: Iterable[Choice], preview: bool
) -> tuple[set[str], dict[str, Severity]]:
    """(the ids of the rules that run, the level of each rule where one is set). Every name must be known.

    A later choice wins over an earlier one. Preview rules run with `preview`, or where they are selected by id.
    """
    active = {rule.id for rule in rules if preview or not rule.preview}
    levels: dict[str, Severity] = {rule.id: "off" for rule in rules if rule.off}

    def members(name: str) -> list[str]:
        by_id = [rule.id for rule in rules if rule.id == name]
        return by_id or [
            rule.id for rule in rules if name in {ALL, rule.topic} and (preview or not rule.preview) and not rule.off
        ]

    for choice in choices:
        if choice.select:
            active = set()
        for rule in (rule for name in (*choice.select, *choice.extend_select) for rule in members(name)):
            active.add(rule)
            if levels.get(rule) == "off":
                del levels[rule]
        active.difference_update(rule for name in choice.ignore for rule in members(name))
        for name in sorted(choice.levels, key=lambda name: (name != ALL, members(name) == [name])):
            levels |= dict.fromkeys(members(name), choice.levels[name])  # the more particular name last: it wins
    return {rule for rule in active if levels.get(rule) != "off"}, levels
