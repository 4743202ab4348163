"""HTML text → blocks with their places, by the rules of the HTML standard that decide what a reader sees.

No tree is built: inline elements leave no trace, blocks only part paragraphs, and what may nest is a stack of open
tables. So a missing or stray end tag moves nothing, depth needs no recursion, and time is linear in the text.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from linter.document import Block, Cell, Heading, Paragraph, Table, expand_spans
from linter.errors import Phrase, ReadError
from linter.htmltags import BLOCKS, CELLS, HEADINGS, RANKS, RAW, VOID, Hidden, Tag, tags
from linter.htmltext import Flow
from linter.prose import Pieces, Source, locate, settle

MAX_TAGS = 500_000
"""The most tags in one page; a page of 350 KB pasted from Word has about 20,000."""

MAX_PIECES = 1_000_000
"""The most pieces of text between tags, entities and runs of white space in one page."""

MAX_NESTING = 500
"""The most tables inside one another; browsers stop at a similar depth."""

MAX_SLOTS = 200_000
"""The most places in the grids of all tables together, so that large spans cannot fill the memory."""

LONG_PROSE = 400
"""A cell with several paragraphs and more characters than this is a part of the page's layout, not of a table."""


def blocks(lines: Sequence[str], first: int = 1) -> list[Block]:
    """The blocks that the HTML in `lines` shows; `first` is the 1-based number of the first line in its document.

    Raises ReadError for a page beyond the limits of this module.
    """
    source = Source(lines, first)
    page = _Page(source)
    offset = 0
    for number, (tag, start, end) in enumerate(tags(source.text)):
        if number >= MAX_TAGS:
            raise _too_large(f"标签超过 {MAX_TAGS} 个", f"more than {MAX_TAGS} tags")
        if offset < start:
            page.text(offset, start)
        if page.hidden or not tag.is_inline:
            page.tag(tag, start, end)
        offset = end
    page.text(offset, len(source.text))
    return page.finish()


def _too_large(zh: str, en: str) -> ReadError:
    return ReadError(
        Phrase(zh=f"网页过于庞大：{zh}", en=f"the page is too large: {en}"),
        Phrase(zh="请只保留年报正文，另存后再检查", en="keep only the report itself, save it and check again"),
    )


class _Text(NamedTuple):
    """A paragraph of a page, or a heading when `level` is not 0."""

    pieces: Pieces
    level: int

    def block(self, source: Source) -> Heading | Paragraph | None:
        settled = settle(self.pieces, source)
        if not settled:
            return None
        text, at, marks = settled
        return Heading(text, self.level, at, marks) if self.level else Paragraph(text, at, marks)


class _Cell:
    """A cell from its tag at `start`; a `rowspan` of 0 goes to the end of its row group."""

    __slots__ = ("colspan", "end", "rowspan", "start", "texts")

    def __init__(self, start: int, end: int, rowspan: int, colspan: int) -> None:
        self.start = start
        self.end = end
        self.rowspan = rowspan
        self.colspan = colspan
        self.texts: list[_Text] = []

    def is_prose(self) -> bool:
        """Whether this is a part of a page rather than a table's cell."""
        if len(self.texts) < 2:
            return False
        length = sum(len(piece) for text in self.texts for piece, _, _ in text.pieces)
        return length > LONG_PROSE or any(text.level for text in self.texts)

    def settle(self, source: Source, rows_left: int) -> Cell:
        """The cell; its place is that of its text, or of its tag when it is empty."""
        text, at = locate(self._pieces(), source, " \t\n\f") or ("", source.span(self.start, self.end))
        return Cell(text, 0, 0, at, min(self.rowspan or rows_left, rows_left), self.colspan)

    def _pieces(self) -> Pieces:
        """Those of its paragraphs, a line each."""
        if len(self.texts) == 1:
            return self.texts[0].pieces
        pieces: Pieces = []
        for text in self.texts:
            if pieces:
                end = pieces[-1][2]
                pieces.append(("\n", end, end))
            pieces.extend(text.pieces)
        return pieces


