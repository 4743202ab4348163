"""The tables of a report: printed rows and cells placed in a template's table, each figure with its address."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from linter.columns import Window, candidates, choose, column_order, split_values
from linter.document import Block, Cell, Position, Table, rows
from linter.errors import Phrase
from linter.folding import label_core, label_key
from linter.matching import Match, PrintedRow, match_rows, printed_row
from linter.number import is_blank, is_numeric, parse
from linter.template import BlockForm, ColumnForm, RowSlot, TableForm

ENOUGH = 0.3
"""The share of a table's rows that must be found outside its own section for the table to be taken for it."""

MISSING, STRAY = 0.5, 0.5
"""Taken off an edition's score for each row that it has and that is not printed, and for each that it lacks."""

LABELS = 4
"""Labels of a table that plain lines must hold to be taken for the table run together."""

HEADER, READABLE = 0.3, 0.5
"""Added for each column label that the header prints as the edition words it, and for each row whose values fit."""


class Figure(NamedTuple):
    """A cell of a template's table as the report fills it."""

    address: str  # "requests.granted.total"
    text: str  # as printed
    value: Decimal | None  # None for a blank and for what is not a number
    at: Position


class Unreadable(NamedTuple):
    """A table, or a row of one, that is there but cannot be read with certainty."""

    table: str
    at: Position
    reason: Phrase
    row: str = ""  # its label; empty for the whole table


class PrintedTable(NamedTuple):
    form: TableForm
    edition: str | None  # None where it is the same in all templates, or where that cannot be told
    at: Position
    figures: Mapping[str, Figure]  # by address
    labels: tuple[tuple[str, Position], ...]  # label cores of its printed rows and columns
    missing_rows: tuple[tuple[RowSlot, Position], ...]  # with the place of the printed row before each, or of the first
    missing_columns: tuple[ColumnForm, ...]
    repeated: tuple[tuple[RowSlot, Position], ...]  # rows that are printed a second time
    unmatched: tuple[PrintedRow, ...]
    unreadable: tuple[Unreadable, ...]

    def evidence(self, other: TableForm) -> Position:
        """Where the table first shows that it is not `other`: a row or column label that `other` does not have."""
        known = {core for row in other.rows for core in row.cores}
        known |= {label_core(name) for group in other.columns for c in group for name in (c.label, *c.aliases)}
        return next((at for core, at in self.labels if core not in known), self.at)


class _Reading(NamedTuple):
    table: PrintedTable
    score: float  # how well the edition fits
    found: int  # rows matched


def printed_rows(tables: Iterable[Table]) -> list[PrintedRow]:
    """All rows of the tables, in order, one list: a table that is cut in two reads as one."""
    return [printed_row(row, number) for number, table in enumerate(tables) for row in rows(table) if row]


def read_table(
    forms: Mapping[str, TableForm], own: Sequence[PrintedRow], others: Sequence[PrintedRow]
) -> PrintedTable | None:
    """The table in the edition (the key of `forms`) that fits it best, or None where it is not there.

    It is looked for among its own section's rows, and where too little is found there, among those of the document.
    """
    best = _best(forms, own)
    total = min(len(form.rows) for form in forms.values())
    if best is None or best.found < ENOUGH * total:
        elsewhere = _best(forms, others)
        if elsewhere is not None and elsewhere.found >= ENOUGH * total:
            best = elsewhere
    return best.table if best else None


def _best(forms: Mapping[str, TableForm], printed: Sequence[PrintedRow]) -> _Reading | None:
    if not printed:
        return None
    readings: dict[str, _Reading] = {}
    for edition, form in forms.items():
        same = next((known for known in readings if _same(forms[known], form)), None)
        reading = None if same else (_read_across if form.across else _read_rows)(form, edition, printed)
        if reading is not None:
            readings[edition] = reading
    if not readings:
        return None
    ranked = sorted(readings.values(), key=lambda reading: -reading.score)
    tie = len(ranked) > 1 and ranked[0].score == ranked[1].score
    if tie or all(_same(form, ranked[0].table.form) for form in forms.values()):
        return ranked[0]._replace(table=ranked[0].table._replace(edition=None))
    return ranked[0]


