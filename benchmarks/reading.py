"""What reading each format costs beside the bare work of the library underneath it, in one process.

And what it saves that the tables of a report have the shape of others before it.
"""

import io
import statistics
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inputs import Inputs, Report
from table import Row, ratio

from linter import collector
from linter.encoding import decode
from linter.engine import Task, check_source, loaded
from linter.readers import read
from linter.readers.pdf import read_here
from linter.reading import remembered
from linter.ruleset import load_rules

if TYPE_CHECKING:
    from lxml.etree import _Element
    from markdown_it.token import Token

Bare = Callable[[bytes], object]
"""What a library does with a file. What it makes is given back, so that a test can see that nothing was left out."""

Ours = Callable[[bytes, str], object]

FILES = 5
"""How many files of each format are read."""


def rows(inputs: Inputs, runs: int) -> list[Row]:
    """The ratio of each format."""
    collector.start()  # garbage is collected as in a run over many files
    clean, pasted = (_of(inputs.pages, layout) for layout in ("clean", "pasted"))
    bare, dressed = (_of(inputs.words, layout) for layout in ("bare", "dressed"))
    return [
        _row("text reader / decoding and splitting lines", inputs.texts, _text, None, runs),
        _row("Markdown reader / markdown-it parse", inputs.markdowns, _markdown, None, runs),
        _row("HTML reader, clean / lxml parse", clean, bare_html, None, runs),
        _row("HTML reader, pasted from Word / lxml parse", pasted, bare_html, 4, runs),
        _row("Word reader, by an office program / unzip and lxml parse", dressed, bare_word, 2, runs),
        _row("Word reader, by python-docx / unzip and lxml parse", bare, bare_word, None, runs),
        _row("Word reader, by python-docx / the same with styles and numbering", bare, _word_parts, None, runs),
        _row("PDF reader / pypdfium2 characters and boxes", inputs.pdfs, _pdf, 1.5, runs),
        _shapes(inputs.texts, runs),
    ]


def _shapes(reports: Sequence[Report], runs: int) -> Row:
    rules = load_rules()
    task = Task(rules.after([], preview=False)[0], rules, "zh")

    def known(data: bytes) -> object:
        return check_source(loaded("report.txt", data), task)

    def new(data: bytes, _: str) -> object:
        remembered.cache_clear()
        return check_source(loaded("report.txt", data), task)

    return _row("text report checked, tables of a shape not seen before / seen before", reports, known, None, runs, new)


def _of(reports: Sequence[Report], layout: str) -> list[Report]:
    return [report for report in reports if report.layout == layout]


def _row(  # noqa: PLR0913, PLR0917 - one call is one line of the table
    what: str, reports: Sequence[Report], bare: Bare, at_most: float | None, runs: int, ours: Ours | None = None
) -> Row:
    """The ratio of what our reader, or `ours`, takes to what `bare` takes."""
    paths = [report.path for report in reports[:FILES]]
    taken = [_in_turns(path, bare, runs, ours) for path in paths]
    plain, ours = (sum(column) / len(paths) for column in zip(*taken, strict=True))
    size = sum(path.stat().st_size for path in paths) / len(paths)
    ratios = sorted(reader / library for library, reader in taken)
    compared = ratio(f"{what}, {size / 1000:.0f} KB", ours / plain, at_most=at_most)
    return compared._replace(
        spread=f"{ratios[0]:.2f}–{ratios[-1]:.2f} by file", processor=f"{ours:.2f} / {plain:.2f} ms"
    )


def _in_turns(path: Path, bare: Bare, runs: int, ours: Ours | None = None) -> tuple[float, float]:
    """(library's, reader's) median milliseconds of one file; they take turns, and the first turn does not count."""
    data, name = path.read_bytes(), path.name
    # The PDF reader's own process is not what is compared.
    reader = ours or (read_here if path.suffix == ".pdf" else read)
    turns = [(_milliseconds(lambda: bare(data)), _milliseconds(lambda: reader(data, name))) for _ in range(runs + 1)]
    library, ours = zip(*turns[1:], strict=True)
    return statistics.median(library), statistics.median(ours)


def _milliseconds(work: Callable[[], object]) -> float:
    """Of the processor, which others on the machine do not lengthen."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def _text(data: bytes) -> list[str]:
    return decode(data).splitlines()


def _markdown(data: bytes) -> "list[Token]":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").parse(data.decode())


def bare_html(data: bytes) -> "_Element":
    """The tree of a page, in the charset that it declares."""
    from lxml import html

    return html.document_fromstring(data)


def bare_word(data: bytes, *parts: str) -> "list[_Element]":
    """The trees of the parts of a Word file; of the text alone where none are named."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [etree.fromstring(archive.read(f"word/{part}.xml")) for part in parts or ("document",)]


def _word_parts(data: bytes) -> "list[_Element]":
    return bare_word(data, "document", "styles", "numbering")


def _pdf(data: bytes) -> None:
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    document = pdfium.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        for index in range(text.count_chars()):
            raw.FPDFText_GetUnicode(text, index)
            text.get_charbox(index)
        text.close()
        page.close()
    document.close()
