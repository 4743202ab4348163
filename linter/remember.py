"""Functions of a text that remember what they made of short ones: all reports hold the same labels and numbers."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

LONGEST = 2000
"""Characters up to which a text is remembered: memory must stay bounded, whatever is read."""


def remembered(size: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """A decorator: the last `size` short texts are remembered with what the function made of them."""

    def decorate(function: Callable[[str], T]) -> Callable[[str], T]:
        kept = lru_cache(size)(function)

        def recall(text: str) -> T:
            return kept(text) if len(text) <= LONGEST else function(text)

        recall.__doc__ = function.__doc__
        return recall

    return decorate
