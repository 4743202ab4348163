"""Markdown (.md, .markdown): CommonMark with pipe tables, and HTML inside.

markdown-it-py says which lines a block has; the columns are found here. A report is no program: indented text is a
paragraph and not code, and lines between pipes are a table also where the row of dashes is missing.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from linter import htmltree
from linter.directives import read_around
from linter.document import Block, Cell, Document, Heading, Paragraph, Table
from linter.encoding import decode, split_lines
from linter.errors import Phrase, ReadError
from linter.prose import Pieces, Source, locate, settle

MAX_CHARACTERS = 1_000_000
"""The largest Markdown file that is parsed; reports have about 10,000, with tables pasted from Word 350,000."""

MAX_BRACKETS = 20_000
"""The most opening square brackets: from each the parser looks for a link up to MAX_NESTING times."""

MAX_NESTING = 100
"""How deep lists and quotations may nest; a list counts twice. The parser drops what is deeper."""

_PIPE = re.compile(r"(?<!\\)\|")
_PIPED = re.compile(r"[\s>]*\|.*\|\s*")
_DELIMITERS = re.compile(r"[\s>]*\|(?:\s*:?-+:?\s*\|)+\s*")
_CONTAINER = re.compile(r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+(?=\|))?")
_MARKUP = re.compile(r"[\\`*_\[<&!]")
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)
_PROPERTY = re.compile(r"\s*(?:#|[^\s:：#-][^:：]*:(?:\s|$))")
_RUN = re.compile(r"\n|[^\n]+")


def read(data: bytes, path: str) -> Document:
    """The document in a Markdown file. Raises ReadError for bytes that are no text, and for one beyond the limits."""
    lines = split_lines(decode(data))
    if sum(map(len, lines)) > MAX_CHARACTERS:
        raise _too_large(f"超过 {MAX_CHARACTERS} 字", f"more than {MAX_CHARACTERS} characters")
    if sum(line.count("[") for line in lines) > MAX_BRACKETS:
        raise _too_large(f"方括号超过 {MAX_BRACKETS} 个", f"more than {MAX_BRACKETS} square brackets")
    return read_around(path, lines, lambda kept: _Reader(kept).blocks())


def _too_large(zh: str, en: str) -> ReadError:
    return ReadError(
        Phrase(zh=f"Markdown 文件过于庞大：{zh}", en=f"the Markdown file is too large: {en}"),
        Phrase(zh="请只保留年报正文，另存后再检查", en="keep only the report itself, save it and check again"),
    )


class _Reader:
    """Reads the blocks of one file; all offsets of pieces are those of its `Source`."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._source = Source(lines)
        self._table_ends = _table_ends(lines)
        self._parser = _parser()
        self._env: dict[str, object] = {}
        self._number: tuple[int, str] | None = None  # (line index, "1.") of a numbered item without text so far

    def _tokens(self) -> list[Token]:
        text = "\n".join(_without_front_matter(self._lines)).replace("\x00", " ")
        tokens = self._parser.parse(text, self._env)
        if any(token.level >= MAX_NESTING - 1 for token in tokens):
            raise _too_large(f"列表或引用嵌套超过 {MAX_NESTING // 2} 层", "lists or quotations are nested too deep")
        return tokens

    def blocks(self) -> Iterator[Block]:
        """All blocks in reading order. Raises ReadError beyond the limits."""
        resume = level = 0
        for token in self._tokens():
            start, end = token.map or (resume, resume)
            if start < resume:
                continue
            if token.type == "heading_open":
                level = int(token.tag[1])
            elif token.type == "list_item_open" and token.info:
                if not self._number or self._number[0] != start:
                    self._number = start, token.info + token.markup
            elif token.type == "inline":
                yield from self._prose(token, level)
                level, self._number = 0, None
            elif token.type == "table_open":
                resume = end
                yield self._table([number for number in range(start, end) if number != start + 1])
            elif token.type == "html_block":
                resume = self._end_of_html(start, end)
                yield from self._html(token, start, resume)
            elif token.type == "fence":
                yield from self._verbatim(start + 1, end)

    def _prose(self, token: Token, level: int) -> Iterator[Block]:
        """A paragraph or heading, with lines between pipes inside it as tables."""
        assert token.map  # noqa: S101 - every inline token of a block has its lines
        content = token.content.split("\n")
        first = next((index for index in range(*token.map) if content[0] in self._lines[index]), token.map[0])
        for piped, indices in _runs(content):
            if piped:
                yield self._table([first + index for index in _without_delimiters(content, indices)])
            else:
                yield from self._paragraph([content[index] for index in indices], first + indices[0], level)

    def _paragraph(self, content: list[str], first: int, level: int) -> Iterator[Block]:
        """The paragraph whose lines, without the marks of their containers, stand at line index `first`."""
        starts = list(accumulate((len(line) + 1 for line in content), initial=0))
        places = [self._place(first + index, line) for index, line in enumerate(content)]

        def locate(offset: int) -> int:
            index = bisect_right(starts, offset) - 1
            return places[index] + offset - starts[index]

        pieces = [(text, locate(start), locate(end - 1) + 1) for text, start, end in self._inline("\n".join(content))]
        yield from self._block(self._item_number(first, places[0]) + pieces, level)

    def _place(self, index: int, content: str) -> int:
        """The offset of `content`, the end of the line at `index` but for closing marks."""
        text = content.strip()
        indent = len(content) - len(content.lstrip())
        return self._source.starts[index] + max(0, self._lines[index].rfind(text)) - indent

    def _item_number(self, index: int, end: int) -> Pieces:
        """The number of a numbered item that begins with the text at offset `end`: 1. is a part of what it says."""
        if not self._number or self._number[0] != index:
            return []
        start = self._source.text.find(self._number[1], self._source.starts[index], end)
        stop = start + len(self._number[1])
        return [(self._number[1], start, stop), (" ", stop, stop + 1)] if start >= 0 else []

    def _block(self, pieces: Pieces, level: int) -> Iterator[Block]:
        if settled := settle(pieces, self._source):
            text, at, marks = settled
            if level:
                yield Heading(text=text, level=level, at=at, marks=marks)
            else:
                yield Paragraph(text=text, at=at, marks=marks)

    def _verbatim(self, start: int, end: int) -> Iterator[Block]:
        """The text between the fences of a code block, as it stands."""
        pieces: Pieces = []
        for index in range(start, end):
            offset, line = self._source.starts[index], self._lines[index]
            if not line.strip("> \t`~"):
                continue
            if pieces:
                pieces.append(("\n", offset - 1, offset))
            pieces.append((line, offset, offset + len(line)))
        yield from self._block(pieces, 0)

    def _html(self, token: Token, start: int, end: int) -> list[Block]:
        """The blocks of HTML in the lines from `start` to `end`, of which `token` has the first."""
        lines = list(self._lines[start:end])
        if token.level:  # inside a list or quotation, whose marks are not HTML
            content = token.content.split("\n")
            for index, line in enumerate(lines):
                text = content[index].strip() if index < len(content) else line.lstrip("> \t")
                lines[index] = " " * line.rfind(text) + text
        return htmltree.blocks(lines, start + 1)

    def _end_of_html(self, start: int, end: int) -> int:
        """The end of the HTML block, with all of the tables in it: CommonMark ends it at their first empty line."""
        index, reached = start, end
        while index < reached:
            reached = max(reached, self._table_ends.get(index, 0))
            index += 1
        while end < reached < len(self._lines) and self._lines[reached].strip():
            reached += 1
        return reached

    def _table(self, indices: Sequence[int]) -> Table:
        """The table whose rows are the lines at `indices`, of any number of cells."""
        cells = [cell for row, index in enumerate(indices) for cell in self._row(row, index)]
        start = self._source.starts[indices[0]]
        end = self._source.starts[indices[-1]] + len(self._lines[indices[-1]])
        return Table(cells=tuple(cells), at=self._source.span(start, end))

    def _row(self, row: int, index: int) -> Iterator[Cell]:
        line, offset = self._lines[index], self._source.starts[index]
        container = _CONTAINER.match(line)
        begin, end = container.end() if container else 0, len(line.rstrip())
        edges = [begin - 1, *(pipe.start() for pipe in _PIPE.finditer(line, begin, end)), end]
        spans = [(left + 1, right) for left, right in pairwise(edges)]
        if spans[0][0] == spans[0][1]:
            spans.pop(0)
        if spans and spans[-1][0] >= spans[-1][1]:
            spans.pop()
        for column, (left, right) in enumerate(spans):
            pieces = [
                (text, offset + left + start, offset + left + stop)
                for text, start, stop in self._inline(line[left:right])
            ]
            blank = self._source.span(offset + left, offset + right)
            text, at = locate(pieces, self._source, " \t\n") or ("", blank)
            yield Cell(text=text, row=row, column=column, at=at)

    def _inline(self, content: str) -> Pieces:
        """The text of `content` without its markup: (text, start, end) in `content`, a line end as a piece."""
        if not _MARKUP.search(content):
            return [(run[0], run.start(), run.end()) for run in _RUN.finditer(content)]
        tokens: list[Token] = []
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        env = {**self._env, "tokens": tokens, "first": first, "last": last}
        self._parser.inline.parse(content, self._parser, env, tokens)
        pieces: Pieces = []
        pushed = 0
        for index, token in enumerate(tokens):
            if index in first:
                start, pushed = first[index], index
            else:  # one of several tokens that began at one place, perhaps behind text that had been waiting
                start = last[pushed] + index - pushed - (first[pushed] < last[pushed])
            pieces.extend(_pieces(token, start, content, after_break=not pieces or pieces[-1][0] == "\n"))
        return pieces


