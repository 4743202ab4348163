"""The blocks of the document in body order."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml.etree import _Element

from linter.document import MAX_SPAN, Block, Cell, Heading, Paragraph, Position, Table, new
from linter.errors import Phrase, ReadError
from linter.readers.docx.line import Line
from linter.readers.docx.numbering import Numbering
from linter.readers.docx.package import SAVE_AGAIN, Parts
from linter.readers.docx.styles import Style, Styles, outline
from linter.readers.docx.survey import CELL, PARAGRAPH, ROW, TABLE, Survey
from linter.readers.docx.xml import VAL, W, count, first, val

MAX_CELLS = 200_000
"""The most grid places that the cells of all tables may take; a report has about 600."""

WHITESPACE = " \t\n\r\f\v"

DELETED = frozenset({W + "del", W + "moveFrom"})
ROWS = frozenset({ROW})
CELLS = frozenset({CELL})
BLOCKS = frozenset({PARAGRAPH, TABLE, W + "altChunk"})
P_STYLE, NUMBER, OUTLINE = W + "pStyle", W + "numPr", W + "outlineLvl"
ROW_DELETED, BEFORE = W + "del", W + "gridBefore"
CELL_DELETED, COLUMNS, MERGE = W + "cellDel", W + "gridSpan", W + "vMerge"
NOTHING: dict[str, _Element] = {}


class _Text(NamedTuple):
    """A paragraph on its way; a heading has a level from 1."""

    text: str
    level: int
    source: _Element | None  # the paragraph, where all of its text is the file's own


class _Cell:
    """A cell on its way, with the blocks in it."""

    __slots__ = ("blocks", "colspan", "column", "row", "rowspan", "tables", "text")

    def __init__(self, row: int, column: int, colspan: int, blocks: "list[_Text | _Grid]") -> None:
        self.row = row
        self.column = column
        self.rowspan = 1
        self.colspan = colspan
        self.blocks = blocks
        self.tables = [block for block in blocks if isinstance(block, _Grid)]
        self.text = "\n".join([block.text for block in blocks if isinstance(block, _Text)])


class _Grid(NamedTuple):
    """A table on its way."""

    cells: list[_Cell]


class Body:
    """The blocks of the document in body order."""

    def __init__(self, root: _Element, parts: Parts) -> None:
        self._styles = styles = Styles(parts.styles)
        self._numbering = Numbering(parts.numbering, styles)
        self._survey = Survey(root)
        self._properties = self._survey.properties
        self._bare = styles.paragraph(None) == Style(chain=styles.paragraph(None).chain)
        """Whether the default style says nothing: then a paragraph without properties is its text."""
        self._places = 0  # that the cells so far take in their grids

    def blocks(self, container: _Element) -> list[_Text | _Grid]:
        """What stands in the body, a cell or a text box; layout tables dissolved, empty paragraphs left out."""
        blocks: list[_Text | _Grid] = []
        carried = ""  # of paragraphs whose mark was deleted, which makes them part of the next one
        for tag, element in self._survey.inside(container, BLOCKS):
            if tag == PARAGRAPH:
                pieces = self._survey.texts.get(element)
                if pieces is not None and self._bare and not carried and element not in self._properties:
                    blocks += _text("".join(pieces), 0, element)  # most are: what `_paragraph` does, but at once
                else:
                    carried = self._paragraph(element, carried, blocks)
            elif tag == TABLE:
                blocks += [*_text(carried), *self._table(element)]
                carried = ""
            else:
                raise ReadError(
                    Phrase(
                        zh="正文是嵌入的网页或其他文件（altChunk），无法直接读取",
                        en="the text is an embedded web page or other file (altChunk)",
                    ),
                    SAVE_AGAIN,
                )
        if carried:
            blocks += _text(carried)
        return blocks

    def _paragraph(self, element: _Element, carried: str, blocks: list[_Text | _Grid]) -> str:
        """Append the paragraph and its text boxes; what comes back is text that belongs to the next paragraph."""
        said = self._properties.get(element, NOTHING)
        style = self._styles.paragraph(val(said.get(P_STYLE)) if said else None)
        pieces = self._survey.texts.get(element)
        boxes: Sequence[_Element] = ()
        if pieces is None or style.hidden:
            line = Line(self._styles, style, self._properties)
            line.walk(element)
            pieces, boxes = line.pieces, line.boxes
        text = carried + "".join(pieces)
        if said and not DELETED.isdisjoint(said):  # the paragraph's mark
            carried = text
        else:
            whole = None if carried else element
            carried = ""
            if said or style.list_id:
                text = self._numbering.label(said.get(NUMBER), style) + text
            if not style.is_contents:
                level = first(outline(said.get(OUTLINE)), style.level) if said else style.level
                blocks += _text(text, level or 0, whole)
        for box in boxes:
            blocks += self.blocks(box)
        return carried

    def _table(self, table: _Element) -> list[_Text | _Grid]:
        """The table, and behind it those inside its cells; of a layout table only what is in its cells."""
        cells = self._cells(table)
        if _is_layout(cells):
            return [block for cell in cells for block in cell.blocks]
        return [_Grid(cells=cells), *(inner for cell in cells for inner in cell.tables)]

    def _cells(self, table: _Element) -> list[_Cell]:
        cells: list[_Cell] = []
        merged: dict[tuple[int, int], _Cell] = {}  # column and colspan → the cell that the next row may continue
        row = 0
        for _, element in self._survey.inside(table, ROWS):
            said = self._properties.get(element, NOTHING)
            if ROW_DELETED in said:
                continue
            column = before = (count(said.get(BEFORE), MAX_SPAN) if said else None) or 0
            above, merged = merged, {}
            for _, source in self._survey.inside(element, CELLS):
                said = self._properties.get(source, NOTHING)
                if CELL_DELETED in said:
                    continue
                colspan = (count(said.get(COLUMNS), MAX_SPAN) if said else None) or 1
                merge = said.get(MERGE)
                cell = None if merge is None or merge.get(VAL) == "restart" else above.get((column, colspan))
                if cell is None:
                    cell = _Cell(row, column, colspan, self.blocks(source))
                    cells.append(cell)
                else:
                    cell.rowspan += 1  # what a continued cell holds is not shown
                if merge is not None:
                    merged[column, colspan] = cell
                column += colspan
            self._claim(column - before)
            row += 1
        return cells

    def _claim(self, places: int) -> None:
        self._places += places
        if self._places > MAX_CELLS:
            raise ReadError(
                Phrase(zh=f"表格的单元格超过上限 {MAX_CELLS} 个", en=f"the tables have more than {MAX_CELLS} cells"),
                Phrase(
                    zh="年报的三张表不到 600 格：请确认选对了文件", en="a report has about 600: is this the right file?"
                ),
            )


def _text(text: str, level: int = 0, source: _Element | None = None) -> list[_Text]:
    """The paragraph without white space around it, or nothing where there is no more to it."""
    text = text.strip(WHITESPACE)
    return [new(_Text, (text, level, source))] if text else []


def _is_layout(cells: list[_Cell]) -> bool:
    """The table only arranges: one column, or smaller than the tables inside, or at least half of it prose.

    Prose has a full stop of Chinese; neither a label nor a figure has one.
    """
    if len({cell.column for cell in cells}) <= 1:
        return True
    if sum(len(table.cells) for cell in cells for table in cell.tables) > len(cells):
        return True
    filled = [text for cell in cells if (text := cell.text.strip())]
    return bool(filled) and 2 * sum("。" in text for text in filled) >= len(filled)


def sources(blocks: list[_Text | _Grid]) -> Iterator[list[_Element | None]]:
    """For each block that `placed` yields, in order: its paragraph, or of a table the only paragraph of each cell."""
    for block in blocks:
        if isinstance(block, _Grid):
            yield [_only_source(cell) for cell in block.cells]
        elif block.text.strip():
            yield [block.source]


def _only_source(cell: _Cell) -> _Element | None:
    match cell.blocks:
        case [_Text(source=source)]:
            return source
    return None


def placed(blocks: list[_Text | _Grid]) -> Iterator[Block]:
    """The blocks with their places as a person counts them."""
    paragraphs = tables = 0
    for block in blocks:
        if isinstance(block, _Grid):
            tables += 1
            cells: list[Cell] = []
            for cell in block.cells:
                row, column = cell.row, cell.column
                at = _where(f"表{tables} 第{row + 1}行第{column + 1}列")
                cells.append(new(Cell, (cell.text, row, column, at, cell.rowspan, cell.colspan)))
            yield Table(cells=tuple(cells), at=_where(f"表{tables}"))
        elif block.text.strip():
            paragraphs += 1
            at = _where(f"第{paragraphs}段")
            yield (
                Heading(text=block.text, level=block.level, at=at) if block.level else Paragraph(text=block.text, at=at)
            )


def _where(where: str) -> Position:
    return new(Position, (1, 1, 1, 1, None, where))  # until `typeset` gives it its line
