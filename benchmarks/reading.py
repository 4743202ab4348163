"""What reading each format costs beside the bare work of the library underneath it, in one process."""

import io
import statistics
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from inputs import Inputs, Report
from table import Row, ratio

from linter.encoding import decode
from linter.readers import read
from linter.readers.pdf import read_here

FILES = 5
"""How many files of each format are read."""


def rows(inputs: Inputs, runs: int) -> list[Row]:
    """The ratio of each format."""
    clean, pasted = ([page for page in inputs.pages if page.layout == layout] for layout in ("clean", "pasted"))
    return [
        _row("text reader / decoding and splitting lines", inputs.texts, _text, None, runs),
        _row("Markdown reader / markdown-it parse", inputs.markdowns, _markdown, None, runs),
        _row("HTML reader, clean / lxml parse", clean, _html, None, runs),
        _row("HTML reader, pasted from Word / lxml parse", pasted, _html, 4, runs),
        _row("Word reader / unzip and lxml parse", inputs.words, _word, 2, runs),
        _row("PDF reader / pypdfium2 characters and boxes", inputs.pdfs, _pdf, 1.5, runs),
    ]


def _row(what: str, reports: Sequence[Report], bare: Callable[[bytes], None], at_most: float | None, runs: int) -> Row:
    paths = [report.path for report in reports[:FILES]]
    taken = [_in_turns(path, bare, runs) for path in paths]
    plain, ours = (sum(column) / len(paths) for column in zip(*taken, strict=True))
    size = sum(path.stat().st_size for path in paths) / len(paths)
    ratios = sorted(reader / library for library, reader in taken)
    compared = ratio(f"{what}, {size / 1000:.0f} KB", ours / plain, at_most=at_most)
    return compared._replace(
        spread=f"{ratios[0]:.2f}–{ratios[-1]:.2f} by file", processor=f"{ours:.2f} / {plain:.2f} ms"
    )


def _in_turns(path: Path, bare: Callable[[bytes], None], runs: int) -> tuple[float, float]:
    """(library's, reader's) median milliseconds of one file; they take turns, and the first turn does not count."""
    data, name = path.read_bytes(), path.name
    reader = read_here if path.suffix == ".pdf" else read  # the PDF reader's own process is not what is compared
    turns = [(_milliseconds(lambda: bare(data)), _milliseconds(lambda: reader(data, name))) for _ in range(runs + 1)]
    library, ours = zip(*turns[1:], strict=True)
    return statistics.median(library), statistics.median(ours)


def _milliseconds(work: Callable[[], object]) -> float:
    """Of the processor, which others on the machine do not lengthen."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def _text(data: bytes) -> None:
    decode(data).splitlines()


def _markdown(data: bytes) -> None:
    from markdown_it import MarkdownIt

    MarkdownIt("commonmark").enable("table").parse(data.decode())


def _html(data: bytes) -> None:
    from lxml import html

    html.document_fromstring(decode(data).encode())


def _word(data: bytes) -> None:
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        etree.fromstring(archive.read("word/document.xml"))


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
