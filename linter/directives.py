"""Directives: comments in a text, Markdown or HTML file that speak to this program and are no part of the report.

`<!-- nianbao: … -->` anywhere, or a line `# nianbao: …`. They are taken out before the file is read, so that one in
the middle of a table is no cell and parts no rows; every position stays that of the file.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from linter.document import Block, Directive, Document, Position, Table

_COMMENT = re.compile(r"<!--\s*nianbao\s*[:：]", re.IGNORECASE)
_LINE = re.compile(r"\s*(?P<mark>#\s*nianbao\s*[:：])", re.IGNORECASE)


def read_around(path: str, lines: Sequence[str], blocks: Callable[[Sequence[str]], Iterable[Block]]) -> Document:
    """The document whose blocks `blocks` finds in the lines, as if the directives in them were not there.

    A line that holds nothing but directives is taken out; in others they become white space.
    """
    if not _may_speak(lines):
        return Document(path=path, lines=tuple(lines), blocks=tuple(blocks(lines)))
    kept: list[str] = []
    numbers: list[int] = []  # of the kept lines in the file
    found: list[Directive] = []
    waiting: list[Directive] = []  # for the next line that holds something else
    for number, line in enumerate(lines, 1):
        here = list(_directives(number, line))
        rest = _without(line, here) if here else line
        if here and not rest.strip():
            waiting.extend(here)
            continue
        kept.append(rest)
        numbers.append(number)
        found.extend(directive._replace(line=number) for directive in waiting)
        found.extend(here)
        waiting.clear()
    placed = tuple(_renumbered(block, numbers) for block in blocks(kept)) if kept else ()
    return Document(path=path, lines=tuple(lines), blocks=placed, directives=(*found, *waiting))


def _may_speak(lines: Sequence[str]) -> bool:
    """Whether a directive may be in the lines."""
    whole = "\n".join(lines)  # most texts hold neither sign: two looks at all are faster than two at each line
    return ("<!--" in whole and any(map(_COMMENT.search, lines))) or ("#" in whole and any(map(_LINE.match, lines)))


def _directives(number: int, line: str) -> Iterator[Directive]:
    if whole := _LINE.match(line):
        yield Directive(
            text=line[whole.end() :].strip(), at=_span(number, whole.start("mark"), len(line.rstrip())), line=number
        )
        return
    end = 0
    while opened := _COMMENT.search(line, end):
        end = line.find("-->", opened.end())
        if end < 0:
            yield Directive(text=None, at=_span(number, opened.start(), len(line)), line=number)
            return
        text = line[opened.end() : end].strip()
        end += len("-->")
        yield Directive(text=text, at=_span(number, opened.start(), end), line=number)


def _span(number: int, start: int, end: int) -> Position:
    return Position(line=number, column=start + 1, end_line=number, end_column=end + 1)


def _without(line: str, directives: Iterable[Directive]) -> str:
    """The line with white space for the directives that end on it; behind the last text none is added."""
    pieces: list[str] = []
    reached = 0
    for directive in directives:
        if directive.text is not None:
            start, end = directive.at.column - 1, directive.at.end_column - 1
            pieces += [line[reached:start], " " * (end - start)]
            reached = end
    return ("".join(pieces) + line[reached:]).rstrip(" ")


def _renumbered(block: Block, numbers: Sequence[int]) -> Block:
    """The block with the lines' numbers in the file, where it has their places among the kept lines."""
    at = _moved(block.at, numbers)
    if isinstance(block, Table):
        return block._replace(at=at, cells=tuple(cell._replace(at=_moved(cell.at, numbers)) for cell in block.cells))
    marks = tuple((offset, numbers[line - 1], column) for offset, line, column in block.marks)
    return block._replace(at=at, marks=marks)


def _moved(at: Position, numbers: Sequence[int]) -> Position:
    return at._replace(line=numbers[at.line - 1], end_line=numbers[at.end_line - 1])
