"""Every output for programs: its golden file, and what an independent reader makes of it."""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import FIXTURES, ROOT
from jsonschema import Draft7Validator, FormatChecker
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree
from markdown_it import MarkdownIt

from linter.cli import main
from linter.diagnostic import Change, Diagnostic, FileResult, Hint, Level, NotChecked, Related
from linter.document import Position
from linter.formatters import FORMATTERS, Context, formatter
from linter.identity import fingerprints
from linter.outputs import spread
from linter.ruleset import Ruleset

GOLDEN = ROOT / "tests/golden"
SCHEMAS = ROOT / "tests/schemas"
NASTY = "100%0A%25：<b>“引号”\"'</b> & 换行\n下一行\r\n::error::x, a|b `c` \\ ]]> 𠮷"
HINT = Hint(certain=True, sets=((Change("requests.handled.total", Decimal(5), Decimal(6)),),), text="总计 5→6")


def at(line: int, column: int, end_column: int, **more: object) -> Position:
    return Position(line=line, column=column, end_line=line, end_column=end_column, **more)  # type: ignore[arg-type]


def diagnostic(path: str, rule: str, level: Level, message: str, **more: object) -> Diagnostic:
    return Diagnostic(path=path, rule=rule, level=level, message=message, **{"at": at(1, 1, 1)} | more)  # type: ignore[arg-type]


RESULTS = [
    FileResult(
        path="./稿 1.docx",
        lines=("𠮷\t5", "<script>", "规章"),
        editions={},
        diagnostics=(
            diagnostic("./稿 1.docx", "url-suspicious", Level.INFO, "值得一看", at=at(1, 1, 2)),
            diagnostic(
                "./稿 1.docx",
                "requests-balance",
                Level.ERROR,
                NASTY,
                at=at(1, 3, 4, page=2, where="表三 第28行 总计"),
                address="requests.handled.total",
                related=(Related(at=at(3, 1, 3, where="别处"), address="requests.received.total"),),
                hint=HINT,
            ),
            diagnostic("./稿 1.docx", "leftover-markup", Level.WARNING, "两行", at=Position(2, 1, 3, 3)),
        ),
        unchecked=(NotChecked(rule="review-sum", reason="空白 <1>", address="review.litigation_direct.total"),),
    ),
    FileResult(path="good.txt", editions={}, diagnostics=(), lines=("好",)),
    FileResult(
        path="a,b:c/坏%.pdf",
        editions={},
        diagnostics=(diagnostic("a,b:c/坏%.pdf", "unreadable-file", Level.ERROR, "无法读取：\x01"),),
        failed=True,
    ),
]
FOUND = [
    ("稿 1.docx", 1, 1, "info", "url-suspicious", "值得一看"),
    ("稿 1.docx", 1, 3, "error", "requests-balance", NASTY),
    ("稿 1.docx", 2, 1, "warning", "leftover-markup", "两行"),
    ("a,b:c/坏%.pdf", 1, 1, "error", "unreadable-file", "无法读取：\x01"),
]
"""(path, line, column, level, rule, message) of each diagnostic in RESULTS."""


def write(name: str, ruleset: Ruleset, lang: str = "zh") -> str:
    rules = tuple(rule for rule in ruleset.rules if rule.id in {found[4] for found in FOUND} | {"review-sum"})
    return "".join(formatter(name)(RESULTS, Context(lang, rules=rules)))


def schema(name: str) -> Draft7Validator:
    content = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    return Draft7Validator(content, format_checker=FormatChecker())


SUFFIXES = {
    "json": "json",
    "jsonl": "jsonl",
    "csv": "csv",
    "sarif": "json",
    "junit": "xml",
    "checkstyle": "xml",
    "github": "txt",
    "github-summary": "md",
    "gitlab": "json",
    "rdjson": "json",
}


