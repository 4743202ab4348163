"""The equations of total rules: `received + carried_in == handled + carried_out`, `sum(denied)`.

The grammar is all there is: names, `sum(name)`, + and -, and one relation. Nothing is ever evaluated as code.
"""

import operator
import re
from decimal import Decimal
from typing import NamedTuple

from linter.errors import Phrase

MAX_LENGTH = 500
"""The longest equation that is read."""

_RELATIONS = {"==": operator.eq, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}
_RELATION = re.compile(r"(==|<=|>=|<|>)")
_TERM = re.compile(r"\s*([+-]?)\s*(?:(sum)\(\s*([\w.]+)\s*\)|([\w.]+))\s*")


class Term(NamedTuple):
    """A row or column, or with `group` the sum of all whose keys begin with it, added or taken away."""

    name: str
    group: bool
    sign: int  # 1 or -1


class Equation(NamedTuple):
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    relation: str  # "==", "<=", ">=", "<" or ">"

    @classmethod
    def from_yaml(cls, text: str) -> "Equation":
        """The equation that `text` writes. Raises ValueError with a Phrase."""
        sides = _RELATION.split(text) if len(text) <= MAX_LENGTH else []
        if len(sides) != 3:
            raise _not_an_equation(text)
        left, relation, right = sides
        return cls(left=_terms(left, text), right=_terms(right, text), relation=relation)

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms, left ones first."""
        return self.left + self.right

    def holds(self, left: Decimal, right: Decimal) -> bool:
        """Whether the relation holds between the values of its two sides."""
        return bool(_RELATIONS[self.relation](left, right))


def _terms(side: str, text: str) -> tuple[Term, ...]:
    terms: list[Term] = []
    end = 0
    while match := _TERM.match(side, end):
        sign, group, grouped, name = match.groups()
        if bool(sign) != bool(terms):  # a sign in front of each term but the first
            break
        terms.append(Term(name=grouped or name, group=bool(group), sign=-1 if sign == "-" else 1))
        end = match.end()
    if not terms or end < len(side):
        raise _not_an_equation(text)
    return tuple(terms)


def _not_an_equation(text: str) -> ValueError:
    shown = text[:60]
    return ValueError(
        Phrase(
            zh=f"不是等式：{shown}（写法如 a + b - sum(c) == d，只用 + - sum() == <= >= < >）",
            en=f"not an equation: {shown} (write a + b - sum(c) == d, with + - sum() == <= >= < > only)",
        )
    )
