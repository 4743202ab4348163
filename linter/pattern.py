"""Regular expressions from rule files: bounded, compiled when first used, and searched only where they can match.

Compiling a pattern with a class of Chinese characters takes a third of a millisecond, and a ruleset has some hundred:
so each pattern knows which literals every match must hold, and a text without them is neither searched nor worth
compiling for. The literals are found when the rule file is parsed, and kept with the cached rules. A pattern that does
not look at the ends of a text is searched once in all texts of a report together, which mostly is the end of it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from linter.errors import Phrase
from linter.folding import SEPARATOR

if TYPE_CHECKING:  # a start from cached rules does without
    from linter.regextree import Literals

MAX_LENGTH = 1000
"""The longest pattern that is accepted."""

_NESTED = r"[*+}]\)[*+{]|\\[1-9]|\(\?P="


@lru_cache(maxsize=1)
def _apart(joined: str) -> frozenset[str]:
    """The texts that are joined, each once."""
    return frozenset(joined.split(SEPARATOR))


class Pattern:
    """A regular expression written in a rule file, to be matched against folded text.

    Patterns whose running time can explode (a repeated group that ends in a repetition, back references) are refused
    when the file is read, so that a stranger's rule pack cannot stop a run.
    """

    __slots__ = ("_compiled", "literals", "local", "source")

    def __init__(self, source: str, literals: "Literals" = (), *, local: bool = False) -> None:
        self.source, self.literals = source, literals
        self.local = local  # whether the ends of a text do not matter: what it finds in one, it finds in a longer one
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
        from linter.regextree import is_local, required_literals  # not needed where the rules are cached

        return cls(text, required_literals(text), local=is_local(text))

    def kept(self) -> list[Any]:
        """What `from_kept` makes the pattern of again."""
        return [self.source, self.literals, self.local]

    @classmethod
    def from_kept(cls, kept: list[Any]) -> Self:
        """The pattern that was kept, which was found right before."""
        source, literals, local = kept
        return cls(source, tuple(map(tuple, literals)), local=local)

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

    def may_occur(self, joined: str) -> bool:
        """Whether one of the folded texts that are joined, with SEPARATOR between them, may hold a match."""
        if not self.may_match(joined):
            return False
        search = self.compiled.search
        return search(joined) is not None if self.local else any(map(search, _apart(joined)))

    def search(self, folded: str, start: int = 0) -> re.Match[str] | None:
        """The first match in a folded text from `start` on."""
        return self.compiled.search(folded, start) if self.may_match(folded) else None

    def finditer(self, folded: str) -> Iterator[re.Match[str]]:
        """All matches in a folded text."""
        return self.compiled.finditer(folded) if self.may_match(folded) else iter(())

    def match(self, folded: str, start: int = 0) -> re.Match[str] | None:
        """The match that begins just at `start`."""
        return self.compiled.match(folded, start) if self.may_match(folded) else None