@pytest.mark.parametrize("name", SUFFIXES)
def test_each_format_has_its_golden_file(name: str, golden, ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("linter.formatters.sarif.__version__", "0.0.0")
    # the carriage return would not survive a golden file's reading
    golden(GOLDEN / f"{name}.{SUFFIXES[name]}", write(name, ruleset).replace("\r", "<CR>"))


def test_no_format_lacks_a_golden_file() -> None:
    # for people; shown in test_output, the READMEs and test_page
    assert set(FORMATTERS) - set(SUFFIXES) == {"text", "statistics", "html"}


def read_sarif(text: str) -> Iterator[tuple[object, ...]]:
    from urllib.parse import unquote

    for result in json.loads(text)["runs"][0]["results"]:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        level = {"note": "info"}.get(result["level"], result["level"])
        region = physical["region"]
        yield (
            *(unquote(physical["artifactLocation"]["uri"]), region["startLine"], region["startColumn"]),
            *(level, result["ruleId"], result["message"]["text"].removesuffix("\n\n提示：总计 5→6")),
        )


def read_csv(text: str) -> Iterator[tuple[object, ...]]:
    for row in csv.DictReader(io.StringIO(text, newline="")):
        place = (row["path"].removeprefix("./"), int(row["line"]), int(row["column"]))
        yield (*place, row["level"], row["rule"], row["message"])


def read_jsonl(text: str) -> Iterator[tuple[object, ...]]:
    for line in text.split("\n")[:-1]:
        file = json.loads(line)
        for item in file["diagnostics"]:
            place = (file["path"].removeprefix("./"), item["line"], item["column"])
            yield (*place, item["level"], item["rule"], item["message"])


def read_checkstyle(text: str) -> Iterator[tuple[object, ...]]:
    for file in etree.fromstring(text.encode()):
        for item in file:
            place = (file.attrib["name"], int(item.attrib["line"]), int(item.attrib["column"]))
            message = item.attrib["message"].replace("\u2401", "\x01")
            yield (*place, item.attrib["severity"], item.attrib["source"].removeprefix("nianbao."), message)


def read_junit(text: str) -> Iterator[tuple[object, ...]]:
    for suite in JUnitXml.fromstring(text.encode()):
        for case in suite:
            rule, _, place = case.name.partition(" ")
            wrong = [result for result in case.result if isinstance(result, Failure | Error)]
            for result in wrong:
                where = (case.classname, *map(int, place.split(":")))
                yield (*where, result.type, rule, result.message.replace("\u2401", "\x01"))
            if case.system_out:
                _, line, column, level, said = re.split(r":\s?", case.system_out, maxsplit=4)
                yield (case.classname, int(line), int(column), level, rule, said)


def read_gitlab(text: str) -> Iterator[tuple[object, ...]]:
    levels = {"major": "error", "minor": "warning", "info": "info"}
    columns = {found[4]: found[2] for found in FOUND}  # which the format does not tell
    for item in json.loads(text):
        rule, location = item["check_name"], item["location"]
        place = (location["path"], location["lines"]["begin"], columns[rule])
        yield (*place, levels[item["severity"]], rule, item["description"])


def read_rdjson(text: str) -> Iterator[tuple[object, ...]]:
    lines = {found[0]: result.lines for found, result in zip([FOUND[0], FOUND[3]], RESULTS[::2], strict=True)}
    for item in json.loads(text)["diagnostics"]:
        path, start = item["location"]["path"], item["location"]["range"]["start"]
        line = (lines[path] or ("",))[start["line"] - 1]
        column = len(line.encode()[: start["column"] - 1].decode()) + 1
        yield path, start["line"], column, item["severity"].lower(), item["code"]["value"], item["message"]


def read_github(text: str) -> Iterator[tuple[object, ...]]:
    """As GitHub's runner reads a workflow command: properties and data, unescaped in the reverse order."""

    def unescape(value: str, marks: dict[str, str]) -> str:
        for code, mark in marks.items():
            value = value.replace(code, mark)
        return value.replace("%25", "%")

    newlines = {"%0D": "\r", "%0A": "\n"}
    columns = {found[4]: found[2] for found in FOUND}  # not given for a place of several lines
    for line in text.split("\n")[:-1]:
        command, properties, data = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
        given = dict(item.split("=", 1) for item in properties.split(","))
        values = {key: unescape(value, newlines | {"%3A": ":", "%2C": ","}) for key, value in given.items()}
        rule = values["title"].removeprefix("nianbao ")
        message = unescape(data, newlines).removesuffix("\n提示：总计 5→6")
        column = int(values.get("col", columns[rule]))
        level = {"notice": "info"}.get(command, command)
        yield values["file"], int(values["line"]), column, level, rule, message


def read_summary(text: str) -> Iterator[tuple[object, ...]]:
    """As GitHub's Markdown shows the table: the cells' text, `<br>` as the line's end."""
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    for row in re.findall(r"<tr>\s*(<td>.*?)</tr>", page, re.DOTALL):
        cells = re.findall(r"<td>(.*?)</td>", row, re.DOTALL)
        assert re.findall(r"<(?!br>)", "".join(cells)) == []
        level, place, message, rule = (html.unescape(cell.replace("<br>", "\n")) for cell in cells)
        path, line, column = place.rsplit(":", 2)
        yield path, int(line), int(column), level, rule, message


READERS: dict[str, Callable[[str], Iterator[tuple[object, ...]]]] = {
    "sarif": read_sarif,
    "csv": read_csv,
    "jsonl": read_jsonl,
    "checkstyle": read_checkstyle,
    "junit": read_junit,
    "gitlab": read_gitlab,
    "rdjson": read_rdjson,
}


@pytest.mark.parametrize("name", READERS)
def test_an_independent_reader_gets_every_diagnostic_back(name: str, ruleset: Ruleset) -> None:
    assert list(READERS[name](write(name, ruleset))) == FOUND


def test_github_gets_the_gravest_first_and_every_character_back(ruleset: Ruleset) -> None:
    assert list(read_github(write("github", ruleset))) == [FOUND[1], FOUND[3], *FOUND[2::-2]]


def test_the_step_summary_shows_every_message_as_text(ruleset: Ruleset) -> None:
    shown = [(*found[:5], found[5].replace("\r\n", "\n")) for found in [FOUND[1], FOUND[3], *FOUND[2::-2]]]
    assert list(read_summary(write("github-summary", ruleset))) == shown


@pytest.mark.parametrize(
    ("name", "model"), [("sarif", "sarif-2.1.0"), ("gitlab", "gitlab-codequality"), ("rdjson", "rdjson")]
)
def test_the_output_keeps_its_schema(name: str, model: str, ruleset: Ruleset) -> None:
    validator = schema(model)
    for results in (RESULTS, []):
        text = "".join(formatter(name)(results, Context("en", rules=ruleset.rules)))
        assert [error.message for error in validator.iter_errors(json.loads(text))] == []


def test_sarif_tells_rules_addresses_and_what_was_not_checked(ruleset: Ruleset) -> None:
    (run,) = json.loads(write("sarif", ruleset, "en"))["runs"]
    rules = run["tool"]["driver"]["rules"]
    balance = next(rule for rule in rules if rule["id"] == "requests-balance")
    assert balance["defaultConfiguration"] == {"level": "error", "enabled": True}
    assert balance["help"]["text"].endswith(f"Basis: {ruleset.rule('requests-balance').basis}")
    result = run["results"][1]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "requests-balance"
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "requests.handled.total"}]
    assert result["relatedLocations"][0]["logicalLocations"] == [{"fullyQualifiedName": "requests.received.total"}]
    (invocation,) = run["invocations"]
    (skipped,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False
    assert rules[skipped["associatedRule"]["index"]]["id"] == "review-sum"
    assert skipped["message"]["text"] == "空白 <1>"


@pytest.mark.parametrize(
    ("fail_on", "counts"),
    [(Level.ERROR, (6, 1, 1, 1)), (Level.WARNING, (6, 2, 1, 1)), (Level.INFO, (6, 3, 1, 1))],
)
def test_junit_fails_what_the_exit_status_fails(fail_on: Level, counts: tuple[int, ...], ruleset: Ruleset) -> None:
    suites = list(JUnitXml.fromstring("".join(formatter("junit")(RESULTS, Context("zh", fail_on=fail_on))).encode()))
    declared = [sum(getattr(suite, name) for suite in suites) for name in ("tests", "failures", "errors", "skipped")]
    cases = [case for suite in suites for case in suite]
    kinds = [type(result) for case in cases for result in case.result]
    assert (len(cases), kinds.count(Failure), kinds.count(Error), kinds.count(Skipped)) == counts
    assert tuple(declared) == counts
    assert [case.name for case in suites[1]] == ["nianbao-lint"]  # the good file passes, and is seen to


def test_a_fingerprint_outlives_new_lines_and_new_numbers() -> None:
    first = RESULTS[0]
    moved = first._replace(
        lines=("新", *first.lines),
        diagnostics=tuple(
            item._replace(at=item.at._replace(line=item.at.line + 1, end_line=item.at.end_line + 1), message="另一个数")
            for item in first.diagnostics
        ),
    )
    before, after = ([found for _, found in fingerprints(result)] for result in (first, moved))
    assert before == after
    twice = first._replace(diagnostics=first.diagnostics * 2)
    assert len({found for _, found in fingerprints(twice)}) == 6
    assert not {
        found
        for _, found in fingerprints(
            first._replace(path="b", diagnostics=tuple(item._replace(path="b") for item in first.diagnostics))
        )
    } & set(before)


def test_outputs_side_by_side_keep_no_more_than_a_few_results(ruleset: Ruleset) -> None:
    taken = 0

    def endless() -> Iterator[FileResult]:
        nonlocal taken
        while True:
            taken += 1
            yield RESULTS[0]

    context = Context("zh", rules=ruleset.rules)
    lengths = [0, 0, 0, 0]
    names = ("text", "jsonl", "sarif", "html")
    for index, _ in spread(endless(), [(formatter(name), context) for name in names]):
        lengths[index] += 1
        if taken == 1000:
            break
    alone = [0, 0, 0, 0]
    for index, name in enumerate(names):
        alone[index] = sum(1 for _ in formatter(name)([RESULTS[0]] * 998, context))
    assert all(length >= least - 1 for length, least in zip(lengths, alone, strict=True)), (lengths, alone)


BAD = FIXTURES / "rules/cell-blank/bad.txt"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a bad report; nothing of GitHub's environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    (tmp_path / "report.txt").write_bytes(BAD.read_bytes())
    return tmp_path


@pytest.mark.parametrize("name", FORMATTERS)
def test_the_exit_status_is_the_same_in_every_format(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "report.txt", "--format", name]) == 1
    assert main(["check", "report.txt", "--format", name, "--ignore", "cell-blank"]) == 0
    assert main(["check", "missing.txt", "--format", name]) == 2
    assert capsys.readouterr().err == ""


