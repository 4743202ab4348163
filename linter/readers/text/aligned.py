"""Tables without a separator character: columns aligned by spaces, or bare cells one a line."""

import re
import sys
from collections.abc import Iterator
from itertools import pairwise

from linter.document import width
from linter.number import is_blank, is_numeric
from linter.readers.text.lines import Line, Region, Row, Slot

SHORT = 45
"""Characters up to which a line can be a label."""

PROBE = 40
"""Lines within which a table must show its numbers: its header has at most some fifteen."""

MIN_VALUES = 5
"""Numbers alone on their line, or on one line, from which on short lines are a table."""

MIN_SHARE = 0.3
"""Share of lines that hold a number alone, or a mark for nothing, in a table of bare cells."""

_GAP = re.compile(r"[ \u3000\xa0]{2,}")
_SPACE = re.compile(r"\s")
_WORD = re.compile(r"\S+")
_SENTENCE = re.compile(r"[。；;！？]")


def spaced(lines: list[Line], start: int) -> Region | None:
    """The table that begins at `start` whose columns are parted by spaces."""
    if not _may_be_row(lines[start]) or len(_tokens(lines[start])) < 2:
        return None
    end, data, most = start, 0, 0
    for index in range(start, len(lines)):
        if not lines[index].bare:
            continue
        if not _may_be_row(lines[index]) or _is_section(lines, index) or (index > start + PROBE and not data):
            break
        tokens = _tokens(lines[index])
        values = sum(_is_value(token.text) for token in tokens[1:])
        if len(tokens) > 1:
            end = index + 1
        data += values > 0
        most = max(most, values)
    if data < 2 and most < MIN_VALUES:
        return None
    # Labels right below the last row of numbers: a row that is blank, or the rest of a broken label.
    while end < len(lines) and lines[end].bare and _may_be_row(lines[end]) and not _is_section(lines, end):
        end += 1
    rows = [(line, _tokens(line)) for line in lines[start:end] if line.bare]
    return Region(rows=list(_fill_gaps(rows)), end=end)


def bare(lines: list[Line], start: int) -> Region | None:
    """The table that begins at `start` with one bare cell a line; a row ends where a label follows a value."""
    if not lines[start].bare:
        return None
    end, values = start, 0
    for index in range(start, len(lines)):
        text = lines[index].bare
        if not text:
            continue
        digits = text.isascii() and text.isdigit()
        if len(text) > SHORT or (not digits and (_SENTENCE.search(text) or _is_section(lines, index))):
            break
        if digits or is_numeric(text):
            end, values = index + 1, values + 1
        elif index > start + PROBE and values < MIN_VALUES:
            break
    cells = [line for line in lines[start:end] if line.bare]
    least = MIN_SHARE * len(cells)
    if values < MIN_VALUES or (values < least and sum(_is_value(line.bare) for line in cells) < least):
        return None
    rows: list[Row] = [[]]
    for line in cells:
        if rows[-1] and _is_value(rows[-1][-1].text) and not _is_value(line.bare):
            rows.append([])
        rows[-1].append(line.whole())
    return Region(rows=rows, end=end)


def _may_be_row(line: Line) -> bool:
    return not _SENTENCE.search(line.bare) and (len(line.bare) <= SHORT or bool(_GAP.search(line.bare)))


def _is_section(lines: list[Line], index: int) -> bool:
    """Whether the line at `index` is a heading of the text: numbered like one, without a value on it or below it."""
    line = lines[index]
    if not line.is_heading or len(_tokens(line)) > 1:
        return False
    below = next((line for line in lines[index + 1 : index + PROBE] if line.bare), None)
    return below is None or not _ends_in_value(below)


def _ends_in_value(line: Line) -> bool:
    """Whether the last slot of a line that is not empty is a value; a remark in brackets may hold spaces."""
    last = line.bare.rsplit(None, 1)[-1]
    return _is_value(last) or (last[-1] in ")）" and _is_value(_tokens(line)[-1].text))


def _is_value(text: str) -> bool:
    return is_numeric(text) or (is_blank(text) and text != "无")


