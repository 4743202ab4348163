"""Old Word files: told apart by content, converted by LibreOffice within limits, and the figures stay what they are."""

import http.server
import io
import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docx as python_docx
import pytest
import yaml
from conftest import ROOT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from layouts import PREFACE, PROSE, figures_for, table_rows
from lxml import etree

from linter import office
from linter.cli import main
from linter.discovery import find_sources
from linter.engine import Source, Task, check, check_report
from linter.errors import ReadError
from linter.office import Input, convert, convert_ahead
from linter.readers import OLD_WORD, READERS, read
from linter.report import Report, align
from linter.ruleset import Ruleset
from linter.template import Template
from linter.wordkind import kind_of

SOFFICE = office.find_soffice()
YEARS = {"2019": 2020, "2021": 2023}
WRITES = {"doc": ".doc", "rtf": ".rtf", "odt": ".odt", "xml:MS Word 2003 XML": ".xml"}
"""What LibreOffice is asked to write → the suffix of the file."""

real = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: nothing converts old Word files here"),
]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(office, "cache_folder", lambda: str(folder))
    return folder


def archive(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


def saved(document: "python_docx.document.Document") -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def word(*paragraphs: str) -> bytes:
    document = python_docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def word_report(template: Template, changed: dict[str, str]) -> bytes:
    """A whole report as .docx, its merged cells merged; `changed` replaces figures of it."""
    year = YEARS[template.edition]
    figures = figures_for(template) | changed
    document = python_docx.Document()
    document.add_paragraph(f"青川县水务局{year}年政府信息公开工作年度报告")
    document.add_paragraph(PREFACE.format(year=year))
    for numeral, section in zip("一二三四五六", template.sections, strict=True):
        document.add_heading(f"{numeral}、{section.label}", 1)
        for text in PROSE.get(section.key, []):
            document.add_paragraph(text)
        for form in template.tables:
            if form.section == section.key:
                add_table(document, list(table_rows(form, figures)))
    return saved(document)


def word_with_changes() -> bytes:
    """A numbered heading, tracked changes, hidden text, merged cells, a line break and a no-break space."""
    document = python_docx.Document()
    document.add_paragraph("总体情况", style="List Number")
    changed = document.add_paragraph("共 ")
    for tag, text, number in (("del", "delText", 7), ("ins", "t", 8)):
        run = f"<w:r><w:{text}>{number}</w:{text}></w:r>"
        changed._p.append(parse_xml(f'<w:{tag} {nsdecls("w")} w:id="{number}" w:author="a">{run}</w:{tag}>'))
    changed.add_run(" 件")
    changed.add_run("暗").font.hidden = True
    grid = document.add_table(2, 3)
    grid.cell(0, 0).merge(grid.cell(1, 0)).text = "甲"
    grid.cell(0, 1).text, grid.cell(0, 2).text = "一\n二", "3\xa04"
    grid.cell(1, 1).merge(grid.cell(1, 2)).text = "5"
    document.add_paragraph("后")
    return saved(document)


def add_table(document: "python_docx.document.Document", printed: list[list[tuple[str, int]]]) -> None:
    grid = document.add_table(len(printed), sum(span for _, span in printed[0]))
    for number, row in enumerate(printed):
        column = 0
        for text, span in row:
            cell = grid.cell(number, column).merge(grid.cell(number, column + span - 1))
            cell.text = text
            column += span


def save_as(what: str, folder: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files saved by LibreOffice, left to itself, as something else."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    profile = (folder / "profile").as_uri()
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", what, "--outdir", folder]
    subprocess.run([*command, *files], cwd=folder, check=True, capture_output=True)
    return {name: (folder / name).with_suffix(WRITES[what]).read_bytes() for name in files}


# What a file is by its content

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ODT = "application/vnd.oasis.opendocument.text"
KINDS: dict[str, tuple[bytes, str, str | None]] = {
    "a .doc": (OLE + "WordDocument".encode("utf-16-le"), ".doc", ".doc"),
    "a .doc named .wps": (OLE + "WordDocument".encode("utf-16-le"), ".wps", ".doc"),
    "a locked .docx": (OLE + "EncryptedPackage".encode("utf-16-le"), ".doc", ".docx"),
    "a spreadsheet": (OLE + "Workbook".encode("utf-16-le"), ".doc", None),
    "a .docx named .doc": (word("甲"), ".doc", ".docx"),
    "a .docx named .odt": (word("甲"), ".odt", ".docx"),
    "an archive": (archive({"a.txt": "甲"}), ".wps", ".docx"),
    "an .odt": (archive({"mimetype": ODT, "content.xml": ""}), ".odt", ".odt"),
    "an .odt named .doc": (archive({"mimetype": ODT, "content.xml": ""}), ".doc", ".odt"),
    "an .odt without its type": (archive({"content.xml": ""}), ".odt", ".odt"),
    "an .odt with a Word file in it": (archive({"mimetype": ODT, "Object 1/word/document.xml": ""}), ".odt", ".odt"),
    "RTF": (b"{\\rtf1\\ansi \\'bc\\'d7}", ".rtf", ".rtf"),
    "RTF named .doc, after blanks": (b"\r\n {\\rtf1 a}", ".doc", ".rtf"),
    "a page": (b"<html><body>1</body></html>", ".doc", ".html"),
    "a page with a doctype": (b"<!DOCTYPE html PUBLIC ''><title>1</title>", ".doc", ".html"),
    "a page that begins with a table": (b"\n<table><tr><td>1", ".doc", ".html"),
    "a page from Word": (
        b'\xef\xbb\xbf<html xmlns:o="urn:schemas-microsoft-com:office:office"\nxmlns:w="urn:x">',
        ".doc",
        ".html",
    ),
    "a page in UTF-16": ("<html><p>甲".encode("utf-16"), ".doc", ".html"),
    "XHTML": (b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">', ".doc", ".html"),
    "Word 2003 XML": (
        b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">',
        ".doc",
        ".xml",
    ),
    "other XML": (b'<?xml version="1.0"?><a/>', ".doc", None),
    "a PDF": (b"%PDF-1.7\n", ".doc", ".pdf"),
    "plain text": ("一、总体情况".encode(), ".doc", None),
    "noise": (bytes(range(256)), ".doc", None),
}


@pytest.mark.parametrize(("data", "suffix", "kind"), KINDS.values(), ids=KINDS)
def test_the_content_says_what_a_file_is(data: bytes, suffix: str, kind: str | None) -> None:
    assert kind_of(data, suffix) == kind


DIRECT = {"report.docx": word("甲", "乙"), "report.html": "<html><body><p>甲</p>\n<p>乙</p></body></html>".encode()}


@pytest.mark.parametrize("suffix", sorted(OLD_WORD))
@pytest.mark.parametrize("name", DIRECT)
def test_what_has_a_reader_is_read_without_libreoffice(name: str, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_soffice", lambda: pytest.fail("LibreOffice is looked for"))
    path = f"report{suffix}"
    assert read(DIRECT[name], path) == read(DIRECT[name], name)._replace(path=path)


@pytest.mark.parametrize(
    ("name", "data", "problem", "remedy"),
    [
        ("a.doc", "一、总体情况".encode(), "内容不是 Word、RTF、ODT 文档，也不是网页", "另存为 .docx"),
        ("a.wps", OLE + "Workbook".encode("utf-16-le"), "内容不是 Word", "另存为 .docx"),
        ("a.doc", OLE + "EncryptedPackage".encode("utf-16-le"), "文件加了密码", "取消“用密码进行加密”"),
        ("a.doc", archive({"xl/workbook.xml": ""}), "没有 Word 正文", "另存为 .docx"),
        ("a.OFD", archive({"OFD.xml": ""}), "不能读取 OFD 版式文件", "另存为 PDF"),
    ],
)
def test_what_is_no_document_is_refused_with_a_remedy(name: str, data: bytes, problem: str, remedy: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(data, name)
    assert problem in caught.value.phrase.zh
    assert remedy in caught.value.remedy.zh


def test_folders_and_hooks_take_every_suffix_that_has_a_reader(tmp_path: Path) -> None:
    names = [f"report{suffix}" for suffix in sorted(READERS)]
    for name in [*names, "report.ofd"]:
        (tmp_path / name).write_bytes(b"1")
    assert [os.path.basename(source.path) for source in find_sources([str(tmp_path)])] == names
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")):
        assert [name for name in [*names, "report.ofd", "report.doc.bak"] if re.search(hook["files"], name)] == names


# The program itself, played by a script

DOC = Input(OLE + "WordDocument".encode("utf-16-le"), ".doc")
WRITTEN = word("甲")
posix = pytest.mark.skipif(sys.platform == "win32", reason="the scripts that play LibreOffice are for sh")


Play = Callable[[str], Path]


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Puts a script in LibreOffice's place; each start of it adds its arguments to the file `starts`."""
    (tmp_path / "written.docx").write_bytes(WRITTEN)

    def play(script: str) -> Path:
        program = tmp_path / "soffice"
        program.write_text(f'#!/bin/sh\nhere={tmp_path}\necho "$@" >> $here/starts\n{script}\n', encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setattr(office, "which", lambda name: str(program))
        return program

    return play


def starts(tmp_path: Path) -> list[str]:
    """The arguments of each start of the script."""
    return (tmp_path / "starts").read_text("utf-8").splitlines()


WRITE = "mkdir out && cp $here/written.docx out/0.docx"
FAILURES = {
    "crash": ("kill -SEGV $$", "无法转换这个文件"),
    "no output": ("exit 0", "无法转换这个文件"),
    "garbage": ("mkdir out && echo garbage > out/0.docx", "无法转换这个文件"),
    "half a file": ("mkdir out && head -c 5000 $here/written.docx > out/0.docx", "无法转换这个文件"),
    "a folder": ("mkdir -p out/0.docx", "无法转换这个文件"),
    "too much": (WRITE, "无法转换这个文件"),
    "time-out": ("sleep 60", "LibreOffice 在 0.5 秒内没有完成转换"),
}


@posix
@pytest.mark.parametrize(("script", "problem"), FAILURES.values(), ids=FAILURES)
def test_a_conversion_that_fails_is_one_clear_error(
    script: str,
    problem: str,
    played: Play,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played(script)
    monkeypatch.setattr(office, "TIME_LIMIT", 0.5)
    monkeypatch.setattr(office, "MAX_OUTPUT", len(WRITTEN) - 1)
    with pytest.raises(ReadError) as caught:
        convert(DOC)
    assert problem in caught.value.phrase.zh
    assert "另存为 .docx" in caught.value.remedy.zh


@posix
def test_a_program_that_does_not_start_is_one_clear_error(played: Play) -> None:
    played("").write_bytes(b"\x7fELF is not all it takes")
    with pytest.raises(ReadError, match="无法转换这个文件"):
        convert(DOC)


def test_a_missing_program_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "which", lambda name: None)
    monkeypatch.setattr(office, "PLACES", ())
    with pytest.raises(ReadError) as caught:
        read(DOC.data, "report.wps")
    assert caught.value.phrase.zh == "读取这种文件（.doc 格式）需要 LibreOffice，没有找到它"
    assert "apt install libreoffice-writer" in caught.value.remedy.zh
    assert "另存为 .docx" in caught.value.remedy.zh
    assert convert_ahead([DOC, DOC]) == [DOC.data, DOC.data]


def test_the_program_is_found_beside_the_path_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("7.6", "24.8"):
        (tmp_path / f"libreoffice{version}").mkdir()
        (tmp_path / f"libreoffice{version}" / "soffice").touch()
    monkeypatch.setattr(office, "which", lambda name: None)
    monkeypatch.setattr(office, "PLACES", (f"{tmp_path}/none*/soffice", f"{tmp_path}/libreoffice*/soffice"))
    assert office.find_soffice() == str(tmp_path / "libreoffice24.8" / "soffice")
    monkeypatch.setattr(office, "which", lambda name: os.path.abspath("/bin/lo") if name == "libreoffice" else None)
    assert office.find_soffice() == os.path.abspath("/bin/lo")


def test_a_program_in_the_working_folder_is_never_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("soffice", "libreoffice"):
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", ".")
    monkeypatch.setattr(office, "PLACES", ("./soffice",))
    assert office.find_soffice() is None


@posix
def test_a_time_out_leaves_no_process_and_no_file(
    played: Play,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(office.tempfile, "tempdir", str(scratch))
    monkeypatch.setattr(office, "TIME_LIMIT", 0.5)
    played("sleep 60 & echo $! > $here/child; echo x > $TMPDIR/mine; pwd > $here/folder; wait")
    with pytest.raises(ReadError, match="没有完成转换"):
        convert(DOC)
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(child)
    assert (tmp_path / "folder").read_text().startswith(str(scratch))
    assert list(scratch.iterdir()) == []


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")  # ended, not yet fetched


@posix
def test_each_start_has_a_profile_of_its_own_without_macros_and_network(
    played: Play,
    tmp_path: Path,
) -> None:
    played(f"cp profile/user/registrymodifications.xcu $here/ && cat 0.doc > $here/given && {WRITE}")
    assert convert(DOC) == WRITTEN
    assert (tmp_path / "given").read_bytes() == DOC.data
    profile, *others = starts(tmp_path)[0].split()
    assert profile.startswith("-env:UserInstallation=file:///")
    assert profile.endswith("/profile")
    assert "--headless" in others
    assert others[-1] == "0.doc"
    path = "{http://openoffice.org/2001/registry}"
    settings = {
        item[0].get(f"{path}name"): item[0][0].text
        for item in etree.parse(tmp_path / "registrymodifications.xcu").getroot()
    }
    assert settings["DisableMacrosExecution"] == "true"
    assert settings["MacroSecurityLevel"] == "3"
    assert settings["Link"] == "2"
    assert (settings["ooInetProxyType"], settings["ooInetNoProxy"]) == ("2", None)


@posix
def test_what_has_been_converted_is_kept_by_its_content(
    played: Play,
    tmp_path: Path,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = played(WRITE)

    def count(source: Input = DOC) -> int:
        """How often the program has been started after this conversion."""
        assert convert(source) == WRITTEN
        return len(starts(tmp_path))

    assert [count(), count()] == [1, 1]
    assert count(DOC._replace(data=DOC.data + b"1")) == 2
    assert count(DOC._replace(suffix=".rtf")) == 3
    for damage in (b"", b"short", WRITTEN, bytes(32) + WRITTEN):
        for kept in (cache / "converted").iterdir():
            kept.write_bytes(damage)
        before = len(starts(tmp_path))
        assert [count(), count()] == [before + 1, before + 1]
    os.utime(program, (1, 1))  # another version
    assert count() == 8
    monkeypatch.setattr(office, "MAX_KEPT", 2)
    assert count(DOC._replace(data=DOC.data + b"2")) == 9
    assert len(list((cache / "converted").iterdir())) == 2
    assert count(DOC._replace(data=DOC.data + b"2")) == 9


@posix
def test_a_cache_that_cannot_be_written_costs_only_time(played: Play, cache: Path, tmp_path: Path) -> None:
    played(WRITE)
    cache.write_bytes(b"a file where the folder should be")
    assert [convert(DOC), convert(DOC)] == [WRITTEN, WRITTEN]
    assert len(starts(tmp_path)) == 2


@posix
def test_many_files_take_one_start_and_a_bad_one_spoils_only_itself(
    played: Play,
    tmp_path: Path,
    ruleset: Ruleset,
) -> None:
    played("mkdir out; for f in *.doc *.rtf; do grep -q bad $f || cp $here/written.docx out/${f%.*}.docx; done")
    given = {"a.doc": DOC.data, "b.rtf": b"{\\rtf1 b}", "c.txt": b"c", "d.doc": DOC.data + b"bad", "e.doc": WRITTEN}
    loads: list[str] = []

    def source(path: str, data: bytes) -> Source:
        def load() -> bytes:
            loads.append(path)
            return data

        return Source(path=path, load=load)

    def refused() -> bytes:
        raise OSError(5, "Input/output error")

    sources = [*(source(path, data) for path, data in given.items()), Source(path="f.doc", load=refused)]
    results = list(check(sources, Task(ruleset, ruleset, "zh")))
    assert [(result.path, result.failed, result.lines) for result in results[:-1]] == [
        ("a.doc", False, ("甲",)),
        ("b.rtf", False, ("甲",)),
        ("c.txt", False, ("c",)),
        ("d.doc", True, ()),
        ("e.doc", False, ("甲",)),
    ]
    assert results[-1].failed
    assert sorted(loads) == sorted(given)  # each is read once: standard input can be read only once
    converted = [line.partition(" --outdir out ")[2] for line in starts(tmp_path)]
    assert converted == ["0.doc 1.rtf 2.doc", "0.doc"]  # the bad one again, alone, to say why


# The real LibreOffice

CHANGES: dict[str, dict[str, str]] = {
    "clean": {},
    "faulty": {"requests.granted.business": "99", "review.reconsideration.upheld": "", "disclosure.rules.made": "/"},
}


@pytest.fixture(scope="module")
def originals(ruleset: Ruleset) -> dict[str, bytes]:
    """Reports as .docx, by name."""
    return {
        f"{name}-{template.edition}.docx": word_report(template, changed)
        for template in ruleset.templates
        for name, changed in CHANGES.items()
    }


@pytest.fixture(scope="module", params=WRITES, ids=WRITES.values())
def old(
    request: pytest.FixtureRequest, originals: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, bytes]]:
    """(suffix, the same reports in an old format)."""
    return WRITES[request.param], save_as(request.param, tmp_path_factory.mktemp("old"), originals)


class TestRealLibreOffice:
    pytestmark = real

    def test_every_figure_is_that_of_the_docx(
        self, old: tuple[str, dict[str, bytes]], originals: dict[str, bytes], ruleset: Ruleset
    ) -> None:
        suffix, files = old
        path = "report" + (suffix if suffix in OLD_WORD else ".doc")
        ready = convert_ahead([Input(data, suffix) for data in files.values()])
        for name, data in zip(files, ready, strict=True):
            assert data.startswith(b"PK"), name
            report = align(read(files[name], path), ruleset.templates)  # from the cache
            expected = align(read(originals[name], path), ruleset.templates)
            assert len(expected.figures) == {"2019": 198, "2021": 200}[name[-9:-5]]
            assert seen(report) == seen(expected)
            assert report.document.lines == expected.document.lines or suffix == ".xml"  # which gives it a blank line
            assert found(report, ruleset) == found(expected, ruleset)
            assert bool(found(report, ruleset)) == name.startswith("faulty")

    @pytest.mark.parametrize("what", ["doc", "rtf", "odt"])
    def test_what_word_shows_stays_what_it_shows(self, what: str, tmp_path: Path) -> None:
        data = word_with_changes()
        saved_as = save_as(what, tmp_path, {"a.docx": data})["a.docx"]
        document = read(saved_as, "a.doc")
        assert document == read(data, "a.doc")
        assert document.lines == ("1. 总体情况", "共 8 件", "", "| 甲 | 一 二 | 3\xa04 |", "| | 5 |", "", "后")

    def test_the_command_reads_a_doc_and_a_wps(
        self,
        tmp_path: Path,
        originals: dict[str, bytes],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        data = save_as("doc", tmp_path, {"a.docx": originals["faulty-2021.docx"]})["a.docx"]
        monkeypatch.chdir(tmp_path)
        (tmp_path / "drafts").mkdir()
        for name in ("a.doc", "b.WPS"):
            (tmp_path / "drafts" / name).write_bytes(data)
        assert main(["check", "drafts", "--select", "requests-applicant-sum"]) == 1
        errors = [line for line in capsys.readouterr().out.splitlines() if line.endswith("[requests-applicant-sum]")]
        assert [line.partition(":")[0] for line in errors] == [os.path.join("drafts", n) for n in ("a.doc", "b.WPS")]
        assert main(["view", "drafts/a.doc"]) == 0
        assert "青川县水务局2023年政府信息公开工作年度报告" in capsys.readouterr().out.splitlines()[0]

    def test_nothing_is_fetched_from_the_network(self, tmp_path: Path) -> None:
        with listening() as (address, asked):
            odt = odt_with_a_picture(address)
            doc = save_as("doc", tmp_path, {"a.odt": odt})["a.odt"]
            assert asked  # LibreOffice left to itself does ask
            asked.clear()
            assert address.encode("utf-16-le") in doc or address.encode() in doc
            for source in (Input(odt, ".odt"), Input(doc, ".doc")):
                assert read(convert(source), "a.docx").lines == ("有图",)
            assert asked == []

    def test_a_file_that_takes_too_much_memory_is_one_clear_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        if sys.platform != "linux":
            pytest.skip("the memory of another process is bounded on Linux only")
        monkeypatch.setattr(office, "MEMORY_LIMIT", 150_000_000)
        with pytest.raises(ReadError, match="无法转换这个文件"):
            convert(Input(b"{\\rtf1 a}", ".rtf"))

    @pytest.mark.parametrize("suffix", [".doc", ".rtf", ".odt"])
    def test_half_a_file_is_one_clear_error(self, suffix: str, tmp_path: Path, originals: dict[str, bytes]) -> None:
        data = save_as(suffix[1:], tmp_path, {"a.docx": originals["clean-2021.docx"]})["a.docx"]
        with pytest.raises(ReadError, match=r"无法转换这个文件|或者文件已损坏"):
            read(data[: len(data) // 2], f"report{suffix}")


def seen(report: Report) -> dict[str, tuple[str, str]]:
    return {address: (figure.text, figure.at.where) for address, figure in report.figures.items()}


def found(report: Report, ruleset: Ruleset) -> list[tuple[str, str, str | None]]:
    result = check_report(report, "report", ruleset, "zh")
    return [(diagnostic.rule, diagnostic.message, diagnostic.address) for diagnostic in result.diagnostics]


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that has nothing, and what it has been asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def parse_request(self) -> bool:
            asked.append(self.raw_requestline.decode())
            return super().parse_request()

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def odt_with_a_picture(address: str) -> bytes:
    """An .odt with one paragraph and a picture that stands elsewhere."""
    prefix = "urn:oasis:names:tc:opendocument:xmlns"
    content = f"""<?xml version="1.0"?>
<office:document-content xmlns:office="{prefix}:office:1.0" xmlns:text="{prefix}:text:1.0"
 xmlns:draw="{prefix}:drawing:1.0" xmlns:svg="{prefix}:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 office:version="1.2"><office:body><office:text><text:p>有图<draw:frame text:anchor-type="as-char" svg:width="2cm"
 svg:height="2cm"><draw:image xlink:href="{address}/picture.png" xlink:type="simple" xlink:show="embed"
 xlink:actuate="onLoad"/></draw:frame></text:p></office:text></office:body></office:document-content>"""
    manifest = f"""<?xml version="1.0"?><manifest:manifest xmlns:manifest="{prefix}:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""
    return archive({"mimetype": ODT, "content.xml": content, "META-INF/manifest.xml": manifest})