@lru_cache(maxsize=64)
def _same(one: TableForm, other: TableForm) -> bool:
    """Whether two editions have the same table (forms hash by identity, so each pair is compared once)."""
    return one.blocks == other.blocks and one.across == other.across


def _read_rows(form: TableForm, edition: str, printed: Sequence[PrintedRow]) -> _Reading | None:
    matches = match_rows(printed, form.rows)
    if not matches:
        return None
    labels: list[tuple[str, Position]] = []
    absent: list[ColumnForm] = []
    unreadable: list[Unreadable] = []
    ordered: list[tuple[Match, Sequence[ColumnForm]]] = []
    wording = 0
    for columns, block, inside, header in _blocks(form, printed, matches):
        found = list(_header_labels(header, columns))
        wording += sum(exact for _, _, exact in found)
        labels.extend((core, at) for core, at, _ in found)
        order = _columns(header, block.columns, printed, inside)
        if order is None:
            unreadable.append(_misordered(form, printed[inside[0].printed]))
            continue
        absent.extend(column for column in columns if inside and column not in order)
        ordered.extend((match, order) for match in inside)
    labels.extend((label_core(form.rows[m.form].label), _label_at(printed, m)) for m in matches)
    read = list(_read_values(form, printed, ordered))
    figures = {figure.address: figure for figure in read if isinstance(figure, Figure)}
    unreadable.extend(row for row in read if isinstance(row, Unreadable))
    repeated, unmatched = _left_over(form, printed, matches)
    first, last = printed[matches[0].printed].cells[0].at, printed[matches[-1].printed].cells[-1].at
    table = PrintedTable(
        form=form,
        edition=edition,
        at=first._replace(end_line=last.end_line, end_column=last.end_column, where=form.name),
        figures=figures,
        labels=tuple(labels),
        missing_rows=tuple(_missing_rows(form, printed, matches)),
        missing_columns=tuple(absent),
        repeated=repeated,
        unmatched=unmatched,
        unreadable=tuple(unreadable),
    )
    score = sum(match.score for match in matches) + HEADER * wording + READABLE * (len(matches) - len(unreadable))
    score -= MISSING * len(table.missing_rows) + STRAY * len(unmatched)
    return _Reading(table=table, score=score, found=len(matches))


def _missing_rows(
    form: TableForm, printed: Sequence[PrintedRow], matches: Sequence[Match]
) -> Iterator[tuple[RowSlot, Position]]:
    by_form = {match.form: match for match in matches}
    before = matches[0]
    for number, row in enumerate(form.rows):
        before = by_form.get(number, before)
        if number not in by_form:
            yield row, _label_at(printed, before)


def _blocks(
    form: TableForm, printed: Sequence[PrintedRow], matches: Sequence[Match]
) -> Iterator[tuple[tuple[ColumnForm, ...], BlockForm, list[Match], list[Sequence[Cell]]]]:
    """(columns, block, its matches, the rows above and between them that can be its header) of each block."""
    matched = {match.printed for match in matches}
    above = 0
    for number, block in enumerate(form.blocks):
        inside = [match for match in matches if form.rows[match.form].block == number]
        below = inside[-1].printed if inside else above
        yield form.columns[number], block, inside, [printed[r].cells for r in range(above, below) if r not in matched]
        above = below + 1 if inside else above


def _label_at(printed: Sequence[PrintedRow], match: Match) -> Position:
    return printed[match.printed].cells[max(match.label, 0)].at


def _header_labels(
    header: Iterable[Sequence[Cell]], columns: Sequence[ColumnForm]
) -> Iterator[tuple[str, Position, bool]]:
    """(label core, place, whether in the edition's own wording) of the header cells that name one of the columns."""
    own = {label_core(column.label) for column in columns}
    known = own | {label_core(alias) for column in columns for alias in column.aliases}
    for row in header:
        for cell in row:
            core = label_core(cell.text)
            if core in known:
                yield core, cell.at, core in own