def _tokens(line: Line) -> Row:
    """The slots of a line: parted by two spaces or more, and by one space where all that follows are values."""
    if line.tokens is None:
        line.tokens = _parted(line)
    return line.tokens


def _parted(line: Line) -> Row:
    if not _SPACE.search(line.bare):
        return [line.whole()] if line.bare else []
    row: Row = []
    start = 0
    for gap in [*_GAP.finditer(line.text), None]:
        end = gap.start() if gap else len(line.text)
        words = line.text[start:end].split(None, 1)
        if len(words) == 1:
            row.append(line.slot(start, end))
        elif words:
            row.extend(_trailing_values(line, start, end))
        start = gap.end() if gap else end
    return row


def _trailing_values(line: Line, start: int, end: int) -> Iterator[Slot]:
    words = list(_WORD.finditer(line.text, start, end))
    first = len(words)
    while first and _is_value(words[first - 1].group()):
        first -= 1
    if first == len(words):
        yield line.slot(start, end)
        return
    if first:
        yield line.slot(start, words[first].start())
    for word in words[first:]:
        yield line.slot(word.start(), word.end())


def _fill_gaps(rows: list[tuple[Line, Row]]) -> Iterator[Row]:
    """The rows, with a blank slot wherever a value is missing under the columns of the rows around it.

    Columns are known by the terminal columns that the values of the fullest rows take between two headers, or where
    there is but one row, by the header's. A row whose values do not each meet one of them is left as it is: what it
    lacks cannot be told.
    """
    header: list[tuple[Line, Row]] = []
    part: list[tuple[Line, Row]] = []
    for line, row in rows:
        if len(row) > 1 and not _values(row):
            if part:
                yield from _fill_part(header, part)
                header, part = [], []
            header.append((line, row))
            yield row
        elif header or _values(row):
            part.append((line, row))
        else:
            yield row
    yield from _fill_part(header, part)


def _fill_part(header: list[tuple[Line, Row]], part: list[tuple[Line, Row]]) -> Iterator[Row]:
    counts = [len(_values(row)) for _, row in part]
    full = max(counts, default=0)
    alone = sum(map(bool, counts)) == 1
    if not alone and set(counts) <= {0, full}:  # no row lacks a value
        yield from (row for _, row in part)
        return
    spans = _columns([[_span(line, slot) for slot in _values(row)] for line, row in part if len(_values(row)) == full])
    named = _header_columns(header)
    if alone and len(named) > full:
        full, spans = len(named), named
    for line, row in part:
        yield _filled(line, row, spans) if 0 < len(_values(row)) < full else row


def _header_columns(header: list[tuple[Line, Row]]) -> list[tuple[int, int]]:
    """The terminal columns (start, end) below the lowest label over each: a column ends where the next one starts."""
    labels: list[tuple[int, int]] = []
    for line, row in reversed(header):
        spans = [_span(line, slot) for slot in row]
        labels += [span for span in spans if not any(span[0] < end and start < span[1] for start, end in labels)]
    starts = sorted(start for start, _ in labels)
    return list(pairwise([*starts, sys.maxsize]))


def _values(row: Row) -> Row:
    first = next((index for index, slot in enumerate(row) if _is_value(slot.text)), len(row))
    return row[first:]


def _columns(full: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """The terminal columns (start, end) that each column's values take; none where two columns overlap."""
    spans = [(min(start for start, _ in column), max(end for _, end in column)) for column in zip(*full, strict=True)]
    apart = all(left[1] <= right[0] for left, right in pairwise(spans))
    return spans if apart else []


def _span(line: Line, slot: Slot) -> tuple[int, int]:
    start = width(line.text[: slot.at.column - 1])
    return start, start + width(slot.text)


def _filled(line: Line, row: Row, spans: list[tuple[int, int]]) -> Row:
    values = _values(row)
    filled = row[: len(row) - len(values)]
    first = _span(line, filled[-1])[1] if filled else 0
    for start, end in (span for span in spans if span[0] >= first):
        met = bool(values) and _span(line, values[0])[0] < end and _span(line, values[0])[1] > start
        behind = filled[-1].at.end_column - 1 if filled else 0
        filled.append(values.pop(0) if met else line.slot(behind, behind))
    return row if values else filled
