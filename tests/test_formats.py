"""One report in every file format: equal figures, equal findings, each shown where it stands; and hostile files."""

import json
import re
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from pathlib import Path

import pytest
from conftest import FIXTURES
from formats import FORMATS, YEARS, packed, word_filler
from layouts import Figures, figures_for
from test_mutation import expected

from linter.cli import main
from linter.commands import view
from linter.diagnostic import FileResult
from linter.document import Position
from linter.engine import Task, check, check_report, file_source, read_report
from linter.readers import pdf, read
from linter.report import Report, align
from linter.ruleset import Ruleset
from linter.template import Template

FILES = [(edition, name) for edition in YEARS for name in FORMATS]
BLANKS_SHOW = [(edition, name) for edition, name in FILES if name != "bare-cells.txt"]
CLEAN, PASTED = FIXTURES / "formats/report-2021.html", FIXTURES / "formats/report-2021.word.html"


def fixture(edition: str, name: str) -> Path:
    return FIXTURES / "formats" / f"report-{edition}.{name}"


def template_of(edition: str, ruleset: Ruleset) -> Template:
    return next(template for template in ruleset.templates if template.edition == edition)


def checked(path: Path, ruleset: Ruleset) -> FileResult:
    (result,) = check([file_source(str(path))], Task(ruleset, ruleset, "zh"))
    return result


def report_in(path: Path, ruleset: Ruleset) -> Report:
    return read_report(file_source(str(path)), ruleset)


# The contract


def test_every_format_has_its_fixtures() -> None:
    assert sorted((FIXTURES / "formats").iterdir()) == sorted(fixture(*file) for file in FILES)


@pytest.mark.parametrize(("edition", "name"), FILES)
def test_figures_and_facts_are_equal_in_every_format(edition: str, name: str, ruleset: Ruleset) -> None:
    path = fixture(edition, name)
    report, result = report_in(path, ruleset), checked(path, ruleset)
    figures = figures_for(template_of(edition, ruleset))
    assert {address: figure.text for address, figure in report.figures.items()} == figures
    assert {address: figure.value for address, figure in report.figures.items()} == {
        a: int(figures[a]) for a in figures
    }
    assert (result.title, result.agency, result.year) == (
        f"青川县水务局{YEARS[edition]}年政府信息公开工作年度报告",
        "青川县水务局",
        YEARS[edition],
    )
    assert result.editions == {"disclosure": edition, "requests": edition, "review": None}
    assert (result.diagnostics, result.unchecked) == ((), ())


WRONG = "requests.granted.business"
BLANKS = {"2019": "disclosure.licensing.change", "2021": "disclosure.normative_documents.repealed"}


def damaged(edition: str, name: str, ruleset: Ruleset) -> Figures:
    """Figures with one that is wrong and one that is blank, where the format can show a blank."""
    figures = figures_for(template_of(edition, ruleset)) | {WRONG: "77"}
    return figures | {BLANKS[edition]: ""} if (edition, name) in BLANKS_SHOW else figures


def shown(lines: Sequence[str], at: Position) -> str:
    """What the text view shows at a place, without the markup of a web page."""
    inside = list(lines[at.line - 1 : at.end_line])
    inside[-1] = inside[-1][: at.end_column - 1]
    inside[0] = inside[0][at.column - 1 :]
    return unescape(re.sub(r"<[^>]*>", "", "\n".join(inside)))


def shows(lines: Sequence[str], at: Position, text: str) -> bool:
    """Whether the view shows the text at its place, or for a blank nothing but what parts two cells."""
    found = shown(lines, at)
    return found == text if text.strip() else not found.strip(" \t|\xa0")


@pytest.mark.parametrize(("edition", "name"), FILES)
def test_each_finding_shows_its_text_where_it_stands(edition: str, name: str, ruleset: Ruleset, tmp_path: Path) -> None:
    figures = damaged(edition, name, ruleset)
    path = tmp_path / f"report.{name}"
    path.write_bytes(FORMATS[name](template_of(edition, ruleset), YEARS[edition], figures))
    result = checked(path, ruleset)
    blank = {("cell-blank", BLANKS[edition])} if (edition, name) in BLANKS_SHOW else set()
    assert {(d.rule, d.address) for d in result.diagnostics} == blank | {
        ("requests-applicant-sum", "requests.granted.total"),
        ("requests-outcome-sum", "requests.handled.business"),
    }
    lines = [line.removesuffix("\n").partition("  ")[2] for line in view(str(path))]
    for diagnostic in result.diagnostics:
        assert shows(lines, diagnostic.at, figures[str(diagnostic.address)]), diagnostic
        assert re.match(r"表[二三] 第\d+行 .", diagnostic.at.where), diagnostic
        assert (diagnostic.at.page is not None) == name.endswith("pdf"), diagnostic
    found = report_in(path, ruleset).figures.values()
    assert [figure.address for figure in found if not shows(lines, figure.at, figure.text)] == []
    # In reading order, the blank one too: it stands between its neighbours.
    starts = [(figure.at.page or 0, figure.at.line, figure.at.column) for figure in found]
    ends = [(figure.at.page or 0, figure.at.end_line, figure.at.end_column) for figure in found]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert starts == sorted(set(starts))


