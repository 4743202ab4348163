"""Rule files, templates and configuration: every mistake is named in one run, with its place and the nearest name."""

import json
from pathlib import Path

import pytest

from linter.cli import main
from linter.config import Config
from linter.diagnostic import Level
from linter.errors import RuleError, UsageError
from linter.ruleset import built_in_folder, load_rules
from linter.settings import load_settings
from linter.yamlfile import YamlFile

RULE = """\
id: {id}
title: {{zh: 一, en: one}}
level: warning
basis: 依据
check: total
with:
  table: requests
  for_each: column
  holds: granted <= handled
message:
  zh: "{{column}}：{{left}} 大于 {{right}}"
  en: "{{column}}: {{left}} is more than {{right}}"
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path) -> list[str]:
    """What loading the folder's rules complains of, as `file:line:column: …`."""
    with pytest.raises(RuleError) as caught:
        load_rules([str(folder)])
    return [mistake.say("en").replace(f"{folder}/", "") for mistake in caught.value.mistakes]


def test_an_own_rule_is_one_yaml_file(tmp_path: Path) -> None:
    write(tmp_path, "granted-bound.yaml", RULE.format(id="granted-bound"))
    rule = load_rules([str(tmp_path)]).rule("granted-bound")
    assert (rule.level, rule.title.en, rule.check.placeholders()) == (
        Level.WARNING,
        "one",
        {"column", "left", "right", "difference", "granted", "handled"},
    )


def test_an_own_rule_replaces_the_built_in_one_of_its_id(tmp_path: Path) -> None:
    write(tmp_path, "review-sum.yaml", RULE.format(id="review-sum"))
    assert load_rules([str(tmp_path)]).rule("review-sum").level is Level.WARNING
    assert load_rules().rule("review-sum").level is Level.ERROR


def test_a_template_for_2027_needs_no_python(tmp_path: Path) -> None:
    source = Path(built_in_folder(), "templates/2021.yaml").read_text("utf-8")
    (tmp_path / "templates").mkdir()
    write(
        tmp_path / "templates",
        "2027.yaml",
        source.replace('"2021"', '"2027"').replace("first_year: 2021", "first_year: 2027"),
    )
    assert [template.edition for template in load_rules([str(tmp_path)]).templates] == ["2019", "2021", "2027"]


HOW_TO_WRITE = "(write a + b - sum(c) == d, with + - sum() == <= >= < > only)"

ONE_MISTAKE = [
    (
        "unknown option",
        "  table: requests",
        "  tabel: requests",
        ["7:3: unknown option 'tabel'; did you mean 'table'?", "7:3: 'table' is missing"],
    ),
    ("misspelt table", "table: requests", "table: request", ["7:10: unknown name 'request'; did you mean 'requests'?"]),
    (
        "misspelt row",
        "granted <= handled",
        "grnated <= handled",
        ["9:10: unknown name 'grnated'; did you mean 'granted'?"],
    ),
    ("group without sum", "granted <=", "denied <=", ["9:10: unknown name 'denied'; did you mean 'denied.law'?"]),
    ("misspelt group", "granted <=", "sum(denide) <=", ["9:10: unknown name 'denide'; did you mean 'denied'?"]),
    (
        "code for an equation",
        "granted <= handled",
        "__import__('os') == handled",
        [f"9:10: not an equation: __import__('os') == handled {HOW_TO_WRITE}"],
    ),
    ("duplicate key", "basis: 依据", "basis: 依据\nbasis: 又一个", ["5:1: duplicate key 'basis'"]),
    ("unknown check", "check: total", "check: totl", ["5:8: unknown check 'totl'; did you mean 'total'?"]),
    ("unknown level", "level: warning", "level: warn", ["3:8: unknown value 'warn'; did you mean 'warning'?"]),
    ("unknown placeholder", "{left} 大于", "{lefft} 大于", ["11:7: unknown placeholder 'lefft'; did you mean 'left'?"]),
    ("attribute in a placeholder", "{left} 大于", "{left.real} 大于", None),
    ("unbalanced brace", "{left} 大于", "{left 大于", None),
    ("missing message", 'en: "{column}: {left} is more than {right}"', "", ["11:3: 'en' is missing"]),
    ("other id", "id: rule-one", "id: rule-two", ["1:5: the id must be the file's name: 'rule-one'"]),
    ("list for text", "basis: 依据", "basis: [依据]", ["4:8: a single value is wanted here"]),
    ("broken yaml", "with:", "with: {", None),
    ("tab", "  table:", "\ttable:", None),
]


@pytest.mark.parametrize(
    ("right", "wrong", "said"), [case[1:] for case in ONE_MISTAKE], ids=[case[0] for case in ONE_MISTAKE]
)
def test_a_mistake_is_named_with_its_place(right: str, wrong: str, said: list[str] | None, tmp_path: Path) -> None:
    text = RULE.format(id="rule-one")
    assert right in text
    write(tmp_path, "rule-one.yaml", text.replace(right, wrong, 1))
    found = mistakes(tmp_path)
    assert all(line.startswith("rule-one.yaml:") for line in found)
    assert found == [f"rule-one.yaml:{line}" for line in said] if said else len(found) == 1


