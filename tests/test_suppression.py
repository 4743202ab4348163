"""Comments in a file that ask for exceptions: invisible to reading, exact about their line, honest about their use."""

from collections.abc import Sequence
from time import perf_counter

import pytest
from layouts import LAYOUTS, figures_for, render

from linter.diagnostic import FileResult
from linter.document import Block, Position, Table
from linter.engine import Source, Task, check
from linter.readers import read
from linter.ruleset import Ruleset

COMMENTS = ["<!-- nianbao: ignore-file fee-stated 管道 | 不是单元格 -->", "# nianbao: ignore cell-blank 理由"]

PAGE = """\
<h1>青川县水务局2023年政府信息公开工作年度报告</h1>
<p>一、总体情况</p>
<table>
<tr>
<td>规章</td>
<td>0</td>
<td>1</td>
</tr>
<tr><td>行政许可</td><td>2</td><td>3</td></tr>
</table>
<p>二、主动公开政府信息情况</p>
"""


def shifted(blocks: Sequence[Block], inserted: int) -> list[Block]:
    """The blocks as they are when a line is inserted in the file as line number `inserted`."""

    def line(number: int) -> int:
        return number + (number >= inserted)

    def place(at: Position) -> Position:
        return at._replace(line=line(at.line), end_line=line(at.end_line))

    moved: list[Block] = []
    for block in blocks:
        if isinstance(block, Table):
            cells = tuple(cell._replace(at=place(cell.at)) for cell in block.cells)
            moved.append(block._replace(at=place(block.at), cells=cells))
        else:
            marks = tuple((offset, line(number), column) for offset, number, column in block.marks)
            moved.append(block._replace(at=place(block.at), marks=marks))
    return moved


def texts(ruleset: Ruleset) -> dict[str, str]:
    """A report by file name: in every layout of text, in Markdown, in HTML."""
    template = ruleset.templates[-1]
    rendered = {f"{name}.txt": render(template, 2023, figures_for(template), name) for name in LAYOUTS}
    return rendered | {"report.md": rendered["markdown.txt"], "report.html": PAGE}


