"""Whole reports rendered in every layout of plain text, from figures: what the mutation test changes one at a time.

A report is sections of lines; a table is a list of rows, a row a list of (text, columns it spans). Each layout prints
the same rows in its own way, as the copies of real reports do.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from linter.document import width
from linter.template import RowForm, TableForm, Template

Figures = Mapping[str, str]
Prose = Mapping[str, Sequence[str]]  # key of a section → its paragraphs
Row = list[tuple[str, int]]

PREFACE = "依据《中华人民共和国政府信息公开条例》编写本报告，所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
PROSE: Prose = {
    "overview": [
        "本局把公开作为日常工作，按季度检查栏目更新。",
        "（一）主动公开。",
        "按目录公开机构职能、财政预决算和办事指南。",
        "（二）依申请公开。",
        "登记、审核、答复各环节有专人负责。",
        "（三）政府信息管理。",
        "文件起草时即确定公开属性。",
        "（四）平台建设。",
        "网站专栏按新的目录调整。",
        "（五）监督保障。",
        "全年组织两次培训，结果纳入考核。",
    ],
    "problems": ["部分栏目更新不够及时，解读形式较为单一。下一年度将按月检查，增加图解。"],
    "other": ["本年度没有收取信息处理费。"],
}


def figures_for(template: Template, seed: int = 1) -> dict[str, str]:
    """Figures of a report in which every identity holds, all distinct enough that a moved one shows."""
    figures: dict[str, str] = {}
    for form in template.tables:
        if form.key == "requests":
            figures |= _requests(form, seed)
        elif form.across:
            figures |= _review(form, seed)
        else:
            # The organ cannot make 规章, so it has none.
            figures |= {
                address: "0" if ".rules." in address else str(seed + 3 * number)
                for number, address in enumerate(form.addresses())
            }
    return figures


def _requests(form: TableForm, seed: int) -> dict[str, str]:
    columns = [column.key for column in form.columns[0]]
    outcomes = [row.key for row in form.rows if row.key not in {"received", "carried_in", "handled", "carried_out"}]
    value: dict[str, int] = {}
    for place, column in enumerate(columns[:-1]):
        for number, row in enumerate(outcomes):
            value[f"{row}.{column}"] = (seed * 7 + number * 3 + place * 5) % 11
        handled = sum(value[f"{row}.{column}"] for row in outcomes)
        value[f"handled.{column}"] = handled
        value[f"carried_in.{column}"] = seed + place
        value[f"carried_out.{column}"] = 2 * seed + place
        value[f"received.{column}"] = handled + value[f"carried_out.{column}"] - value[f"carried_in.{column}"]
    for row in form.rows:
        value[f"{row.key}.total"] = sum(value[f"{row.key}.{column}"] for column in columns[:-1])
    return {f"requests.{key}": str(number) for key, number in value.items()}


def _review(form: TableForm, seed: int) -> dict[str, str]:
    figures = {}
    for place, row in enumerate(form.rows):
        results = [seed + place, 2 + place, 3 * seed, 4 + place]
        for column, number in zip(form.columns[0], [*results, sum(results)], strict=True):
            figures[f"review.{row.key}.{column.key}"] = str(number)
    return figures


def render(template: Template, year: int, figures: Figures, layout: str, prose: Prose = PROSE) -> str:
    """The report as text in `layout`, a key of LAYOUTS."""
    lines = [f"青川县水务局{year}年政府信息公开工作年度报告", "", PREFACE.format(year=year), ""]
    for numeral, section in zip("一二三四五六", template.sections, strict=True):
        lines += [f"{numeral}、{section.label}", "", *prose.get(section.key, [])]
        for form in template.tables:
            if form.section == section.key:
                lines += [*LAYOUTS[layout](list(table_rows(form, figures))), ""]
        lines.append("")
    return "\n".join(lines) + "\n"


def table_rows(form: TableForm, figures: Figures) -> Iterator[Row]:
    """The rows of a table as the template prints them, merged label cells spanning columns (not rows)."""
    if form.across:
        yield from _across_rows(form, figures)
    elif form.key == "requests":
        yield from _requests_rows(form, figures)
    else:
        yield from _disclosure_rows(form, figures)


def _disclosure_rows(form: TableForm, figures: Figures) -> Iterator[Row]:
    widest = 1 + max(len(columns) for columns in form.columns)
    for block, columns in zip(form.blocks, form.columns, strict=True):
        yield [(block.title, widest)]
        yield _spread([("信息内容", 1), *((column.label, 1) for column in columns)], widest)
        for row in block.rows:
            cells = [(figures[f"{form.key}.{row.key}.{column.key}"], 1) for column in columns]
            yield _spread([(row.label, 1), *cells], widest)


def _spread(row: Row, wide: int) -> Row:
    """The row made as wide as the table by its last cell."""
    text, span = row[-1]
    return [*row[:-1], (text, span + wide - sum(cell_span for _, cell_span in row))]


def _requests_rows(form: TableForm, figures: Figures) -> Iterator[Row]:
    yield [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3), ("申请人情况", 7)]
    yield [("", 3), ("自然人", 1), ("法人或其他组织", 5), ("总计", 1)]
    yield [
        ("", 3),
        ("", 1),
        *((label, 1) for label in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")),
        ("", 1),
    ]
    for row in form.blocks[0].rows:
        for key, labels in _labelled(row, "", []):
            cells = [(figures[f"{form.key}.{key}.{column.key}"], 1) for column in form.columns[0]]
            yield [*((label, 1) for label in labels[:-1]), (labels[-1], 4 - len(labels)), *cells]


def _labelled(row: RowForm, prefix: str, above: list[str]) -> Iterator[tuple[str, list[str]]]:
    """(key, labels) of each leaf row; a heading over rows is printed beside its first one and leaves blanks below."""
    key = f"{prefix}.{row.key}" if prefix and row.key else prefix or row.key
    if not row.rows:
        yield key, [*above, row.label]
    for number, child in enumerate(row.rows):
        yield from _labelled(child, key, [*above, row.label] if not number else [""] * (len(above) + 1))


def _across_rows(form: TableForm, figures: Figures) -> Iterator[Row]:
    results = [(column.label, 1) for column in form.columns[0]]
    yield [("行政复议", 5), ("行政诉讼", 10)]
    yield [*results, ("未经复议直接起诉", 5), ("复议后起诉", 5)]
    yield [*[("", 1)] * 5, *results, *results]
    yield [(figures[address], 1) for address in form.addresses()]


def _tab_cells(rows: list[Row]) -> Iterator[str]:
    """One cell a line behind a tab, rows apart by a blank line."""
    for row in rows:
        yield from (f"\t{text}" for text, _ in row)
        yield ""


def _tab_rows(rows: list[Row]) -> Iterator[str]:
    """One row a line, a merged cell leaves blanks behind it."""
    for row in rows:
        yield "\t".join(piece for text, span in row for piece in (text, *[""] * (span - 1)))


def _tab_rows_padded(rows: list[Row]) -> Iterator[str]:
    """One row a line, merged cells closed up, the row filled with tabs to the table's width."""
    for row in rows:
        yield "\t".join([*(text for text, _ in row), *[""] * (sum(span for _, span in row) - len(row))])


