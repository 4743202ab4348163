"""Regular expressions from rule files: bounded, compiled when first used, and searched only where they can match.

Compiling a pattern with a class of Chinese characters takes a third of a millisecond, and a ruleset has some hundred:
so each pattern knows which literals every match must hold, and a text without them is neither searched nor worth
compiling for. The literals are found when the rule file is parsed, and kept with the cached rules.
"""

import re
from collections.abc import Iterator
from typing import Any, Self

from linter.errors import Phrase

MAX_LENGTH = 1000
"""The longest pattern that is accepted."""

MOST_LITERALS = 12
"""Alternatives up to which looking for literals is quicker than searching."""

_NESTED = r"[*+}]\)[*+{]|\\[1-9]|\(\?P="

Literals = tuple[tuple[str, ...], ...]
"""Of each group at least one string occurs in every text that the pattern matches."""


class Pattern:
    """A regular expression written in a rule file, to be matched against folded text.

    Patterns whose running time can explode (a repeated group that ends in a repetition, back references) are refused
    when the file is read, so that a stranger's rule pack cannot stop a run.
    """

    __slots__ = ("_compiled", "literals", "source")

    def __init__(self, source: str, literals: Literals = ()) -> None:
        self.source, self.literals = source, literals
        self._compiled: re.Pattern[str] | None = None

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """The pattern that `text` writes. Raises ValueError with a Phrase."""
        if len(text) > MAX_LENGTH or re.search(_NESTED, text):
            raise ValueError(
                Phrase(
                    zh="正则表达式太长，或含有会使匹配时间失控的写法（如 (a+)+、反向引用）",
                    en="the pattern is too long, or its running time could explode (such as (a+)+ or back references)",
                )
            )
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError(
                Phrase(zh=f"不是正确的正则表达式：{error}", en=f"not a valid regular expression: {error}")
            ) from None
        return cls(text, required_literals(text))

    def kept(self) -> list[Any]:
        """What `from_kept` makes the pattern of again."""
        return [self.source, self.literals]

    @classmethod
    def from_kept(cls, kept: list[Any]) -> Self:
        """The pattern that was kept, which was found right before."""
        source, literals = kept
        return cls(source, tuple(map(tuple, literals)))

    @property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        if self._compiled is None:
            self._compiled = re.compile(self.source)
        return self._compiled

    def may_match(self, folded: str) -> bool:
        """Whether a folded text holds the literals of a match; so does each text that holds it."""
        for group in self.literals:
            for literal in group:
                if literal in folded:
                    break
            else:
                return False
        return True

    def search(self, folded: str, start: int = 0) -> re.Match[str] | None:
        """The first match in a folded text from `start` on."""
        return self.compiled.search(folded, start) if self.may_match(folded) else None

    def finditer(self, folded: str) -> Iterator[re.Match[str]]:
        """All matches in a folded text."""
        return self.compiled.finditer(folded) if self.may_match(folded) else iter(())

    def match(self, folded: str, start: int = 0) -> re.Match[str] | None:
        """The match that begins just at `start`."""
        return self.compiled.match(folded, start) if self.may_match(folded) else None


def required_literals(source: str) -> Literals:
    """The literals that every match of a pattern holds; fewer than there are where that cannot be told simply."""
    # The parser of the standard library, where it is to be had: its tree is not a public interface.
    try:
        from re import _constants, _parser  # type: ignore[attr-defined]
    except ImportError:
        return ()
    parsed = _parser.parse(source)
    if parsed.state.flags & ~re.UNICODE:  # (?i) and the like change what a literal stands for
        return ()
    return tuple(_groups(parsed, _constants))


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
