"""Regular expressions from rule files: compiled when first used, and bounded."""

import re
from collections.abc import Iterator
from typing import Self

from linter.errors import Phrase

MAX_LENGTH = 1000
"""The longest pattern that is accepted."""

_NESTED = re.compile(r"[*+}]\)[*+{]|\\[1-9]|\(\?P=")


class Pattern:
    """A regular expression written in a rule file, to be matched against folded text.

    Patterns whose running time can explode (a repeated group that ends in a repetition, back references) are refused
    when the file is read, so that a stranger's rule pack cannot stop a run.
    """

    __slots__ = ("_compiled", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._compiled: re.Pattern[str] | None = None

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """The pattern that `text` writes. Raises ValueError with a Phrase."""
        if len(text) > MAX_LENGTH or _NESTED.search(text):
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
        return cls(text)

    @classmethod
    def from_trusted(cls, text: str) -> Self:
        """The pattern that `text` writes, which was found right before: compiled only if it is used."""
        return cls(text)

    @property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        if self._compiled is None:
            self._compiled = re.compile(self.source)
        return self._compiled

    def search(self, folded: str, start: int = 0) -> re.Match[str] | None:
        """The first match in a folded text from `start` on."""
        return self.compiled.search(folded, start)

    def finditer(self, folded: str) -> Iterator[re.Match[str]]:
        """All matches in a folded text."""
        return self.compiled.finditer(folded)

    def match(self, folded: str, start: int = 0) -> re.Match[str] | None:
        """The match that begins just at `start`."""
        return self.compiled.match(folded, start)