@pytest.mark.parametrize(("name", "pages"), [("pdf", [1, 2, 2, 2, 2, 3, 3]), ("row-cut.pdf", [1, 2, 2, 2, 3, 3, 3])])
def test_a_table_over_two_pages_has_the_page_of_each_figure(name: str, pages: list[int], ruleset: Ruleset) -> None:
    figures = report_in(fixture("2021", name), ruleset).figures
    rows = ["received", "granted", "other.not_corrected", "other.other", "handled", "carried_out"]
    addresses = ["disclosure.rules.issued", *(f"requests.{row}.total" for row in rows)]
    assert [figures[address].at.page for address in addresses] == pages


def test_what_word_pastes_into_a_page_changes_no_figure(ruleset: Ruleset) -> None:
    assert 12_000 < CLEAN.stat().st_size < 16_000
    assert PASTED.stat().st_size > 300_000
    clean, pasted = report_in(CLEAN, ruleset), report_in(PASTED, ruleset)
    assert {a: (f.text, f.value) for a, f in pasted.figures.items()} == {
        a: (f.text, f.value) for a, f in clean.figures.items()
    }


# Every cell changed, every cell blanked


STEPS = {"md": 1, "html": 1, "word.html": 4, "docx": 4, "row-cut.pdf": 17}
"""Format → one in how many cells of the long tables is changed."""

Render = Callable[[Figures], bytes]


def renderer(name: str, template: Template, year: int) -> Render:
    if name == "docx":
        return word_filler(template, year)
    return lambda figures: FORMATS[name](template, year, figures)


def addresses(template: Template, name: str) -> Iterator[str]:
    """Each cell; of the slow formats each fourth, or seventeenth, of the long tables.

    Four has no factor in common with 7 and 5 columns, so that every row and every column is among them.
    """
    for form in template.tables:
        yield from list(form.addresses())[:: 1 if form.key == "disclosure" else STEPS[name]]


def found(data: bytes, name: str, ruleset: Ruleset) -> set[tuple[str, str | None]]:
    report = align(read(data, f"report.{name}"), ruleset.templates)
    result = check_report(report, "report", ruleset, "zh")
    return {(diagnostic.rule, diagnostic.address) for diagnostic in result.diagnostics}


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("edition", YEARS)
def test_every_changed_figure_is_caught_at_its_place(edition: str, name: str, ruleset: Ruleset) -> None:
    template = template_of(edition, ruleset)
    figures, render = figures_for(template), renderer(name, template, YEARS[edition])
    for address in addresses(template, name):
        if not address.startswith("disclosure."):  # which no identity holds
            changed = figures | {address: str(int(figures[address]) + 1)}
            assert found(render(changed), name, ruleset) == expected(address), address


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("edition", YEARS)
def test_every_blanked_figure_is_one_blank_cell(edition: str, name: str, ruleset: Ruleset) -> None:
    template = template_of(edition, ruleset)
    figures, render = figures_for(template), renderer(name, template, YEARS[edition])
    for address in addresses(template, name):
        assert found(render(figures | {address: ""}), name, ruleset) == {("cell-blank", address)}, address


# Hostile files


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
REMOTE = "http://127.0.0.1:9/x"


def word_file(body: str, **others: bytes) -> bytes:
    """A file of Word with that body."""
    parts = {"word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>".encode()}
    return packed(parts | others)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def lying() -> bytes:
    """A file of Word whose directory says 1,000 bytes for a document of 20 million."""
    data = bytearray(word_file(paragraph(" " * 20_000_000)))
    data[22:26] = struct.pack("<I", 1000)
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    return bytes(data)


def linked() -> bytes:
    """A file of Word with a picture and a template on the network."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    links = "".join(
        f'<Relationship Id="r{n}" Type="{kind}{what}" Target="{REMOTE}" TargetMode="External"/>'
        for n, what in enumerate(["image", "attachedTemplate", "styles", "numbering"])
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = f'<Relationships xmlns="{namespace}">{links}</Relationships>'.encode()
    return word_file(paragraph("通知"), **{"word/_rels/document.xml.rels": rels})


def pdf_file(content: bytes, filters: bytes = b"/FlateDecode", kids: bytes = b"3 0 R", trailer: bytes = b"") -> bytes:
    """A PDF of one page with that packed content; `%d` in `trailer` is where its cross-reference table stands."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
        b"<</Type/Pages/Kids[%b]/Count 1>>" % kids,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d/Filter[%b]>>stream\n%b\nendstream" % (len(content), filters, content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, offsets = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    start = len(body)
    trailer = trailer.replace(b"%d", b"%d" % start)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(offsets)
    return body + table + b"trailer<</Root 1 0 R/Size 6%b>>\nstartxref\n%d\n%%%%EOF" % (trailer, start)


