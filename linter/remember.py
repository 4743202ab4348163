"""Functions of a text that remember what they made of short ones: all reports hold the same labels and numbers."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LONGEST = 2000
"""Characters up to which a text is remembered: memory must stay bounded, whatever is read."""


class _Memory(dict[str, T]):
    """What the function made of each text; forgets all when it is full. A text that is there costs one look-up in C."""

    def __init__(self, function: Callable[[str], T], size: int) -> None:
        super().__init__()
        self._function, self._size = function, size

    def __missing__(self, text: str) -> T:
        made = self._function(text)
        if len(text) <= LONGEST:
            if len(self) >= self._size:
                self.clear()
            self[text] = made
        return made


def remembered(size: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """A decorator: up to `size` short texts are remembered with what the function made of them."""
    return lambda function: _Memory(function, size).__getitem__
