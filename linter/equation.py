"""The equations of total rules: `received + carried_in == handled + carried_out`, `sum(denied)`.

Python's own parser reads them and a whitelist of node types is all that is accepted; nothing is ever evaluated as code.
"""

import ast
import operator
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from linter.errors import Phrase

MAX_LENGTH = 500
"""The longest equation that is read."""

_RELATIONS: dict[type[ast.cmpop], tuple[str, Callable[[Decimal, Decimal], bool]]] = {
    ast.Eq: ("==", operator.eq),
    ast.LtE: ("<=", operator.le),
    ast.GtE: (">=", operator.ge),
    ast.Lt: ("<", operator.lt),
    ast.Gt: (">", operator.gt),
}


class Term(NamedTuple):
    """A row or column, or with `group` the sum of all whose keys begin with it, added or taken away."""

    name: str
    group: bool
    sign: int  # 1 or -1


class Equation(NamedTuple):
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    relation: str

    @classmethod
    def from_yaml(cls, text: str) -> "Equation":
        """The equation that `text` writes. Raises ValueError with a Phrase."""
        if len(text) > MAX_LENGTH:
            raise ValueError(Phrase(zh="等式太长", en="the equation is too long"))
        try:
            tree = ast.parse(text, mode="eval").body
        except (SyntaxError, RecursionError, MemoryError, ValueError):
            raise _not_an_equation(text) from None
        if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or type(tree.ops[0]) not in _RELATIONS:
            raise _not_an_equation(text)
        return cls(
            left=tuple(_terms(tree.left, 1, text)),
            right=tuple(_terms(tree.comparators[0], 1, text)),
            relation=_RELATIONS[type(tree.ops[0])][0],
        )

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms, left ones first."""
        return self.left + self.right

    def holds(self, left: Decimal, right: Decimal) -> bool:
        """Whether the relation holds between the values of its two sides."""
        return next(test for sign, test in _RELATIONS.values() if sign == self.relation)(left, right)


def _terms(node: ast.expr, sign: int, text: str) -> Iterator[Term]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield from _terms(node.left, sign, text)
        yield from _terms(node.right, sign if isinstance(node.op, ast.Add) else -sign, text)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sum":
        if len(node.args) != 1 or node.keywords:
            raise _not_an_equation(text)
        yield Term(name=_name(node.args[0], text), group=True, sign=sign)
    else:
        yield Term(name=_name(node, text), group=False, sign=sign)


def _name(node: ast.expr, text: str) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value, text)}.{node.attr}"
    if isinstance(node, ast.Name):
        return node.id
    raise _not_an_equation(text)


def _not_an_equation(text: str) -> ValueError:
    return ValueError(
        Phrase(
            zh=f"不是等式：{text}（写法如 a + b - sum(c) == d，只用 + - sum() == <= >= < >）",
            en=f"not an equation: {text} (write a + b - sum(c) == d, with + - sum() == <= >= < > only)",
        )
    )