def four_gigabytes() -> bytes:
    """A PDF of 7 KB whose page, packed twice, has four gigabytes of spaces."""
    packer = zlib.compressobj()
    head = packer.compress(b" ") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return pdf_file(zlib.compress(head + block * 400), filters=b"/FlateDecode/FlateDecode")


TEXT = zlib.compress(b"BT /F 9 Tf 100 700 Td (7) Tj ET")
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "lying.docx": (lying, "不是 .docx 文件，或文件已损坏"),
    "members.docx": (lambda: word_file("", **{f"x/{n}": b"" for n in range(10_000)}), "文档里没有文字"),
    "endless.docx": (lambda: word_file(paragraph("申请" * 6_000_000)), "不是完好的 XML，或嵌套过深"),
    "paragraphs.docx": (lambda: word_file(paragraph("二〇二一年") * 200_000), "处标记，超过上限 1000000"),
    "nested.html": (lambda: b"<table><tr><td>" * 10_000, "表格嵌套超过 500 层"),
    "million.pdf": (lambda: pdf_file(zlib.compress(b"0 0 m 9 9 l S\n" * 1_000_000)), "有超过 500000 个图形对象"),
    "bomb.pdf": (four_gigabytes, "PDF 结构异常：读取超过 2 秒、占用内存过多或使程序出错"),
    "previous.pdf": (lambda: pdf_file(TEXT, trailer=b"/Prev %d"), "没有认出标题"),
    "pages.pdf": (lambda: pdf_file(TEXT, kids=b"3 0 R " * 100_000), "没有认出标题"),
    "charset.html": (lambda: b"<meta charset=utf-7><p>+ADw-table+AD4-", "没有认出标题"),
    "linked.docx": (linked, "没有认出标题"),
    "linked.html": (f"<link href={REMOTE}><iframe src={REMOTE}></iframe><img src={REMOTE}>文".encode, "没有认出标题"),
    "linked.md": (f"![文]({REMOTE})\n\n<img src='{REMOTE}'>".encode, "没有认出标题"),
}
"""File → (what makes it, what is said of it)."""


def test_hostile_files_are_one_diagnostic_each_and_the_other_files_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fetched(*arguments: object, **options: object) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket, "socket", fetched)
    monkeypatch.setattr(pdf, "MAX_SECONDS", 2.0)
    for name, (make, _) in HOSTILE.items():
        (tmp_path / name).write_bytes(make())
    (tmp_path / "a-good.docx").write_bytes(fixture("2021", "docx").read_bytes())
    (tmp_path / "z-bad.txt").write_bytes((FIXTURES / "rules/cell-blank/bad.txt").read_bytes())
    start = time.perf_counter()
    assert main(["check", ".", "--format", "json"]) == 2
    assert time.perf_counter() - start < 20
    files = {file["path"]: file["diagnostics"] for file in json.loads(capsys.readouterr().out)["files"]}
    assert files.keys() == {*HOSTILE, "a-good.docx", "z-bad.txt"}
    assert files.pop("a-good.docx") == []
    assert {diagnostic["rule"] for diagnostic in files.pop("z-bad.txt")} == {"cell-blank"}
    for name, diagnostics in files.items():
        (diagnostic,) = diagnostics
        said = HOSTILE[name][1]
        assert diagnostic["rule"] == ("not-a-report" if said == "没有认出标题" else "unreadable-file"), name
        assert said in diagnostic["message"], name


HEADING, LABELS = "三、收到和处理政府信息公开申请情况", ["（一）予以公开", "总计", "1.属于国家秘密之类"]
MANY = 3_000
HUGE: dict[str, Callable[[str], str | bytes]] = {
    "txt": lambda label: f"{HEADING}\n" + f"{label}\t1\t2\t3\n" * MANY,
    "md": lambda label: f"# {HEADING}\n\n|甲|乙|\n|-|-|\n" + f"|{label}|1|2|\n" * MANY,
    "html": lambda label: f"<h2>{HEADING}</h2><table>" + f"<tr><td>{label}<td>1<td>2</tr>" * MANY + "</table>",
    "docx": lambda label: word_file(
        paragraph(HEADING)
        + "<w:tbl>"
        + ("<w:tr>" + "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in (label, "1", "2")) + "</w:tr>") * MANY
        + "</w:tbl>"
    ),
}
"""Format → a table with very many rows of one label."""


@pytest.mark.parametrize(
    ("name", "label"), [*(("txt", label) for label in LABELS), *((name, LABELS[0]) for name in HUGE if name != "txt")]
)
def test_a_huge_table_takes_linear_time(name: str, label: str, ruleset: Ruleset) -> None:
    made = HUGE[name](label)
    start = time.perf_counter()
    found(made.encode() if isinstance(made, str) else made, name, ruleset)
    assert time.perf_counter() - start < 3
