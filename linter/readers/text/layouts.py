"""Tables whose cells are parted by a character: tabs or pipes, in rows of cells or with one cell a line."""

import re
from collections.abc import Callable
from itertools import chain, groupby
from math import gcd
from operator import itemgetter

from linter.number import is_blank, is_numeric
from linter.readers.text.lines import Line, Region, Row, Slot

SHORT = 30
"""Characters up to which a line without separator inside a table is the rest of the cell above or below it."""

ONE_CELL = 0.7
"""Share of lines with at most one cell from which on a table has one cell a line."""

NARROWEST = 3
"""Cells in a row of the narrowest table: a label and two columns."""

MOST_ROWS = 0.7
"""Share of sound rows from which on a width is believed to be the table's."""

_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")


def tabbed(lines: list[Line], start: int) -> Region | None:
    """The table that begins at `start` with a line holding a tab: one cell a line, or one row a line."""
    if "\t" not in lines[start].text:
        return None
    end = _run(lines, start, lambda line: "\t" in line.text)
    region = lines[start:end]
    tabs = [line for line in region if "\t" in line.text]
    single = sum(map(_is_cell, tabs))
    if single > ONE_CELL * len(tabs):
        rows = _cell_a_line(region)
    else:
        rows = [line.parts("\t") for line in region if line.bare or "\t" in line.text]
    return Region(rows=rows, end=end)


def _is_cell(line: Line) -> bool:
    """Whether a line with a tab holds a cell at most: one part is filled, and behind it are no blank cells of a row."""
    text, bare = line.text, line.bare
    if "\t" in bare:
        return False
    if bare and text.endswith(bare):
        return True
    return (text.rpartition(bare)[2] if bare else text).count("\t") < 2


def piped(lines: list[Line], start: int) -> Region | None:
    """The table that begins at `start` with a line holding a pipe: one cell a line, or one row a line."""
    if "|" not in lines[start].text or not _is_piped(lines[start]):
        return None
    end = _run(lines, start, _is_piped)
    parts = [list(part) for filled, part in groupby(lines[start:end], key=lambda line: bool(line.bare)) if filled]
    region = [line for part in parts for line in part]
    counts = [_pipe_cells(line) for line in region if not _is_pipes(line)]
    if counts.count(1) * 2 > len(counts):
        if len(parts) > 2:  # empty lines part the rows, and pipes alone on a line are blank cells
            return Region(rows=grouped_rows([list(chain(*_pipe_groups(part))) for part in parts]), end=end)
        return Region(rows=_pipe_closed(region), end=end)
    rows = [_pipe_row(line) for line in region if not _DELIMITER.fullmatch(line.text)]
    if len(rows) < 2:  # one line with pipes is a list of links or a sentence
        return None
    return Region(rows=rows, end=end)


def _is_piped(line: Line) -> bool:
    bare = line.bare
    return bare.endswith("|") or bare.startswith("|") or " | " in bare or bare.count("|") >= 2


def _is_pipes(line: Line) -> bool:
    """Whether a line holds pipes and nothing else."""
    return line.bare.startswith("|") and not line.bare.replace("|", "").strip()


def _run(lines: list[Line], start: int, belongs: Callable[[Line], bool]) -> int:
    """The end of the region of lines that belong together, over blank lines and over the rests of broken cells."""
    end = start
    while end < len(lines):
        if belongs(lines[end]):
            end += 1
            continue
        rest = end
        while rest < len(lines) and not lines[rest].bare and not belongs(lines[rest]):
            rest += 1
        if rest == end and len(lines[rest].bare) <= SHORT and not lines[rest].is_heading:
            rest += 1
            # A rest of a cell follows its line at once, and the table goes on behind it.
            if rest < len(lines) and not lines[rest].bare and not belongs(lines[rest]):
                rest += 1
        if rest >= len(lines) or not belongs(lines[rest]):
            break
        end = rest
    return end