class _Table:
    """A table from its tag at `start`."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.rows: list[list[_Cell]] = []
        self.groups: list[int] = []  # the row group of each row
        self.group = 0
        self.in_row = False
        self.cell: _Cell | None = None
        self.after: list[_Text] = []  # text between the rows, which belongs to no cell
        self.layout = False

    def texts(self) -> Iterator[_Text]:
        """All text in reading order."""
        for row in self.rows:
            for cell in row:
                yield from cell.texts
        yield from self.after

    def is_layout(self) -> bool:
        """Whether the table only arranges the page: it has one column, or a cell of headings and paragraphs."""
        return all(len(row) < 2 for row in self.rows) or any(cell.is_prose() for row in self.rows for cell in row)

    def slots(self) -> int:
        """How many places of the grid its cells take, at most."""
        left = len(self.rows)
        return sum(
            cell.colspan * min(cell.rowspan or left, left - number)
            for number, row in enumerate(self.rows)
            for cell in row
        )

    def settle(self, source: Source) -> list[list[Cell]]:
        """The cells of each row; a row span ends with its row group."""
        sizes = Counter(self.groups)
        settled = []
        for group, row in zip(self.groups, self.rows, strict=True):
            settled.append([cell.settle(source, sizes[group]) for cell in row])
            sizes[group] -= 1
        return settled


class _Page:
    """Takes the tags and texts of a page one by one."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._blocks: list[Block] = []
        self._tables: list[_Table] = []
        self._flow = Flow()
        self._level = 0  # of the heading that is open
        self._in_paragraph = False
        self._verbatim = False
        self.hidden: Hidden | None = None  # the element around that does not show
        self._pieces = 0
        self._slots = 0

    def text(self, start: int, end: int) -> None:
        """Character data of the source."""
        if start < end and not self.hidden:
            left = MAX_PIECES - self._pieces
            self._pieces += self._flow.feed(self._source.text, start, end, limit=left, verbatim=self._verbatim)
            if self._pieces > MAX_PIECES:
                raise _too_large(f"文字超过 {MAX_PIECES} 段", f"more than {MAX_PIECES} pieces of text")

    def tag(self, tag: Tag, start: int, end: int) -> None:
        """A start tag or an end tag; a comment is nothing."""
        if tag.is_end:
            self._end(tag.name, end)
        elif tag.name:
            self._start(tag, start, end)

    def finish(self) -> list[Block]:
        """All blocks, with what is still open closed."""
        self._flush()
        while self._tables:
            self._close_table(len(self._source.text))
        return self._blocks

    def _start(self, tag: Tag, start: int, end: int) -> None:
        name = tag.name
        if self.hidden:
            if name in VOID or not self.hidden.ended_by_start(name):
                return
            self.hidden = None
        if name in BLOCKS:
            self._part(name, start)
        if tag.is_hidden:
            if name not in VOID and name not in RAW:
                self.hidden = Hidden(name, in_paragraph=self._in_paragraph)
        elif name == "br":
            if not self._flow.line_break(start, end):
                self._flush()
        elif name == "sup":  # 7<sup>1</sup> is a note on 7, not 71
            self._flow.note("^", start, end)
        elif name in RANKS:
            self._open(tag, start, end)
        else:
            self._level = HEADINGS.get(name, self._level)
            self._in_paragraph = self._in_paragraph or name == "p"
            self._verbatim = self._verbatim or name == "pre"

    def _end(self, name: str, end: int) -> None:
        if self.hidden:
            if not self.hidden.ended_by_end(name):
                return
            own = name == self.hidden.name
            self.hidden = None
            if own:
                return
        if name not in BLOCKS:
            return
        self._flush()
        if name in HEADINGS:
            self._level = 0
        elif name == "pre":
            self._verbatim = False
        elif name in RANKS and self._tables:
            self._close(RANKS[name], end)

    def _part(self, name: str, start: int) -> None:
        """A block begins: what cannot hold it ends."""
        self._flush()
        if self._tables and name in RANKS and (name != "table" or not self._tables[-1].cell):
            self._close(RANKS[name], start)

    def _close(self, rank: int, end: int) -> None:
        """End what is open in the innermost table, from the cell up to `rank`."""
        table = self._tables[-1]
        self._level = 0
        table.cell = None
        if rank <= 2:
            table.in_row = False
        if rank <= 1:
            table.group += 1
        if rank == 0:
            self._close_table(end)

    def _open(self, tag: Tag, start: int, end: int) -> None:
        """A table or a part of one begins; a part of none is ignored."""
        if tag.name == "table":
            self._open_table(start)
        elif self._tables and RANKS[tag.name] >= 2:
            table = self._tables[-1]
            if not table.in_row:
                table.in_row = True
                table.rows.append([])
                table.groups.append(table.group)
            if tag.name in CELLS:
                table.cell = _Cell(start, end, tag.rowspan, tag.colspan)
                table.rows[-1].append(table.cell)

    def _open_table(self, start: int) -> None:
        if len(self._tables) >= MAX_NESTING:
            raise _too_large(f"表格嵌套超过 {MAX_NESTING} 层", f"tables nested more than {MAX_NESTING} deep")
        if self._tables and not self._tables[-1].layout:
            self._tables[-1].layout = True  # a table in a cell of a table: the outer one arranges the page
            self._show(self._tables[-1].texts())
        self._tables.append(_Table(start))

    def _close_table(self, end: int) -> None:
        table = self._tables.pop()
        if table.layout:
            return
        if table.is_layout():
            self._show(table.texts())
            return
        self._slots += table.slots()
        if self._slots > MAX_SLOTS:
            raise _too_large(f"表格超过 {MAX_SLOTS} 格", f"tables of more than {MAX_SLOTS} cells")
        rows = table.settle(self._source)
        if any(cell.text for row in rows for cell in row):
            self._blocks.append(Table(cells=tuple(expand_spans(rows)), at=self._source.span(table.start, end)))
        self._show(table.after)

    def _show(self, texts: Iterable[_Text]) -> None:
        self._blocks.extend(block for text in texts if (block := text.block(self._source)))

    def _flush(self) -> None:
        """End the paragraph."""
        flow = self._flow
        self._in_paragraph = False
        if not flow.pieces:
            return
        self._flow = Flow()
        text = _Text(flow.pieces, self._level)
        table = self._tables[-1] if self._tables else None
        if table and not table.layout and table.cell:
            table.cell.texts.append(text)
        elif table and not table.layout and table.rows:
            table.after.append(text)
        else:
            self._show([text])
        if not flow.blank:
            self._level = 0  # so that a heading without its end tag is one line only