def test_eleven_mistakes_are_eleven_messages_in_one_run(tmp_path: Path) -> None:
    write(
        tmp_path,
        "rule-one.yaml",
        """\
id: rule-1
titel: x
level: fatal
basis: [a]
check: total
with:
  table: requests
  for_each: colunm
  holds: a ==
  extra: 1
  more: 2
message:
  zh: 一
  fr: un
""",
    )
    found = mistakes(tmp_path)
    assert [line.split(": ")[0] for line in found] == [
        "rule-one.yaml:1:1",
        "rule-one.yaml:1:5",
        "rule-one.yaml:2:1",
        "rule-one.yaml:3:8",
        "rule-one.yaml:4:8",
        "rule-one.yaml:8:13",
        "rule-one.yaml:9:10",
        "rule-one.yaml:10:3",
        "rule-one.yaml:11:3",
        "rule-one.yaml:13:3",
        "rule-one.yaml:14:3",
    ]


def test_an_alias_bomb_is_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    write(tmp_path, "bomb.yaml", "\n".join(lines))
    assert len(mistakes(tmp_path)) == 1
    assert "expands to too much" in mistakes(tmp_path)[0]


def test_an_alias_of_itself_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "loop.yaml", "a: &a [*a]")
    assert "nested too deeply" in mistakes(tmp_path)[0]


def test_a_pattern_whose_time_could_explode_is_refused(tmp_path: Path) -> None:
    text = Path(built_in_folder(), "period/period-missing.yaml").read_text("utf-8")
    write(tmp_path, "period-missing.yaml", text.replace("统计(?:数据|起止)", "(a+)+b"))
    assert "its running time could explode" in mistakes(tmp_path)[0]


def test_a_mistake_ends_the_command_with_2_and_one_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "rule-one.yaml", RULE.format(id="rule-one").replace("table: requests", "table: request"))
    assert main(["check", "--rules", str(tmp_path), str(tmp_path)]) == 2
    assert (
        capsys.readouterr().err == f"错误：{tmp_path}/rule-one.yaml:7:10: 不认识的名称“request”；是不是“requests”？\n"
    )


def test_a_rules_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match="没有规则文件夹 nowhere"):
        load_rules(["nowhere"])


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"[]",
        lambda data: data.replace(b"check", b"chekc"),
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: data.partition(b"\n")[0] + b"\n",
        lambda data: b"",
    ],
    ids=["truncated", "foreign", "other content", "a bit flipped", "nothing behind the head", "empty"],
)
def test_a_damaged_cache_is_made_anew(damage, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    cache = tmp_path / "folder" / "rules.json"
    fresh = load_rules(cache=str(cache))
    whole = cache.read_bytes()
    cache.write_bytes(damage(whole))
    assert [rule.id for rule in load_rules(cache=str(cache)).rules] == [rule.id for rule in fresh.rules]
    assert cache.read_bytes() == whole


def test_an_unchanged_ruleset_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = str(tmp_path / "rules.json")
    fresh = load_rules(cache=cache)
    monkeypatch.setattr(YamlFile, "parse", lambda *arguments: pytest.fail("parsed"))
    again = load_rules(cache=cache)
    assert again.templates == fresh.templates
    assert [(rule.id, rule.level, rule.message) for rule in again.rules] == [
        (rule.id, rule.level, rule.message) for rule in fresh.rules
    ]
    assert again.rule("requests-balance") == fresh.rule("requests-balance")


def test_the_cache_serves_only_the_content_it_was_made_of(tmp_path: Path) -> None:
    cache = str(tmp_path / "rules.json")
    own = tmp_path / "own"
    own.mkdir()
    path = write(own, "rule-one.yaml", RULE.format(id="rule-one"))
    assert load_rules([str(own)], cache).rule("rule-one").level is Level.WARNING
    assert load_rules([str(own)], cache).rule("rule-one").level is Level.WARNING  # from the cache
    path.write_text(path.read_text("utf-8").replace("level: warning", "level: info"), encoding="utf-8")
    assert load_rules([str(own)], cache).rule("rule-one").level is Level.INFO


def test_the_configuration_sets_what_the_command_line_leaves_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        ".nianbao.yaml",
        "lang: en\nfail-on: warning\nexclude: [old.txt]\npaths: [drafts]\nignore: [period-missing]\n",
    )
    (tmp_path / "drafts").mkdir()
    write(tmp_path / "drafts", "note.txt", "浇水安排\n")
    write(tmp_path / "drafts", "old.txt", "旧稿\n")
    assert main(["check", "--format", "json"]) == 1
    files = json.loads(capsys.readouterr().out)["files"]
    assert [(file["path"], [d["rule"] for d in file["diagnostics"]]) for file in files] == [
        ("drafts/note.txt", ["not-a-report"])
    ]
    assert files[0]["diagnostics"][0]["message"].startswith("no title, section or table")


def test_a_wrong_key_in_the_configuration_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, ".nianbao.yaml", "lang: zh\nfailon: warning\nselect: period-missing\n")
    assert main(["check"]) == 2
    assert [line.partition(".nianbao.yaml:")[2] for line in capsys.readouterr().err.splitlines()] == [
        "2:1: 不认识的选项“failon”；是不是“fail-on”？",
        "3:9: 这里要一个列表",
    ]


def test_init_writes_a_configuration_with_comments_that_sets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    path = tmp_path / ".nianbao.yaml"
    assert load_settings(str(path)).config == Config()
    assert "# 不检查的规则" in path.read_text("utf-8")


def test_init_completes_a_configuration_and_keeps_its_comments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, ".nianbao.yaml", "# 我们的约定\nignore: [cell-fraction]  # 另有说明\n")
    assert main(["init", "--fail-on", "warning"]) == 0
    text = path.read_text("utf-8")
    assert text.startswith("# 我们的约定\nignore: [cell-fraction]  # 另有说明\n")
    assert load_settings(str(path)).config == Config(ignore=("cell-fraction",), fail_on=Level.WARNING)
