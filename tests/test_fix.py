"""`check --fix`: only what is certain, only at its place, no figure but blanks by request, and once is enough."""

import io
import re
import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from conftest import FIXTURES
from layouts import LAYOUTS, figures_for, render

from linter.cli import main
from linter.edits import writable
from linter.engine import Source, Task, check, report_of
from linter.errors import ReadError
from linter.fixers import FIXERS
from linter.fixing import Fixed, fix
from linter.readers import READERS, read
from linter.report import Report, align
from linter.ruleset import Ruleset

YEARS = (2020, 2023)
"""A year of each template, oldest first."""

EVERY = sorted(
    path
    for folder in ("rules/*", "reports", "formats")
    for path in FIXTURES.glob(f"{folder}/*")
    if path.suffix in READERS and writable(path.name)
)


def fixed(data: bytes, name: str, ruleset: Ruleset, *, unsafe: bool = False) -> Fixed:
    return fix(Source(name, lambda: data), ruleset, ruleset, unsafe=unsafe)


def values(data: bytes, name: str, ruleset: Ruleset) -> dict[str, object]:
    figures = align(read(data, name), ruleset.templates).figures
    return {address: figure.value for address, figure in figures.items()}


def findings(data: bytes, name: str, ruleset: Ruleset) -> list[tuple[str, int]]:
    (result,) = check([Source(name, lambda: data)], Task(ruleset, ruleset, "zh"))
    return sorted((diagnostic.rule, diagnostic.at.line) for diagnostic in result.diagnostics)


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_fixture_keeps_its_figures_and_gains_no_finding(path: Path, unsafe: bool, ruleset: Ruleset) -> None:
    data = path.read_bytes()
    try:
        once = fixed(data, path.name, ruleset, unsafe=unsafe)
    except ReadError:
        return
    twice = fixed(once.data, path.name, ruleset, unsafe=unsafe)
    assert (twice.data, dict(twice.applied)) == (once.data, {})
    before, after = values(data, path.name, ruleset), values(once.data, path.name, ruleset)
    changed = {address: (before[address], value) for address, value in after.items() if before[address] != value}
    assert before.keys() == after.keys()
    assert set(changed.values()) <= ({(None, 0)} if unsafe else set())
    known = findings(data, path.name, ruleset)
    assert [found for found in findings(once.data, path.name, ruleset) if found not in known] == []
    assert (once.data == data) == (not once.applied)
    if path.suffix != ".docx":
        lines = list(zip(data.split(b"\n"), once.data.split(b"\n"), strict=True))
        assert sum(old != new for old, new in lines) <= sum(once.applied.values())


REPORT = (FIXTURES / "reports/水务局-2023.txt").read_text("utf-8")


def page(text: str) -> str:
    """The report as a web page, each line a paragraph, the tab-separated ones rows of tables."""
    out, open_table = ["<html><body>"], False
    for line in text.splitlines():
        if ("\t" in line) != open_table:
            out.append("<table>" if not open_table else "</table>")
            open_table = not open_table
        cells = "".join(f'<td style="a&gt;b">{cell}</td>' for cell in line.split("\t"))
        out.append(f"<tr>{cells}</tr>" if open_table else f"<p>{line}</p>")
    return "\n".join([*out, "</body></html>"])


SLIPS = [
    # what is wrong in the report, what it is fixed to
    ("行政许可\t447", "行政许可\t４４７", None),
    ("行政许可\t447", "行政许可\t \xa0447\u3000", None),
    ("行政许可\t447", "行政许可\t+４47", "行政许可\t+447"),
    ("五、存在的主要问题及改进情况", "五、存在的主要问题及改进清况", None),
    ("五、存在的主要问题及改进情况", "四、存在的主要问题及改进情况", None),
    ("编写本报告", "和国办公开办函[2021]30号编写本报告", "和国办公开办函〔2021〕30号编写本报告"),
    ("编写本报告", "和国办公开办函（2021）30号编写本报告", "和国办公开办函〔2021〕30号编写本报告"),
    ("部分栏目", "[bookmark: _GoBack]部分栏目", None),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(("right", "wrong", "expected"), SLIPS, ids=[wrong for _, wrong, _ in SLIPS])
def test_a_slip_is_corrected_and_every_other_byte_stays(
    right: str, wrong: str, expected: str | None, newline: str, encoding: str, ruleset: Ruleset
) -> None:
    def written(text: str) -> bytes:
        return REPORT.replace(right, text).replace("\n", newline).encode(encoding)

    assert fixed(written(wrong), "a.txt", ruleset).data == written(expected or right)


@pytest.mark.parametrize(("right", "wrong", "expected"), SLIPS, ids=[wrong for _, wrong, _ in SLIPS])
def test_a_slip_is_corrected_inside_markup(right: str, wrong: str, expected: str | None, ruleset: Ruleset) -> None:
    if "\t +" in wrong or "\t \xa0" in wrong:  # white space that a page does not show is its own affair
        wrong = wrong.replace("\t ", "\t")
    assert fixed(page(REPORT.replace(right, wrong)).encode(), "a.html", ruleset).data.decode() == page(
        REPORT.replace(right, expected or right)
    )


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("<td><b>４</b>４&#55;&nbsp;</td>", "<td><b>4</b>4&#55;</td>"),
        ("<td>&#65300;47</td>", "<td>447</td>"),
    ],
)
def test_a_number_is_narrowed_around_tags_and_entities(wrong: str, expected: str, ruleset: Ruleset) -> None:
    whole = page(REPORT)
    cell = '<td style="a&gt;b">447</td>'
    data = fixed(whole.replace(cell, wrong).encode(), "a.html", ruleset).data
    assert data.decode() == whole.replace(cell, expected)


