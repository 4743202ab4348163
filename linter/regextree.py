"""What can be told of a regular expression without searching: the literals it needs, and what it looks at.

Read off the tree of the standard library's own parser, where that is to be had: the tree is not a public interface.
"""

import re
from collections.abc import Iterator
from typing import Any

from linter.folding import SEPARATOR

Literals = tuple[tuple[str, ...], ...]
"""Of each group at least one string occurs in every text that the pattern matches."""

MOST_LITERALS = 12
"""Alternatives up to which looking for literals is quicker than searching."""


def required_literals(source: str) -> Literals:
    """The literals that every match of a pattern holds; fewer than there are where that cannot be told simply."""
    parsed, ops = _parsed(source)
    if parsed is None or parsed.state.flags & ~re.UNICODE:  # (?i) and the like change what a literal stands for
        return ()
    return tuple(_groups(parsed, ops))


def is_local(source: str) -> bool:
    """Whether what a pattern finds in a text it also finds where that text stands among others, SEPARATOR between them.

    So it is where no anchor and no assertion can tell the end of a text from the separator.
    """
    parsed, ops = _parsed(source)
    return parsed is not None and not _looks_around(parsed, ops)


def _parsed(source: str) -> tuple[Any, Any]:
    """(the tree of a pattern, the names of its nodes); nothing where there is no such parser."""
    try:
        from re import _constants, _parser  # type: ignore[attr-defined]
    except ImportError:
        return None, None
    return _parser.parse(source), _constants


def _looks_around(parsed: Any, ops: Any) -> bool:
    """Whether something in a tree may tell the end of a text from the separator."""
    for op, argument in parsed:
        if op in (ops.SUBPATTERN, ops.MAX_REPEAT, ops.MIN_REPEAT, ops.ASSERT):
            if _looks_around(argument[-1], ops):
                return True
        elif op is ops.BRANCH:
            if any(_looks_around(branch, ops) for branch in argument[1]):
                return True
        elif op is ops.ASSERT_NOT:
            direction, inner = argument
            outer = inner[:1] if direction < 0 else inner[-1:]  # what meets the separator first
            near = inner if len(inner) > len(SEPARATOR) else outer
            if any(kind not in (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN) for kind, _ in inner) or not all(
                _is_visible(*n, ops=ops) for n in near
            ):
                return True
        elif op not in (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN):  # an anchor, or what is not known here
            return True
    return False


def _is_visible(kind: Any, argument: Any, *, ops: Any) -> bool:
    """Whether a node for one character does not match the separator's."""
    if kind is ops.IN:
        return all(_is_visible(*member, ops=ops) for member in argument)
    if kind is ops.LITERAL:
        return chr(argument) not in SEPARATOR
    if kind is ops.RANGE:
        return not argument[0] <= ord(SEPARATOR[0]) <= argument[1]
    return bool(kind is ops.CATEGORY and argument in (ops.CATEGORY_DIGIT, ops.CATEGORY_SPACE, ops.CATEGORY_WORD))


def _groups(parsed: Any, ops: Any) -> Iterator[tuple[str, ...]]:
    """A group of alternatives for each part of a sequence that must occur."""
    run = ""
    for op, argument in parsed:
        if op is ops.LITERAL:
            run += chr(argument)
            continue
        if run:
            yield (run,)
            run = ""
        if op is ops.SUBPATTERN or (op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and argument[0] > 0):
            yield from _groups(argument[-1], ops)
        elif op is ops.IN and len(argument) <= MOST_LITERALS and all(kind is ops.LITERAL for kind, _ in argument):
            yield tuple(chr(code) for _, code in argument)
        elif op is ops.BRANCH:
            branches = [max(_groups(branch, ops), key=_worth, default=()) for branch in argument[1]]
            joined = tuple(dict.fromkeys(literal for group in branches for literal in group))
            if all(branches) and len(joined) <= MOST_LITERALS:
                yield joined
    if run:
        yield (run,)


def _worth(group: tuple[str, ...]) -> tuple[int, int]:
    """How much a group tells: long literals more than short ones, few alternatives more than many."""
    return min(map(len, group)), -len(group)