def test_several_outputs_are_each_what_they_are_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = {}
    for name in FORMATTERS:
        main(["check", "report.txt", "--format", name])
        alone[name] = capsys.readouterr().out
    others = [name for name in FORMATTERS if name != "text"]
    options = [part for name in others for part in ("--output-format", f"{name}=out-{name}.txt")]
    assert main(["check", ".", *options]) == 1  # the outputs lie in the folder that is checked, and are no reports
    assert capsys.readouterr().out == alone["text"]
    assert {name: (folder / f"out-{name}.txt").read_text("utf-8") for name in others} == {
        name: alone[name] for name in others
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--output-format", "sarif"], "格式=文件"),
        (["--output-format", "sarf=x"], "格式=文件"),
        (["--output-format", "sarif=no/such/x"], "无法写入 no/such/x"),
        pytest.param(
            ["--format", "csv", "--output", "/dev/full"],
            "无法写入 /dev/full",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux"),
        ),
        (["--output-format", "csv=report.txt"], "请换一个文件名"),
        (["--output", "x", "--output-format", "csv=./x"], "请换一个文件名"),
    ],
)
def test_an_output_that_cannot_be_had_is_wrong_usage(
    options: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(["check", "report.txt", *options])
    except SystemExit as exit_:
        status = int(str(exit_.code))
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert said in err
    assert (folder / "report.txt").read_bytes() == BAD.read_bytes()


def test_on_github_the_step_summary_is_added_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "summary.md").write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    assert main(["check", "report.txt", "--format", "github"]) == 1
    out = capsys.readouterr().out
    assert [line.split(" ")[0] for line in out.splitlines()] == ["::error", "::error"]
    written = (folder / "summary.md").read_text("utf-8")
    assert written.startswith("before\n## 年报检查\n")
    assert len(list(read_summary(written))) == 2
    assert main(["check", "report.txt", "--format", "text"]) == 1
    assert (folder / "summary.md").read_text("utf-8") == written
