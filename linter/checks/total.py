"""`total`: an equation between rows holds in each column, or between columns in each row."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from linter.check import Finding, Problem, Unchecked
from linter.diagnostic import Related
from linter.equation import Equation, Term
from linter.errors import Phrase
from linter.report import Report
from linter.tables import PrintedTable
from linter.template import TableForm, Template

ZERO = Decimal(0)


class Instance(NamedTuple):
    """The equation in one column or row of a table."""

    label: str  # of the column or row
    target: str  # the address of the first cell of the right side: findings sit on it
    terms: tuple[tuple[str, ...], ...]  # the addresses that each term adds up
    more: tuple[str, ...]  # the cells that make the left side more, or the right side less …
    less: tuple[str, ...]  # … and the other way round: the equation holds between the sums of the two


class TotalCheck(NamedTuple):
    """The equation `holds` is true in each column (its names are rows) or row (its names are columns) of `table`.

    A finding sits on the first cell of the right side. An instance with a blank or unreadable cell is not checkable.
    """

    table: str
    for_each: Literal["column", "row"]
    holds: Equation

    def __hash__(self) -> int:
        """By identity: rules are few, live as long as the ruleset, and are keys of what is derived from them."""
        return id(self)

    def placeholders(self) -> frozenset[str]:
        """The instance's label, both sides, and each name of the equation."""
        return frozenset({self.for_each, "left", "right", "difference", *(term.name for term in self.holds.terms)})

    def problems(self, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """Tables, rows and columns that no template has."""
        forms = [form for template in templates if (form := template.table(self.table))]
        if not forms:
            yield Problem(
                option="table", name=self.table, known=tuple({t.key for template in templates for t in template.tables})
            )
            return
        names = {name for form in forms for name in self._names(form)}
        groups = names | {
            ".".join(name.split(".")[:depth]) for name in names for depth in range(1, name.count(".") + 1)
        }
        for term in self.holds.terms:
            if term.name not in (groups if term.group else names):
                yield Problem(option="holds", name=term.name, known=tuple(groups if term.group else names))

    def _names(self, form: TableForm) -> list[str]:
        if self.for_each == "column":
            return [row.key for row in form.rows]
        return list(dict.fromkeys(column.key for columns in form.columns for column in columns))

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding for each column or row in which the equation does not hold."""
        table = report.tables.get(self.table)
        if table is None:
            yield Unchecked(reason=Phrase(zh="表格缺失或无法读取", en="the table is missing or unreadable"))
            return
        for instance in self.instances(table.form):
            yield from self._check(table, instance)

    def instances(self, form: TableForm) -> tuple[Instance, ...]:
        """The equation in each column or row; none where the edition lacks a row or column of it."""
        return _instances(self, form)

    def instances_of(self, form: TableForm) -> Iterator[Instance]:
        names = self._names(form)
        cells = [self._expand(term, names) for term in self.holds.terms]
        if not all(cells):
            return
        split = len(self.holds.left)
        known = frozenset(form.addresses())
        for key, label in self._lines(form):
            terms = tuple(tuple(self._address(name, key) for name in group) for group in cells)
            if known.issuperset(address for group in terms for address in group):  # else its block lacks a column of it
                signed = [(self._sign(number), address) for number, group in enumerate(terms) for address in group]
                yield Instance(
                    label=label,
                    target=terms[split][0],
                    terms=terms,
                    more=tuple(address for sign, address in signed if sign > 0),
                    less=tuple(address for sign, address in signed if sign < 0),
                )

    def _sign(self, number: int) -> int:
        """The sign of a term in the left side less the right side."""
        sign = self.holds.terms[number].sign
        return sign if number < len(self.holds.left) else -sign

    def coefficients(self, instance: Instance) -> dict[str, int]:
        """Address → factor of the sum that is the left side less the right side: 0 where `==` holds."""
        factors: dict[str, int] = {}
        for sign, addresses in ((1, instance.more), (-1, instance.less)):
            for address in addresses:
                factors[address] = factors.get(address, 0) + sign
        return {address: factor for address, factor in factors.items() if factor}

    def _expand(self, term: Term, names: list[str]) -> list[str]:
        """The rows or columns that a term adds up."""
        if term.group:
            return [name for name in names if name == term.name or name.startswith(f"{term.name}.")]
        return [name for name in names if name == term.name]

    def _lines(self, form: TableForm) -> Iterator[tuple[str, str]]:
        """(key, label) of each column or row."""
        if self.for_each == "row":
            yield from ((row.key, row.label) for row in form.rows)
        else:
            yield from ((column.key, column.label) for column in form.columns[0])

    def _address(self, name: str, instance: str) -> str:
        row, column = (name, instance) if self.for_each == "column" else (instance, name)
        return f"{self.table}.{row}.{column}"

    def _check(self, table: PrintedTable, instance: Instance) -> Iterator[Finding | Unchecked]:
        number = table.numbers.__getitem__
        try:
            if self.holds.holds(sum(map(number, instance.more), ZERO), sum(map(number, instance.less), ZERO)):
                return
        except KeyError as blank:  # no number there
            yield Unchecked(reason=table.why_unread(blank.args[0]), address=instance.target)
            return
        terms, figures, target = self.holds.terms, table.figures, instance.target
        sums = [sum(map(number, addresses), ZERO) for addresses in instance.terms]
        totals = [total * term.sign for term, total in zip(terms, sums, strict=True)]
        split = len(self.holds.left)
        left, right = sum(totals[:split], ZERO), sum(totals[split:], ZERO)
        yield Finding(
            at=figures[target].at,
            address=target,
            values={term.name: abs(total) for term, total in zip(terms, sums, strict=True)}
            | {self.for_each: instance.label, "left": left, "right": right, "difference": abs(left - right)},
            related=tuple(
                Related(at=figures[address].at, address=address)
                for addresses in instance.terms
                for address in addresses
                if address != target and figures[address].value
            ),
        )


@lru_cache(maxsize=256)
def _instances(check: TotalCheck, form: TableForm) -> tuple[Instance, ...]:
    return tuple(check.instances_of(form))
