"""The limits that a configuration may move: what a file may hold at most (docs/formats.md)."""

from importlib import import_module
from typing import NamedTuple


class Limits(NamedTuple):
    """New values for limits; one that is not given stays as its module has it."""

    file_bytes: int | None = None
    text_lines: int | None = None
    text_separators: int | None = None
    markdown_characters: int | None = None
    html_tags: int | None = None
    html_nesting: int | None = None
    html_cells: int | None = None
    word_part_bytes: int | None = None
    word_cells: int | None = None
    pdf_seconds: int | None = None
    legacy_seconds: int | None = None


CONSTANTS = {
    "file_bytes": ("linter.readers", "MAX_BYTES"),
    "text_lines": ("linter.readers.text", "MAX_LINES"),
    "text_separators": ("linter.readers.text", "MAX_SEPARATORS"),
    "markdown_characters": ("linter.readers.markdown", "MAX_CHARACTERS"),
    "html_tags": ("linter.htmltree", "MAX_TAGS"),
    "html_nesting": ("linter.htmltree", "MAX_NESTING"),
    "html_cells": ("linter.htmltree", "MAX_SLOTS"),
    "word_part_bytes": ("linter.readers.docx.package", "MAX_PART"),
    "word_cells": ("linter.readers.docx.body", "MAX_CELLS"),
    "pdf_seconds": ("linter.readers.pdf", "MAX_SECONDS"),
    "legacy_seconds": ("linter.office", "TIME_LIMIT"),
}
"""Field of Limits → (module, constant)."""


def move(limits: Limits) -> None:
    """Sets the constants of the limits that are given, for this process; the readers look them up at every file."""
    for field, value in limits._asdict().items():
        if value is not None:
            module, constant = CONSTANTS[field]
            setattr(import_module(module), constant, value)