def _columns(
    header: Sequence[Sequence[Cell]],
    columns: Sequence[ColumnForm],
    printed: Sequence[PrintedRow],
    matches: Sequence[Match],
) -> list[ColumnForm] | None:
    """The columns of a block as printed; fewer than the template's where both the header and the rows lack some."""
    order = column_order(header, columns)
    if order is None or len(order) == 1:
        return order
    named = {label_core(cell.text) for row in header for cell in row}
    there = [c for c in order if named & {label_core(name) for name in (c.label, *c.aliases)}]
    counts = Counter(sum(bool(cell.text) for cell in printed[m.printed].cells[m.label + 1 :]) for m in matches)
    usual = counts.most_common(1)[0][0] if counts else 0
    return there if usual == len(there) > 1 else order


def _misordered(form: TableForm, row: PrintedRow) -> Unreadable:
    return Unreadable(
        table=form.key,
        at=row.cells[0].at,
        reason=Phrase(
            zh="表头各列的次序与格式不同，无法确定各数属于哪一列",
            en="the header names its columns in another order; which number belongs to which cannot be told",
        ),
    )


def _read_values(
    form: TableForm, printed: Sequence[PrintedRow], ordered: Sequence[tuple[Match, Sequence[ColumnForm]]]
) -> Iterator[Figure | Unreadable]:
    """The figures of the matched rows, each with its columns in printed order."""
    cells = [printed[match.printed].cells for match, _ in ordered]
    options = [candidates(row, match.label, len(order)) for row, (match, order) in zip(cells, ordered, strict=True)]
    windows = choose(options, cells)
    for row, (match, order), window in zip(cells, ordered, windows, strict=True):
        slot = form.rows[match.form]
        values = _values(row, match.label, window, len(order))
        if values is None:
            yield _uncertain(form, slot, _label_at(printed, match))
            continue
        for column, cell in zip(order, values, strict=True):
            if not column.ignored:
                where = f"{form.name} 第{cell.row + 1}行 {column.label}"
                yield _figure(f"{form.key}.{slot.key}.{column.key}", cell, where)


def _values(row: Sequence[Cell], label: int, window: Window | None, width: int) -> list[Cell] | None:
    """The value cells of a row; None where they cannot be told."""
    if window is not None:
        return list(row[window.start : window.start + width])
    behind = row[label + 1 :]
    if len(behind) < width and not any(cell.text for cell in behind):
        return [*behind, *[_blank_behind(row[-1])] * (width - len(behind))]
    words = split_values(row, label, width)
    if words is None:
        return None
    filled = (cell for cell in behind for _ in cell.text.split())
    return [cell._replace(text=word) for cell, word in zip(filled, words, strict=True)]


def _blank_behind(cell: Cell) -> Cell:
    at = cell.at._replace(line=cell.at.end_line, column=cell.at.end_column)
    return cell._replace(text="", at=at)


def _uncertain(form: TableForm, slot: RowSlot, at: Position) -> Unreadable:
    return Unreadable(
        table=form.key,
        row=slot.label,
        at=at,
        reason=Phrase(
            zh=f"“{slot.label}”一行的数与各列对不上，无法确定哪个数属于哪一列",
            en=f"the numbers of row '{slot.label}' do not fit the columns; which belongs to which cannot be told",
        ),
    )


def _figure(address: str, cell: Cell, where: str) -> Figure:
    return Figure(address=address, text=cell.text, value=parse(cell.text), at=cell.at._replace(where=where))


def _left_over(
    form: TableForm, printed: Sequence[PrintedRow], matches: Sequence[Match]
) -> tuple[tuple[tuple[RowSlot, Position], ...], tuple[PrintedRow, ...]]:
    """(rows printed again, other rows with a label and numbers) among the rows that were not matched."""
    taken = {match.printed for match in matches}
    by_key = {key: row for row in form.rows for key in row.keys}
    found = {match.form for match in matches}
    repeated, unmatched = [], []
    for number, row in enumerate(printed):
        if number in taken or row.first_value == len(row.cells):
            continue
        label = next(row.labels, None)
        if label is None:
            continue
        slot = by_key.get(label_key(row.cells[label].text))
        if slot is not None and any(form.rows[index] is slot for index in found):
            repeated.append((slot, row.cells[label].at))
        else:
            unmatched.append(row)
    return tuple(repeated), tuple(unmatched)


