"""What prose says of figures: its sentences, the words in front of a number, and the cells that these words mean."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from linter.check import Problem, Unchecked
from linter.errors import Phrase
from linter.figure import Figure
from linter.quantities import Quantity
from linter.report import Report
from linter.template import RowForm, TableForm, Template

_TERM = re.compile(r"([+-]?)([^+-]+)")
_BRACKETED = re.compile(r"\([^()]*\)")
_HARD = ",。;:()!?"


def before(folded: str, quantity: Quantity, previous: int) -> int:
    """Where the words begin that say what a quantity counts: behind a mark, or behind the previous quantity.

    A 、 between words without a number joins them: 予以公开、部分公开258件 counts both.
    """
    start = max(previous, *(folded.rfind(mark, previous, quantity.start) + 1 for mark in _HARD))
    while start < quantity.start and folded[start] in "、及和与并":
        start += 1
    return start


def behind(folded: str, quantity: Quantity, following: int) -> str:
    """The words right behind a quantity, up to the next mark or quantity."""
    rest = folded[quantity.end : following]
    return re.split(r"[,。;:()!?、]", rest, maxsplit=1)[0]


def without_brackets(folded: str) -> str:
    """The text without what stands in brackets, also in one that is not closed yet."""
    return _BRACKETED.sub("", folded).partition("(")[0]


def relative_years(text: str, year: int | None) -> str:
    """The text with the report's year, the one before and the one after as 本年, 上年, 下年."""
    for name, number in (("本", year), ("上", year and year - 1), ("下", year and year + 1)):
        if number:
            text = text.replace(f"{number}年", f"{name}年")
    return text


class Sum(NamedTuple):
    """Cells added up: `requests.received.total + requests.carried_in.total`.

    A heading's key in the place of a row stands for all of its rows: `requests.denied.total`.
    """

    terms: tuple[tuple[int, str], ...]  # (1 or -1, address)

    @classmethod
    def from_yaml(cls, text: str) -> "Sum":
        """The sum that `text` writes. Raises ValueError with a Phrase."""
        found = [(-1 if sign == "-" else 1, name) for sign, name in _TERM.findall("".join(text.split()))]
        if not found or any(name.count(".") < 2 for _, name in found):
            raise ValueError(
                Phrase(
                    zh=f"不是格子的和：{text}（写法如 requests.received.total + requests.carried_in.total）",
                    en=f"not a sum of cells: {text} (write requests.received.total + requests.carried_in.total)",
                )
            )
        return cls(terms=tuple(found))

    def problems(self, option: str, templates: tuple[Template, ...]) -> Iterator[Problem]:
        """The addresses that no template has."""
        forms = [form for template in templates for form in template.tables]
        for _, name in self.terms:
            if not any(_cells(form, name) for form in forms):
                yield Problem(option=option, name=name, known=tuple({a for form in forms for a in form.addresses()}))

    def of(self, report: Report) -> "Total | Unchecked | None":
        """The sum in a report; None where the edition of its tables has no such cell."""
        value = Decimal(0)
        figures: list[Figure] = []
        names: list[Phrase] = []
        for sign, address in self.terms:
            key = address.partition(".")[0]
            table = report.tables.get(key)
            if table is None:
                reason = Phrase(zh="表格缺失或无法读取", en="the table is missing or unreadable")
                return Unchecked(reason=reason, address=key)
            addresses = _cells(table.form, address)
            if not addresses:
                return None
            for cell in addresses:
                figure = table.figures.get(cell)
                if figure is None or figure.value is None:
                    return Unchecked(reason=table.why_unread(cell), address=cell)
                value += sign * figure.value
                figures.append(figure)
            label = _name(table.form, address, addresses)
            joint = Phrase(zh="减去", en=" minus ") if sign < 0 else Phrase(zh="加", en=" plus ")
            names.extend([joint, label] if names else [label])
        name = Phrase(zh="".join(part.zh for part in names), en="".join(part.en for part in names))
        return Total(value=value, figures=tuple(figures), name=name)


class Total(NamedTuple):
    """A sum as a report has it."""

    value: Decimal
    figures: tuple[Figure, ...]
    name: Phrase  # how people name its cells


def _cells(form: TableForm, name: str) -> list[str]:
    """The addresses that a name stands for: its own cell, or one in each row under the heading."""
    key, _, rest = name.partition(".")
    row, _, column = rest.rpartition(".")
    if key != form.key:
        return []
    return [
        f"{key}.{slot.key}.{column}"
        for slot in form.rows
        if (slot.key == row or slot.key.startswith(f"{row}."))
        and any(column == known.key for known in form.columns[slot.block])
    ]


def _name(form: TableForm, name: str, addresses: list[str]) -> Phrase:
    if addresses == [name]:
        return cell_name(form, name)
    row, _, column = name.partition(".")[2].rpartition(".")
    label = next((label for block in form.blocks for label in _headings(block.rows, row)), row)
    heading = next((known.label for columns in form.columns for known in columns if known.key == column), column)
    return Phrase(
        zh=f"{form.name}“{label}”各行的“{heading}”之和",
        en=f"the sum of “{heading}” over the rows of “{label}” in {form.name}",
    )


def cell_name(form: TableForm, address: str) -> Phrase:
    """How people name a cell, with its table."""
    label = form.cell_label(address)
    return Phrase(zh=f"{form.name}{label}", en=f"{form.name} {label}")


def _headings(rows: tuple[RowForm, ...], key: str) -> Iterator[str]:
    """The label of the heading over rows with that key."""
    for row in rows:
        if row.rows and row.key == key:
            yield row.label
        yield from _headings(row.rows, key)
