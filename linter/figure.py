"""A figure: a cell of a template's table as a report fills it."""

from decimal import Decimal
from typing import NamedTuple

from linter.document import Position


class Figure(NamedTuple):
    address: str  # "requests.granted.total"
    text: str  # as printed
    value: Decimal | None  # None for a blank and for what is not a number
    at: Position