UNCERTAIN = [
    ("五、存在的主要问题及改进情况", "五、存在的主要问题及其整改落实情况"),  # more than a slip
    ("编写本报告", "和国办公开办涵〔2021〕30号编写本报告"),  # a character is wrong
    ("部分栏目", "错误！未找到引用源。部分栏目"),  # something was lost
    ("\t8\t0\t0\t0\t0\t0\t8\n四", "\t9\t0\t0\t0\t0\t0\t8\n四"),  # a total
    ("一、总体情况", "一、总体情况\n\n依法公开。\n\n二、总体情况"),  # twice
]


@pytest.mark.parametrize(("right", "wrong"), UNCERTAIN, ids=[wrong for _, wrong in UNCERTAIN])
def test_what_is_not_certain_stays(right: str, wrong: str, ruleset: Ruleset) -> None:
    data = REPORT.replace(right, wrong).encode()
    assert data != REPORT.encode()
    assert fixed(data, "a.txt", ruleset, unsafe=True).data == data


ROW = "（一）予以公开\t\t3\t0\t0"
BLANKS = [
    ("zero where its equations hold", ROW, "（一）予以公开\t\t3\t{0}\t0", "0"),
    ("a dash too", ROW, "（一）予以公开\t\t3\t{—}\t0", "0"),
    ("two in one equation", ROW, "（一）予以公开\t\t3\t{0}\t{0}", "0"),
    ("not where an equation needs another number", ROW, "（一）予以公开\t\t{}\t0\t0", None),
    ("not where no equation speaks of the cell", "行政强制\t0", "行政强制\t{}", None),
]


@pytest.mark.parametrize(("right", "wrong", "filled"), [case[1:] for case in BLANKS], ids=[case[0] for case in BLANKS])
def test_a_blank_is_filled_only_on_demand_and_only(
    right: str, wrong: str, filled: str | None, ruleset: Ruleset
) -> None:
    blank = REPORT.replace(right, re.sub(r"\{(.?)\}", lambda m: m[1].replace("0", ""), wrong))
    assert blank != REPORT
    assert fixed(blank.encode(), "a.txt", ruleset).data == blank.encode()
    expected = blank if filled is None else REPORT
    assert fixed(blank.encode(), "a.txt", ruleset, unsafe=True).data == expected.encode()


@pytest.mark.parametrize(
    "blank", ["<td></td>", "<td> </td>", "<td><p>&nbsp;</p></td>", "<td>－</td>", "<td><b>/</b></td>"]
)
def test_a_blank_is_filled_inside_its_cell_of_a_page(blank: str, ruleset: Ruleset) -> None:
    row = "<tr><td>四、结转下年度继续办理</td><td></td><td></td>" + "<td>0</td>" * 7 + "</tr>"
    whole = page(REPORT).replace(' style="a&gt;b"', "")
    assert row in whole
    wrong = whole.replace(row, row.replace("<td>0</td>", blank, 1))
    assert fixed(wrong.encode(), "a.html", ruleset).data.decode() == wrong
    filled = fixed(wrong.encode(), "a.html", ruleset, unsafe=True).data
    assert values(filled, "a.html", ruleset) == values(whole.encode(), "a.html", ruleset)
    tags = re.findall(r"<[^>]+>", wrong)
    assert re.findall(r"<[^>]+>", filled.decode()) == tags


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
LAYOUT_CASES = [(layout, edition) for layout in LAYOUTS for edition in (0, 1)]


