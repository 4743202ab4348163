"""What reading each format costs beside the bare work of the library underneath it, in one process."""

import io
import statistics
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from linter.encoding import decode
from linter.readers import read
from linter.readers.pdf import read_here

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"


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


CASES: list[tuple[str, str, str, Callable[[bytes], None]]] = [
    ("text", "report-2021.tab-cells.txt", "decode and split lines", _text),
    ("Markdown", "report-2021.md", "markdown-it parse", _markdown),
    ("HTML, clean", "report-2021.html", "lxml parse", _html),
    ("HTML, pasted from Word", "report-2021.word.html", "lxml parse", _html),
    ("Word", "report-2021.docx", "unzip and lxml parse", _word),
    ("PDF", "report-2021.pdf", "pypdfium2 characters and boxes", _pdf),
]
"""(format, file of fixtures/formats, the bare work, what does it)."""


def rows(runs: int) -> list[tuple[str, str, str, str, str]]:
    """(format with its size, bare work, its median, the reader's median, the ratio) of each format."""
    return [_row(*case, runs) for case in CASES]


def _row(
    name: str, file: str, bare_name: str, bare: Callable[[bytes], None], runs: int
) -> tuple[str, str, str, str, str]:
    data = (FIXTURES / file).read_bytes()
    reader = read_here if name == "PDF" else read  # the PDF reader's own process is not what is compared
    bare_ms, ours_ms = _in_turns(runs, lambda: bare(data), lambda: reader(data, file))
    size = f"{name}, {len(data) / 1000:.0f} KB"
    return size, bare_name, f"{bare_ms:.1f} ms", f"{ours_ms:.1f} ms", f"{ours_ms / bare_ms:.1f}"


def _in_turns(runs: int, *works: Callable[[], object]) -> list[float]:
    """The median milliseconds of each; they take turns, and the first turn does not count."""
    turns = [[_milliseconds(work) for work in works] for _ in range(runs + 1)][1:]
    return [statistics.median(column) for column in zip(*turns, strict=True)]


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
