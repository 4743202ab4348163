"""A figure: a cell of a template's table as a report fills it."""

from decimal import Decimal
from typing import NamedTuple

from linter.document import Cell, Position, new
from linter.number import parse


class Figure(NamedTuple):
    address: str  # "requests.granted.total"
    text: str  # as printed
    value: Decimal | None  # None for a blank and for what is not a number
    at: Position


def figure(address: str, cell: Cell, where: str) -> Figure:
    """The figure that a cell prints."""
    line, column, end_line, end_column, page, _ = cell.at
    at = new(Position, (line, column, end_line, end_column, page, where))
    return new(Figure, (address, cell.text, parse(cell.text), at))