def _pieces(token: Token, start: int, content: str, *, after_break: bool) -> Pieces:
    """What an inline token at offset `start` of `content` shows."""
    if token.type == "text":
        return [(token.content, start, start + len(token.content))]
    if token.type == "text_special":
        shift = len(token.markup) - len(token.content) if token.info == "escape" else 0
        return [(token.content, start + shift, start + len(token.markup))]
    if token.type == "code_inline":
        start += len(token.markup)
        start += content[start : start + 1 + len(token.content)].replace("\n", " ").find(token.content)
        source = content[start : start + len(token.content)]
        return [(run[0].replace("\n", " "), start + run.start(), start + run.end()) for run in _RUN.finditer(source)]
    if token.type in {"softbreak", "hardbreak"} and not after_break:
        start = content.index("\n", start)
        return [("\n", start, start + 1)]
    if token.type == "html_inline" and _BREAK.match(token.content) and not after_break:
        return [("\n", start, start + len(token.content))]
    return []


def _parser() -> MarkdownIt:
    """CommonMark with tables, without code by indentation; inline text is parsed on demand, its places noted."""
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    parser.disable(["code", "inline", "text_join", "fragments_join"])
    parser.inline.ruler.before("text", "place", _note_place)
    return parser


def _note_place(state: StateInline, silent: bool) -> bool:
    """An inline rule that takes nothing: it notes at which offset the parser stands for each number of tokens."""
    if not silent and state.tokens is state.env["tokens"]:
        state.env["first"].setdefault(len(state.tokens), state.pos)
        state.env["last"][len(state.tokens)] = state.pos
    return False


