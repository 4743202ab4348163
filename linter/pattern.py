"""Regular expressions from rule files: compiled when first used, and bounded."""

import re
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

    __slots__ = ("match", "search", "source")

    def __init__(self, source: str) -> None:
        compiled = re.compile(source)
        self.source, self.search, self.match = source, compiled.search, compiled.match

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
            return cls(text)
        except re.error as error:
            raise ValueError(
                Phrase(zh=f"不是正确的正则表达式：{error}", en=f"not a valid regular expression: {error}")
            ) from None