@pytest.mark.parametrize(("layout", "edition"), LAYOUT_CASES)
def test_full_width_digits_in_every_layout_become_ascii_where_they_stand(
    layout: str, edition: int, ruleset: Ruleset
) -> None:
    template = ruleset.templates[edition]
    figures = figures_for(template)
    wide = {address: text.translate(WIDE) for address, text in figures.items()}
    name = "a.md" if layout == "markdown" else "a.txt"
    result = fixed(render(template, YEARS[edition], wide, layout).encode(), name, ruleset)
    assert {a: f.text for a, f in align(read(result.data, name), ruleset.templates).figures.items()} == figures
    if layout != "aligned":  # there, spaces take the place of what became narrow
        assert result.data.decode() == render(template, YEARS[edition], figures, layout)


@pytest.mark.parametrize(("layout", "edition"), LAYOUT_CASES)
def test_dashes_for_zero_in_every_layout_are_filled_where_an_equation_says_so(
    layout: str, edition: int, ruleset: Ruleset
) -> None:
    template = ruleset.templates[edition]
    figures = figures_for(template)
    zero = {a for a, text in figures.items() if text == "0" and not a.startswith("disclosure.")}
    dashed = render(template, YEARS[edition], figures | dict.fromkeys(zero, "/"), layout)
    name = "a.md" if layout == "markdown" else "a.txt"
    result = fixed(dashed.encode(), name, ruleset, unsafe=True)
    assert (result.data.decode(), dict(result.applied)) == (
        render(template, YEARS[edition], figures, layout),
        {"cell-blank": len(zero)},
    )


def word(text: str) -> bytes:
    """The report as a Word file, tab-separated lines as tables; the text between two · is a bold run of its own."""
    document = python_docx.Document()
    table = None
    for line in text.splitlines():
        if "\t" not in line:
            table = None
            runs(document.add_paragraph(), line)
            continue
        cells = line.split("\t")
        if table is None:
            table = document.add_table(rows=0, cols=15)
        for cell, content in zip(table.add_row().cells, cells, strict=False):
            runs(cell.paragraphs[0], content)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def runs(paragraph, text: str) -> None:
    for number, piece in enumerate(text.split("·")):
        if piece:
            paragraph.add_run(piece).bold = number % 2 == 1


def shown(data: bytes) -> list[tuple[str, bool | None]]:
    """Every run of the file that shows something, with its weight."""
    document = python_docx.Document(io.BytesIO(data))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]
    return [(run.text, run.bold) for paragraph in paragraphs for run in paragraph.runs if run.text]


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("行政许可\t447", "行政许可\t·４４７·", "行政许可\t·447·"),
        ("行政许可\t447", "行政许可\t·４·４７\xa0", "行政许可\t·447·"),
        ("五、存在的主要问题及改进情况", "·五、存在·的主要问题及改进清况", "·五、存在的主要问题及改进情况"),
        ("五、存在的主要问题及改进情况", "·四、·存在的主要问题及改进情况", "·五、·存在的主要问题及改进情况"),
        ("编写本报告", "和·国办公开办函[2021]30号·编写本报告", "和·国办公开办函〔2021〕30号·编写本报告"),
        ("部分栏目", "[bookmark: _GoBack]·部分栏目·", "·部分栏目·"),
    ],
)
def test_a_word_file_keeps_its_formatting(right: str, wrong: str, expected: str, ruleset: Ruleset) -> None:
    data = word(REPORT.replace(right, wrong))
    result = fixed(data, "a.docx", ruleset)
    assert shown(result.data) == shown(word(REPORT.replace(right, expected)))
    assert fixed(result.data, "a.docx", ruleset).data == result.data
    old, new = (zipfile.ZipFile(io.BytesIO(content)) for content in (data, result.data))
    assert [(i.filename, i.date_time, i.external_attr) for i in old.infolist()] == [
        (i.filename, i.date_time, i.external_attr) for i in new.infolist()
    ]
    assert [name for name in old.namelist() if old.read(name) != new.read(name)] == ["word/document.xml"]


def test_a_sound_word_file_stays_byte_for_byte(ruleset: Ruleset) -> None:
    data = word(REPORT)
    assert fixed(data, "a.docx", ruleset).data is data