def _runs(content: list[str]) -> list[tuple[bool, list[int]]]:
    """The lines' indices in runs: (True, those of a table), (False, those of text); one line alone is no table."""
    piped = [bool(_PIPED.fullmatch(line)) for line in content]
    beside = zip([False, *piped], piped, [*piped[1:], False], strict=False)
    in_table = [here and (before or after) for before, here, after in beside]
    runs = groupby(range(len(content)), key=in_table.__getitem__)
    return [(kind, list(indices)) for kind, indices in runs]


def _without_delimiters(content: list[str], indices: list[int]) -> list[int]:
    """A table's lines without the row of dashes below its header, which only draws a line."""
    return [index for place, index in enumerate(indices) if place != 1 or not _DELIMITERS.fullmatch(content[index])]


def _table_ends(lines: Sequence[str]) -> dict[int, int]:
    """Index of a line with <table> → index behind the line of its </table>; a table without an end tag has none."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for index, line in enumerate(lines):
        for tag in _TABLE.finditer(line):
            if not tag[1]:
                opened.append(index)
            elif opened:
                ends[opened.pop()] = index + 1
    return ends


def _without_front_matter(lines: Sequence[str]) -> Sequence[str]:
    """The lines with those of a YAML front matter empty."""
    if not lines or lines[0].rstrip() != "---":
        return lines
    for index, line in enumerate(lines[1:], 1):
        if line.rstrip() in {"---", "..."}:
            inside = [inner for inner in lines[1:index] if inner.strip()]
            return [""] * (index + 1) + list(lines[index + 1 :]) if inside and _PROPERTY.match(inside[0]) else lines
    return lines