def _pipe_cells(rows: list[Row]) -> Iterator[str]:
    """One cell a line ending in ` |`, blanks and what a merged cell leaves as pipes, rows closed by pipes."""
    for row in rows:
        pipes = 0
        for text, _ in row:
            if text:
                if pipes:
                    yield "|" * pipes
                    pipes = 0
                yield f"{text} |"
            else:
                pipes += 1
        pipes += sum(span for _, span in row) - len(row)
        if pipes:
            yield "|" * pipes


def _markdown(rows: list[Row]) -> Iterator[str]:
    """A Markdown pipe table."""
    for number, row in enumerate(rows):
        yield "| " + " | ".join(piece for text, span in row for piece in (text, *[""] * (span - 1))) + " |"
        if not number:
            yield "|" + " --- |" * sum(span for _, span in row)


def _aligned(rows: list[Row]) -> Iterator[str]:
    """Columns aligned by spaces; a blank shows only by the gap."""
    widths = [0] * sum(span for _, span in rows[0])
    for row in rows:
        for column, text, span in _placed(row):
            if span <= 3:  # the text of a wider cell runs over the columns below it
                widths[column] = max(widths[column], width(text))
    starts = [sum(widths[:column]) + 3 * column for column in range(len(widths))]
    for row in rows:
        line = ""
        for column, text, _ in _placed(row):
            if text:
                line += " " * (starts[column] - width(line)) + text
        yield line


def _placed(row: Row) -> Iterator[tuple[int, str, int]]:
    """(first column, text, span) of each cell."""
    column = 0
    for text, span in row:
        yield column, text, span
        column += span


def _bare_cells(rows: list[Row]) -> Iterator[str]:
    """One bare cell a line."""
    for row in rows:
        yield from (text for text, _ in row if text)


LAYOUTS: dict[str, Callable[[list[Row]], Iterator[str]]] = {
    "tab-cells": _tab_cells,
    "tab-rows": _tab_rows,
    "tab-rows-padded": _tab_rows_padded,
    "pipe-cells": _pipe_cells,
    "markdown": _markdown,
    "aligned": _aligned,
    "bare-cells": _bare_cells,
}
"""Name → how the layout prints the rows of a table."""