def _cell_a_line(region: list[Line]) -> list[Row]:
    """Rows of cells behind tabs; a line without a tab goes on with the cell above it."""
    groups: list[Row] = [[]]
    for line in region:
        if "\t" not in line.text:
            if not line.bare:
                groups.append([])
            elif groups[-1]:
                groups[-1][-1] = groups[-1][-1].joined(line.whole())
            else:
                groups[-1].append(line.whole())
            continue
        if "\t" in line.bare:
            groups[-1].extend(slot for slot in line.parts("\t") if slot.text)
        else:
            groups[-1].append(line.whole() if line.bare else line.slot(line.text.index("\t") + 1, len(line.text)))
    return grouped_rows(groups)


def grouped_rows(groups: list[Row]) -> list[Row]:
    """The rows in groups of cells that empty lines part: a group is a row.

    Where nearly every cell is a group of its own, the empty lines part cells, not rows; and where empty lines were lost
    a group holds several rows. A label behind a number always begins a row.
    """
    groups = [group for group in groups if group]
    if sum(len(group) == 1 for group in groups) > ONE_CELL * len(groups):
        groups = [[slot for group in groups for slot in group]]
    rows: list[Row] = []
    for group in groups:
        rows.append([])
        for slot in group:
            is_label = not is_numeric(slot.text) and not is_blank(slot.text)
            if is_label and any(is_numeric(before.text) for before in rows[-1]):
                rows.append([])
            rows[-1].append(slot)
    return rows


def _pipe_row(line: Line) -> Row:
    first, last = line.bare.startswith("|"), line.bare.endswith("|")
    if "\\" not in line.text:
        return line.parts("|", line.text.index("|") + 1 if first else 0, line.text.rindex("|") if last else None)
    ends = _pipes(line)
    starts = [0, *(end + 1 for end in ends)]
    row = [line.slot(start, end) for start, end in zip(starts, [*ends, len(line.text)], strict=True)]
    return row[first : len(row) - last]


def _pipe_cells(line: Line) -> int:
    """How many cells the row of a line has."""
    pipes = len(_pipes(line)) if "\\" in line.text else line.text.count("|")
    return pipes + 1 - line.bare.startswith("|") - line.bare.endswith("|")


def _pipes(line: Line) -> list[int]:
    """Where the pipes of a line are, without escaped ones."""
    return [match.start() for match in _PIPE.finditer(line.text)]


def _pipe_closed(region: list[Line]) -> list[Row]:
    """Rows of cells that end in a pipe, closed by a line of pipes.

    The closing pipes stand for the cells that a row lacks to the width of the table, so that the pipes of each row add
    up to one number; pipes before that number is reached are blank cells inside the row, and a full row has no closing
    pipes at all.
    """
    closed: list[Row] = [[]]
    for group in _pipe_groups(region):
        closed[-1].extend(group)
        if group and not group[-1].text:
            closed.append([])
    closed = [row for row in closed if row]
    lengths = [len(row) for row in closed]
    widths = {gcd(*lengths), max(dict.fromkeys(lengths), key=lengths.count)}
    slots = [slot for row in closed for slot in row]
    options = [
        [slots[at : at + width] for at in range(0, len(slots), width)]
        for width in sorted(widths, reverse=True)
        if width >= NARROWEST
    ]
    share, best = max(((_share_of_rows(rows), rows) for rows in options), key=itemgetter(0), default=(0, closed))
    return best if share >= MOST_ROWS else closed


def _share_of_rows(rows: list[Row]) -> float:
    """The share of rows that are one: in which no label stands behind a number, and no row begins with numbers.

    A row of numbers only (the review table's) begins with one, but there are few of them.
    """
    return sum(not _is_broken(row) for row in rows) / len(rows)


def _is_broken(row: Row) -> bool:
    kinds = [is_numeric(slot.text) for slot in row if slot.text]
    return kinds != sorted(kinds) or kinds[:1] == [True]


def _pipe_groups(region: list[Line]) -> list[list[Slot]]:
    """What each line adds to its row: a cell, or as many blank ones as it has pipes."""
    groups: list[list[Slot]] = []
    broken: Slot | None = None
    for line in region:
        if _is_pipes(line):
            groups.append([line.slot(at, at) for at, char in enumerate(line.text) if char == "|"])
        elif "|" in line.text:
            slots = _pipe_row(line)
            groups.append([broken.joined(slots[0]), *slots[1:]] if broken else slots)
            broken = None
        else:
            slot = line.whole()
            broken = broken.joined(slot) if broken else slot
    return groups