@pytest.mark.parametrize("comment", COMMENTS)
@pytest.mark.parametrize("name", [*(f"{name}.txt" for name in LAYOUTS), "report.md", "report.html"])
def test_a_comment_line_anywhere_is_no_cell_and_parts_nothing(name: str, comment: str, ruleset: Ruleset) -> None:
    lines = texts(ruleset)[name].split("\n")
    plain = read("\n".join(lines).encode(), name)
    for number in range(1, len(lines), max(1, len(lines) // 40)):
        document = read("\n".join([*lines[: number - 1], comment, *lines[number - 1 :]]).encode(), name)
        assert list(document.blocks) == shifted(plain.blocks, number), f"inserted as line {number}"
        assert document.lines[number - 1] == comment


@pytest.mark.parametrize("name", ["tab-rows.txt", "pipe-cells.txt", "report.md", "report.html"])
def test_a_comment_behind_a_line_leaves_what_stands_before_it(name: str, ruleset: Ruleset) -> None:
    lines = texts(ruleset)[name].split("\n")
    plain = read("\n".join(lines).encode(), name)
    for index in (index for index in range(0, len(lines), max(1, len(lines) // 40)) if lines[index].strip()):
        behind = [*lines[:index], lines[index] + COMMENTS[0], *lines[index + 1 :]]
        document = read("\n".join(behind).encode(), name)
        assert [_content(block) for block in document.blocks] == [_content(block) for block in plain.blocks]
        assert document.directives[0].line == index + 1


def _content(block: Block) -> object:
    if isinstance(block, Table):
        return [(cell.text, cell.row, cell.column, cell.at) for cell in block.cells]
    return block.text, block.at.line, block.at.column


def result(text: str, ruleset: Ruleset, select: Sequence[str] = (), name: str = "report.txt") -> FileResult:
    (found,) = check([Source(name, text.encode)], Task(ruleset.chosen(select, []), ruleset, "zh"))
    return found


def report_with(ruleset: Ruleset, *comments: str, blank: bool = True, behind: str = "") -> str:
    """A report, by default with one blank cell in the row of 规章, line 24, with comments above that row."""
    template = ruleset.templates[-1]
    figures = figures_for(template) | ({"disclosure.rules.issued": "/"} if blank else {})
    lines = render(template, 2023, figures, "tab-rows").split("\n")
    row = next(index for index, line in enumerate(lines) if line.startswith("规章"))
    return "\n".join([*lines[:row], *comments, lines[row] + behind, *lines[row + 1 :]])


CASES = {
    "the next line": (["# nianbao: ignore cell-blank 台账缺失"], [], ["cell-blank"]),
    "as an HTML comment": (["<!-- nianbao: ignore cell-blank 台账缺失 -->"], [], ["cell-blank"]),
    "several rules": (
        ["# nianbao: ignore cell-blank，cell-negative 台账缺失"],
        ["suppression-unused"],
        ["cell-blank"],
    ),
    "stacked comments": (
        ["# nianbao: ignore cell-blank 台账缺失", "# nianbao: ignore cell-negative 冲减"],
        ["suppression-unused"],
        ["cell-blank"],
    ),
    "two lines above": (
        ["# nianbao: ignore cell-blank 台账缺失", ""],
        ["cell-blank", "suppression-unused"],
        [],
    ),
    "the whole file": (["# nianbao: ignore-file cell-blank 台账缺失"], [], ["cell-blank"]),
    "line before file": (
        ["# nianbao: ignore cell-blank 台账缺失", "# nianbao: ignore-file cell-blank 全部"],
        ["suppression-unused"],
        ["cell-blank"],
    ),
    "without a reason": (["# nianbao: ignore cell-blank"], ["cell-blank", "suppression-invalid"], []),
    "without a rule": (["# nianbao: ignore"], ["cell-blank", "suppression-invalid"], []),
    "an unknown rule": (["# nianbao: ignore cell-blanc 台账缺失"], ["cell-blank", "suppression-invalid"], []),
    "an unknown word": (["# nianbao: disable cell-blank 台账缺失"], ["cell-blank", "suppression-invalid"], []),
    "a rule about exceptions": (
        ["# nianbao: ignore-file suppression-unused 不想看", "# nianbao: ignore cell-negative 冲减"],
        ["cell-blank", "suppression-invalid", "suppression-unused"],
        [],
    ),
    "of an unreadable file": (
        ["# nianbao: ignore-file unreadable-file 不想看"],
        ["cell-blank", "suppression-invalid"],
        [],
    ),
}


@pytest.mark.parametrize(("comments", "left", "out"), CASES.values(), ids=CASES)
def test_an_exception_takes_out_what_it_names_and_no_more(
    comments: list[str], left: list[str], out: list[str], ruleset: Ruleset
) -> None:
    found = result(report_with(ruleset, *comments), ruleset)
    assert sorted(diagnostic.rule for diagnostic in found.diagnostics) == left
    assert [item.diagnostic.rule for item in found.suppressed] == out


def test_a_comment_behind_the_row_is_for_that_row(ruleset: Ruleset) -> None:
    found = result(report_with(ruleset, behind=" <!-- nianbao: ignore cell-blank 台账缺失 -->"), ruleset)
    assert found.diagnostics == ()
    assert [(item.kind, item.reason, item.diagnostic.address) for item in found.suppressed] == [
        ("inline", "台账缺失", "disclosure.rules.issued")
    ]


@pytest.mark.parametrize("select", [[], ["suppression-unused"], ["suppression-unused", "title-missing"]])
@pytest.mark.parametrize(("blank", "unused"), [(True, []), (False, ["suppression-unused"])])
def test_whether_an_exception_is_needed_depends_on_no_choice_of_rules(
    select: list[str], blank: bool, unused: list[str], ruleset: Ruleset
) -> None:
    text = report_with(ruleset, "# nianbao: ignore cell-blank 台账缺失", blank=blank)
    found = result(text, ruleset, select)
    assert [diagnostic.rule for diagnostic in found.diagnostics] == unused
    assert {item.diagnostic.rule for item in found.suppressed} <= set(select or ["cell-blank"])


def test_nothing_is_said_where_the_rule_could_not_be_checked(ruleset: Ruleset) -> None:
    text = report_with(ruleset, "# nianbao: ignore stock-bound 历年遗留")  # its row has a blank
    assert [diagnostic.rule for diagnostic in result(text, ruleset).diagnostics] == ["cell-blank"]


def test_an_unlisted_file_may_be_no_report_for_a_reason(ruleset: Ruleset) -> None:
    found = result("# nianbao: ignore-file not-a-report 说明文件\n随便什么", ruleset)
    assert found.diagnostics == ()
    assert [item.diagnostic.rule for item in found.suppressed] == ["not-a-report"]


def test_a_file_of_nothing_but_comments_is_read() -> None:
    document = read(COMMENTS[1].encode(), "report.txt")
    assert (document.blocks, document.directives[0].line) == ((), 1)


def test_many_comments_take_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        data = ("<!-- nianbao: " * count + "\n" + "<!-- nianbao: ignore x y -->" * count).encode()
        start = perf_counter()
        read(data, "report.html")
        return perf_counter() - start

    assert seconds(20_000) < 100 * max(seconds(1_000), 0.005)