CHANGED = REPORT.replace("行政许可\t447", "行政许可\t４４７")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_diff_writes_nothing_and_exits_with_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.txt").write_text(CHANGED, "utf-8")
    assert main(["check", "--diff", "a.txt"]) == 1
    printed = capsys.readouterr()
    assert [line for line in printed.out.splitlines() if line[0] in "+-"] == [
        "--- a.txt", "+++ a.txt", "-行政许可\t４４７\t\t", "+行政许可\t447\t\t",
    ]  # fmt: skip
    assert (folder / "a.txt").read_text("utf-8") == CHANGED


def test_diff_of_a_sound_file_is_empty(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.txt").write_text(REPORT, "utf-8")
    assert (main(["check", "--diff", "a.txt"]), capsys.readouterr().out) == (0, "")


def test_diff_exits_with_1_for_what_cannot_be_corrected_and_names_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.txt").write_text(REPORT.replace("行政许可\t447", "行政许可\t"), "utf-8")
    assert main(["check", "--diff", "a.txt"]) == 1
    printed = capsys.readouterr()
    assert (printed.out, "[cell-blank]" in printed.err) == ("", True)


@pytest.mark.parametrize("mode", ["--fix", "--diff"])
def test_a_file_that_cannot_be_read_does_not_stop_the_others(mode: str, folder: Path) -> None:
    (folder / "a.docx").write_bytes(b"no zip")
    (folder / "b.txt").write_text(CHANGED, "utf-8")
    assert main(["check", mode, "."]) == 2
    assert (folder / "b.txt").read_text("utf-8") == (REPORT if mode == "--fix" else CHANGED)


def test_a_bug_in_a_fixer_loses_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(task: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(FIXERS, "section-heading", broken)
    (folder / "a.txt").write_text(CHANGED, "utf-8")
    assert main(["check", "--fix", "a.txt"]) == 3
    assert (folder / "a.txt").read_text("utf-8") == CHANGED


def test_fix_writes_and_then_checks_what_it_wrote(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.txt").write_text(CHANGED, "utf-8")
    assert main(["check", "--fix", "a.txt"]) == 0
    assert (folder / "a.txt").read_text("utf-8") == REPORT
    assert capsys.readouterr().err == "a.txt：修正 1 处（cell-not-number 1）\n"


def test_a_rule_that_is_ignored_fixes_nothing(folder: Path) -> None:
    (folder / "a.txt").write_text(CHANGED, "utf-8")
    assert main(["check", "--fix", "--ignore", "cell-not-number", "a.txt"]) == 0
    assert (folder / "a.txt").read_text("utf-8") == CHANGED


@pytest.mark.parametrize("arguments", [["--unsafe-fixes", "a.txt"], ["--fix", "--diff", "a.txt"], ["--fix", "-"]])
def test_options_that_do_not_go_together_are_a_usage_error(arguments: list[str], folder: Path) -> None:
    (folder / "a.txt").write_text(CHANGED, "utf-8")
    assert main(["check", *arguments]) == 2
    assert (folder / "a.txt").read_text("utf-8") == CHANGED


@pytest.mark.parametrize("name", ["a.pdf", "a.doc", "a.wps"])
def test_a_format_that_is_never_written_says_so_and_is_not_even_read(name: str, ruleset: Ruleset) -> None:
    result = fixed(CHANGED.encode(), name, ruleset)
    assert (result.data, dict(result.applied), result.summary("en")) == (
        CHANGED.encode(),
        {},
        f"{name}: this format is never written; correct the original (.docx, .html, .md, .txt)",
    )


def test_what_a_comment_excepts_is_left_as_it_is(ruleset: Ruleset) -> None:
    heading = "五、存在的主要问题及改进清况"
    text = (FIXTURES / "rules/section-heading/bad.txt").read_text("utf-8")
    assert heading in text
    excepted = text.replace(heading, f"# nianbao: ignore section-heading 沿用原文\n{heading}")
    for draft, kept in ((text, False), (excepted, True)):
        fixed = fix(Source(path="a.txt", load=draft.encode), ruleset=ruleset, every=ruleset, unsafe=False)
        assert (heading in fixed.data.decode()) is kept


def test_the_year_that_is_given_holds_while_fixing(ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    years: list[int | None] = []

    def noting(data: bytes, path: str, rules: Ruleset) -> Report:
        report = report_of(data, path, rules)
        years.append(report.year)
        return report

    monkeypatch.setattr("linter.fixing.report_of", noting)
    data = (FIXTURES / "rules" / "section-heading" / "bad.txt").read_bytes()
    assert fixed(data, "bad.txt", ruleset._replace(year=2030)).applied == {"section-heading": 1}
    assert len(years) > 1
    assert set(years) == {2030}