def _read_across(form: TableForm, edition: str, printed: Sequence[PrintedRow]) -> _Reading | None:
    """A table whose rows stand side by side: in one printed row, in several one after the other, or under labels."""
    columns = form.columns[0]
    names = {label_core(name): column.key for column in columns for name in (column.label, *column.aliases)}
    seen = {
        names[core]
        for row in printed
        for cell in row.cells
        for word in _words(cell)
        if (core := label_core(word)) in names
    }
    if len(seen) < 2:
        return None
    labelled = _read_rows(form, edition, printed)
    if labelled is not None and labelled.found == len(form.rows) and labelled.table.figures:
        return labelled
    width = len(columns)
    lines = [cells for row in printed if _is_values(cells := _behind_labels(row), width)]
    filled = [cells for cells in lines if any(cell.text for cell in cells)]
    values = _in_sequence(filled or lines[-1:], width, len(form.rows))
    if values is None and not filled:
        return None
    first, last = printed[0].cells[0].at, printed[-1].cells[-1].at
    at = first._replace(end_line=last.end_line, end_column=last.end_column, where=form.name)
    addresses = list(form.addresses())
    slots = [(row, column) for row in form.rows for column in columns]
    figures = {
        address: _figure(address, cell, f"{form.name} {row.label} {column.label}")
        for address, cell, (row, column) in zip(addresses, values or (), slots, strict=False)
    }
    reason = Phrase(
        zh=f"应有 {len(addresses)} 个数，各格与栏目对不上",
        en=f"{len(addresses)} numbers are expected, but the cells do not fit the columns",
    )
    table = PrintedTable(
        form=form,
        edition=edition,
        at=at,
        figures=figures,
        labels=(),
        missing_rows=(),
        missing_columns=(),
        repeated=(),
        unmatched=(),
        unreadable=() if values else (Unreadable(table=form.key, at=at, reason=reason),),
    )
    return _Reading(table=table, score=len(figures), found=len(form.rows))


def _behind_labels(row: PrintedRow) -> Sequence[Cell]:
    """The values of a row: all of it, or what stands behind its labels."""
    return row.cells[row.first_value :] if any(True for _ in row.labels) else row.cells


def _words(cell: Cell) -> list[str]:
    """A cell's text, and its words: damaged headers hold several labels in one cell."""
    return [cell.text, *cell.text.split()]


def _is_values(cells: Sequence[Cell], width: int) -> bool:
    filled = [cell for cell in cells if cell.text]
    numeric = sum(is_numeric(cell.text) or is_blank(cell.text) for cell in filled)
    return len(cells) >= width and numeric >= ENOUGH * 2 * len(filled)


def _in_sequence(lines: Sequence[Sequence[Cell]], width: int, rows_wanted: int) -> list[Cell] | None:
    """The values of the lines one behind the other, if they are just as many as the table has cells."""
    total = width * rows_wanted
    whole = [cells for cells in lines if sum(bool(cell.text) for cell in cells) == total or len(cells) == total]
    if len(whole) == 1:
        filled = [cell for cell in whole[0] if cell.text]
        return filled if len(filled) == total else list(whole[0])
    values: list[Cell] = []
    for cells in lines:
        last = max(index for index, cell in enumerate(cells) if cell.text) if any(c.text for c in cells) else -1
        needed = total if len(lines) == 1 else -(-(last + 1) // width) * width
        if not last < needed <= len(cells):
            return None
        values.extend(cells[:needed])
    return values if len(values) == total else None


def run_together(form: TableForm, blocks: Sequence[Block]) -> Iterator[Unreadable]:
    """The place where a section prints its table in plain lines, labels and digits with no boundary between cells.

    Prose that speaks of the same things says 件 behind its numbers; a table run together does not.
    """
    names = {label_core(row.label) for row in form.rows} | {
        label_core(c.label) for group in form.columns for c in group
    }
    lines = [block for block in blocks if not isinstance(block, Table)]
    telling = [line for line in lines if any(name in label_key(line.text) for name in names)]
    text = "".join(label_key(line.text) for line in telling)
    labels = sum(name in text for name in names)
    digits = sum(char.isdecimal() for char in text)
    if labels >= LABELS and digits >= labels and text.count("件") * 3 < digits:
        yield Unreadable(
            table=form.key,
            at=telling[0].at,
            reason=Phrase(
                zh="格子之间没有分隔，无法确定每个数是多少、属于哪一格",
                en="nothing parts the cells, so that neither the numbers nor their places can be told",
            ),
        )
