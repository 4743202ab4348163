"""The text reader: encodings, line ends, layouts, and the exact place of every cell and paragraph."""

import pytest

from linter.document import Paragraph, Table, rows
from linter.errors import ReadError
from linter.readers.text import read

TEXT = "标题\n第二行"


def blocks(text: str) -> list[object]:
    """Paragraphs as their text, tables as rows of texts."""
    shown: list[object] = []
    for block in read(text.encode(), "x.txt").blocks:
        if isinstance(block, Table):
            shown.append([[cell.text for cell in row] for row in rows(block)])
        else:
            shown.append(block.text)
    return shown


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (TEXT.encode(), ("标题", "第二行")),
        (TEXT.encode("utf-8-sig"), ("标题", "第二行")),
        (TEXT.encode("utf-16"), ("标题", "第二行")),
        (TEXT.encode("utf-16-le"), ("标题", "第二行")),
        (TEXT.encode("utf-16-be"), ("标题", "第二行")),
        (TEXT.encode("gb18030"), ("标题", "第二行")),
        ("标题㐂\n丂".encode("gb18030"), ("标题㐂", "丂")),
        (TEXT.replace("\n", "\r\n").encode(), ("标题", "第二行")),
        (TEXT.replace("\n", "\r").encode(), ("标题", "第二行")),
        (TEXT.replace("\n", "\x85").encode(), ("标题", "第二行")),
        (b"a\r\n\r\nb\r\n", ("a", "", "b")),
        ("甲\u2028乙".encode(), ("甲\u2028乙",)),
    ],
    ids=[
        "utf-8",
        "bom",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "gb18030",
        "gb18030 4 bytes",
        "crlf",
        "cr",
        "nel",
        "end",
        "u+2028",
    ],
)
def test_lines_are_an_editor_s_in_every_encoding(data: bytes, lines: tuple[str, ...]) -> None:
    assert read(data, "x.txt").lines == lines


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, b"\xff\xfe\x00", b"\x00" * 90, b"\x01\x02" * 50]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="不是文本文件"):
        read(data, "x.txt")


def test_a_paragraph_has_its_span_without_indent() -> None:
    (paragraph,) = read("　　本局　　".encode(), "x.txt").blocks
    assert isinstance(paragraph, Paragraph)
    at = paragraph.at
    assert (paragraph.text, at.line, at.column, at.end_line, at.end_column) == ("本局", 1, 3, 1, 5)


def test_each_cell_has_its_span() -> None:
    (table,) = read("规章\t 12\t\t0\u00a0\n许可\t3".encode(), "x.txt").blocks
    assert isinstance(table, Table)
    assert [(c.text, c.row, c.column, c.at.line, c.at.column, c.at.end_column) for c in table.cells] == [
        ("规章", 0, 0, 1, 1, 3),
        ("12", 0, 1, 1, 5, 7),
        ("", 0, 2, 1, 8, 8),
        ("0", 0, 3, 1, 9, 10),
        ("许可", 1, 0, 2, 1, 3),
        ("3", 1, 1, 2, 4, 5),
    ]


def test_a_cell_broken_over_lines_spans_them() -> None:
    (table,) = read("\t本年新\n制作数量\n\t0\n".encode(), "x.txt").blocks
    assert isinstance(table, Table)
    first = table.cells[0]
    assert (first.text, first.at.line, first.at.column, first.at.end_line, first.at.end_column) == (
        "本年新\n制作数量",
        1,
        2,
        2,
        5,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "二、主动公开\n\t规章\n\t0\n\t\n\t2\n\n\t\n\t总计\n\t7\n\n三、收到",
            ["二、主动公开", [["规章", "0", "", "2"], ["", "总计", "7"]], "三、收到"],
        ),
        ("规章\t0\t1\n\n许可\t\t2\n", [[["规章", "0", "1"], ["许可", "", "2"]]]),
        ("规章\t0\t1\n开\n许可\t\t2\n正文。", [[["规章", "0", "1"], ["开"], ["许可", "", "2"]], "正文。"]),
        (
            "信息 |\n甲 |\n乙 |\n|\n规章 |\n0 |\n1 |\n|\n许可 |\n|\n5 |\n|\n四、复议",
            [[["信息", "甲", "乙", ""], ["规章", "0", "1", ""], ["许可", "", "5", ""]], "四、复议"],
        ),
        ("| 甲 | 乙 |\n| --- | :-: |\n| 规章 | 0 |\n| a\\|b | |", [[["甲", "乙"], ["规章", "0"], ["a\\|b", ""]]]),
        ("甲 | 乙\n--- | ---\n规章 | 0", [[["甲", "乙"], ["规章", "0"]]]),
        (
            "信息内容    件数    金额\n规章        3       10\n许可                20\n",
            [[["信息内容", "件数", "金额"], ["规章", "3", "10"], ["许可", "", "20"]]],
        ),
        ("一、新收 7 0 0\n二、结转 1 0 0", [[["一、新收", "7", "0", "0"], ["二、结转", "1", "0", "0"]]]),
        (
            "三、收到\n自然人\n总计\n新收\n7\n8\n结转\n1\n2\n3",
            ["三、收到", [["自然人", "总计", "新收", "7", "8"], ["结转", "1", "2", "3"]]],
        ),
        (
            "\t本局全年共主动公开信息三十条，其中政策文件十条，工作动态二十条，均按时限发布，并由专人审核把关，逐条核对后上网发布，接受社会监督。",
            None,
        ),
        ("咨询电话  0517-83605210\n邮编  223001", ["咨询电话  0517-83605210", "邮编  223001"]),
        (
            "2023 年，我局公开 30 条。\n2022 年，我局公开 20 条。",
            ["2023 年，我局公开 30 条。", "2022 年，我局公开 20 条。"],
        ),
    ],
    ids=[
        "cell a line behind a tab",
        "row a line, blank lines between",
        "row a line, a broken label",
        "cell a line ending in a pipe",
        "pipe table",
        "pipe table without outer pipes",
        "columns aligned by spaces, a gap is a blank",
        "values parted by one space",
        "bare cells",
        "prose behind a tab",
        "contact lines are no table",
        "prose with numbers is no table",
    ],
)
def test_every_layout(text: str, expected: list[object] | None) -> None:
    assert blocks(text) == (expected if expected is not None else [text.strip()])


def test_prose_and_tables_keep_their_order() -> None:
    assert blocks("前言。\n规章\t0\n许可\t1\n后记。\n| a | b |\n| c | d |\n") == [
        "前言。",
        [["规章", "0"], ["许可", "1"]],
        "后记。",
        [["a", "b"], ["c", "d"]],
    ]
