"""Which versions a configuration asks for: `>=0.1,<1`, each part with one of == >= <= > < (none means ==)."""

import operator
import re

from linter.errors import Phrase

_RELATIONS = {"==": operator.eq, ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_PART = re.compile(r"\s*(==|>=|<=|>|<|)\s*(\d+(?:\.\d+)*)\s*")


def meets(version: str, requirement: str) -> bool:
    """Whether a version (numbers between dots) is what the requirement wants. Raises ValueError with a Phrase."""
    verdicts = []
    for text in requirement.split(","):
        part = _PART.fullmatch(text)
        if part is None:
            raise ValueError(
                Phrase(
                    zh=f"不是版本要求：{requirement}（写法如 >=0.1,<1）",
                    en=f"not a requirement: {requirement} (write >=0.1,<1)",
                )
            )
        verdicts.append(_RELATIONS[part[1] or "=="](_numbers(version), _numbers(part[2])))
    return all(verdicts)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers that a version begins with, without zeros at the end: 1.0 is 1."""
    numbers = [int(number) for number in re.match(r"[\d.]*", version)[0].split(".") if number]  # type: ignore[index]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
