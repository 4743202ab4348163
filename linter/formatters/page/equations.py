"""The equation of a total rule that does not hold, with the report's numbers in it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from linter.checks.total import TotalCheck
from linter.equation import Equation, Term
from linter.figure import Figure
from linter.ruleset import Rule
from linter.template import TableForm


class Number(NamedTuple):
    """A number of the equation."""

    sign: str  # "" in front of the first one
    label: str  # of its row or column
    text: str  # as printed
    address: str


class Side(NamedTuple):
    numbers: tuple[Number, ...]
    zeros: int  # how many more there are that are 0
    total: Decimal


class Sum(NamedTuple):
    label: str  # the column or row in which it should hold
    left: Side
    should: str  # the relation that should hold: "==", "<=", ">=", "<" or ">"
    relation: str  # the one that does: "≠", "<", ">" or "="
    right: Side
    difference: Decimal


def failing(rule: Rule, address: str, form: TableForm, figures: Mapping[str, Figure]) -> Sum | None:
    """The equation of `rule` whose finding sits at `address`; None for rules that are no equation."""
    check = rule.check
    if not isinstance(check, TotalCheck):
        return None
    instance = next((one for one in check.instances(form) if one.target == address), None)
    if instance is None or not all(cell in figures for group in instance.terms for cell in group):
        return None
    terms = list(zip(check.holds.terms, instance.terms, strict=True))
    split = len(check.holds.left)
    by_row = check.for_each == "column"
    left = _side(terms[:split], form, figures, by_row=by_row)
    right = _side(terms[split:], form, figures, by_row=by_row)
    return Sum(
        instance.label,
        left,
        check.holds.relation,
        _relation(check.holds, left, right),
        right,
        abs(left.total - right.total),
    )


def _relation(equation: Equation, left: Side, right: Side) -> str:
    if equation.relation == "==":
        return "≠"
    return "=" if left.total == right.total else "<" if left.total < right.total else ">"


def _side(
    terms: Sequence[tuple[Term, Sequence[str]]], form: TableForm, figures: Mapping[str, Figure], *, by_row: bool
) -> Side:
    numbers: list[Number] = []
    total = Decimal(0)
    cells = [(term, address) for term, addresses in terms for address in addresses]
    for term, address in cells:
        figure = figures[address]
        value = figure.value or Decimal(0)  # an equation with a blank is not checked
        total += term.sign * value
        if value or len(cells) == 1:
            label = form.label_of(address) if by_row else form.column_of(address).label
            sign = "−" if term.sign < 0 else "+" if numbers else ""
            numbers.append(Number(sign, label, figure.text, address))
    return Side(tuple(numbers), len(cells) - len(numbers), total)
