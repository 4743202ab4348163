"""HTML text → blocks with their places, by the rules of the HTML standard that decide what a reader sees.

No tree is built: inline elements leave no trace, blocks only part paragraphs, and what may nest is a stack of open
tables. So a missing or stray end tag moves nothing, depth needs no recursion, and time is linear in the text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from linter.document import MAX_SPAN, Block, Cell, Heading, Paragraph, Table, expand_spans
from linter.errors import Phrase, ReadError
from linter.htmltags import BLOCKS, HEADINGS, NOT_SHOWN, RANKS, RAW, VOID, Hidden, is_hidden, span, tags
from linter.htmltext import Flow
from linter.prose import Prose, Source

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
    for number, (tag, resume) in enumerate(tags(source.text)):
        if number >= MAX_TAGS:
            raise _too_large(f"标签超过 {MAX_TAGS} 个", f"more than {MAX_TAGS} tags")
        page.text(offset, tag.start())
        page.tag(tag)
        offset = resume
    page.text(offset, len(source.text))
    return page.finish()


def _too_large(zh: str, en: str) -> ReadError:
    return ReadError(
        Phrase(zh=f"网页过于庞大：{zh}", en=f"the page is too large: {en}"),
        Phrase(zh="请只保留年报正文，另存后再检查", en="keep only the report itself, save it and check again"),
    )


@dataclass(slots=True)
class _Text:
    """A paragraph of a page, or a heading when `level` is not 0."""

    prose: Prose
    level: int

    def block(self, source: Source) -> Heading | Paragraph | None:
        settled = self.prose.settle(source)
        if not settled:
            return None
        text, at, marks = settled
        if self.level:
            return Heading(text=text, level=self.level, at=at, marks=marks)
        return Paragraph(text=text, at=at, marks=marks)


@dataclass(slots=True)
class _Cell:
    start: int  # of its tag
    end: int
    rowspan: int  # 0: to the end of its row group
    colspan: int
    texts: list[_Text] = field(default_factory=list)

    def is_prose(self) -> bool:
        """Whether this is a part of a page rather than a table's cell."""
        length = sum(len(piece) for text in self.texts for piece, _, _ in text.prose.pieces)
        return len(self.texts) > 1 and (length > LONG_PROSE or any(text.level for text in self.texts))

    def settle(self, source: Source, rows_left: int) -> Cell:
        """The cell; its place is that of its text, or of its tag when it is empty."""
        prose = Prose()
        for paragraph in self.texts:
            if prose.pieces:
                end = prose.pieces[-1][2]
                prose.pieces.append(("\n", end, end))
            prose.pieces.extend(paragraph.prose.pieces)
        text, at, _ = prose.settle(source, " \t\n\f") or ("", source.span(self.start, self.end), ())
        rowspan = min(self.rowspan or rows_left, rows_left)
        return Cell(text=text, row=0, column=0, rowspan=rowspan, colspan=self.colspan, at=at)


@dataclass(slots=True)
class _Table:
    start: int
    rows: list[list[_Cell]] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)  # the row group of each row
    group: int = 0
    in_row: bool = False
    cell: _Cell | None = None
    after: list[_Text] = field(default_factory=list)  # text between the rows, which belongs to no cell
    layout: bool = False

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
        self._hidden: Hidden | None = None
        self._pieces = 0
        self._slots = 0

    def text(self, start: int, end: int) -> None:
        """Character data of the source."""
        if start < end and not self._hidden:
            left = MAX_PIECES - self._pieces
            self._pieces += self._flow.feed(self._source.text, start, end, limit=left, verbatim=self._verbatim)
            if self._pieces > MAX_PIECES:
                raise _too_large(f"文字超过 {MAX_PIECES} 段", f"more than {MAX_PIECES} pieces of text")

    def tag(self, tag: re.Match[str]) -> None:
        """A start tag or an end tag; a comment is nothing."""
        if name := (tag["start"] or "").lower():
            self._start(name, tag)
        elif name := (tag["end"] or "").lower():
            self._end(name, tag)

    def finish(self) -> list[Block]:
        """All blocks, with what is still open closed."""
        self._flush()
        while self._tables:
            self._close_table(len(self._source.text))
        return self._blocks

    def _start(self, name: str, tag: re.Match[str]) -> None:
        if self._hidden:
            if name in VOID or not self._hidden.ended_by_start(name):
                return
            self._hidden = None
        hidden = name in NOT_SHOWN or is_hidden(tag["attributes"])
        if name in BLOCKS:
            self._part(name, tag.start())
        if hidden:
            if name not in VOID and name not in RAW:
                self._hidden = Hidden(name, in_paragraph=self._in_paragraph)
            return
        if name == "br":
            if not self._flow.line_break(tag.start(), tag.end()):
                self._flush()
        elif name == "sup":  # 7<sup>1</sup> is a note on 7, not 71
            self._flow.note("^", tag.start(), tag.end())
        elif name in RANKS:
            self._open(name, tag)
        else:
            self._level = HEADINGS.get(name, self._level)
            self._in_paragraph = self._in_paragraph or name == "p"
            self._verbatim = self._verbatim or name == "pre"

    def _end(self, name: str, tag: re.Match[str]) -> None:
        if self._hidden:
            if not self._hidden.ended_by_end(name):
                return
            own = name == self._hidden.name
            self._hidden = None
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
            self._close(RANKS[name], tag.end())

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

    def _open(self, name: str, tag: re.Match[str]) -> None:
        """A table or a part of one begins; a part of none is ignored."""
        if name == "table":
            self._open_table(tag.start())
        elif self._tables and RANKS[name] >= 2:
            table = self._tables[-1]
            if not table.in_row:
                table.in_row = True
                table.rows.append([])
                table.groups.append(table.group)
            if RANKS[name] == 3:
                rowspan, colspan = (span(tag["attributes"], key) for key in ("rowspan", "colspan"))
                table.cell = _Cell(tag.start(), tag.end(), min(rowspan, MAX_SPAN), max(1, min(colspan, MAX_SPAN)))
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
        flow, self._flow = self._flow, Flow()
        self._in_paragraph = False
        if flow.empty:
            return
        text = _Text(flow.prose, self._level)
        table = self._tables[-1] if self._tables else None
        if table and not table.layout and table.cell:
            table.cell.texts.append(text)
        elif table and not table.layout and table.rows:
            table.after.append(text)
        else:
            self._show([text])
        if not flow.blank:
            self._level = 0  # so that a heading without its end tag is one line only
