"""WordprocessingML: names, and what the reader asks of an element."""

from typing import TypeVar

from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
VAL = W + "val"
ALTERNATE = MC + "AlternateContent"
T = TypeVar("T")

Properties = dict[_Element, dict[str, _Element]]
"""Paragraph, run, row or cell → properties of it that matter, by tag; what has none is not there."""


def child(parent: _Element | None, tag: str) -> _Element | None:
    """The first child with the tag; None also where there is no parent."""
    if parent is not None:
        for child in parent:  # properties come first: faster than an iterator by tag
            if child.tag == tag:
                return child
    return None


def val(element: _Element | None) -> str | None:
    """The `w:val` of the element; None where either is absent."""
    return None if element is None else element.get(VAL)


def count(element: _Element | None, most: int) -> int | None:
    """The `w:val` as a number from 0 to `most`; None where there is none."""
    text = val(element) or ""
    return min(int(text), most) if text.isdecimal() and len(text) < 10 else None


def on(switch: _Element | None) -> bool | None:
    """What an on/off property says; None where it is absent."""
    return None if switch is None else switch.get(VAL) not in {"0", "false", "off"}


def first(*values: T | None) -> T | None:
    """The first value that is there: what is said closer by goes before."""
    return next((value for value in values if value is not None), None)
