"""The JSON Schemas in schemas/ are those of the types, and hold for the files that the program reads."""

import json
import tomllib

import pytest
import yaml
from conftest import ROOT

from linter.cli import main
from linter.config import SAMPLE
from linter.schema import SCHEMAS

RULES = sorted((ROOT / "rules").glob("*/*.yaml"))


def errors(name: str, content: object) -> list[str]:
    """What the schema of that name has against the content."""
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name]())
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMAS[name]()).iter_errors(content)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_in_the_repository_are_those_that_are_printed(
    name: str, golden, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", name]) == 0
    golden(ROOT / f"schemas/{name}.json", capsys.readouterr().out)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_every_rule_and_template_fits_its_schema(path) -> None:  # type: ignore[no-untyped-def]
    content = yaml.safe_load(path.read_text("utf-8"))
    assert errors("template" if path.parent.name == "templates" else "rule", content) == []


@pytest.mark.parametrize(
    ("name", "text", "problems"),
    [
        ("config", SAMPLE, 0),
        ("config", "fail-on: warning\nper-file: [{files: a, levels: {x: 'off'}}]\n", 0),
        ("config", "fail_on: warning\n", 1),
        ("config", "lang: fr\nlevels: {x: of}\n", 2),
        ("rule", "level: 'off'\n", 0),
        ("rule", "id: x\ncheck: total\n", 4),
        ("rule", "check: total\n" + json.dumps({"with": {"tabel": "x"}})[1:-1], 9),
        ("template", "edition: '2027'\n", 4),
    ],
)
def test_a_schema_finds_what_the_program_finds(name: str, text: str, problems: int) -> None:
    assert len(errors(name, yaml.safe_load(text))) == problems


def test_a_project_file_fits_the_same_schema() -> None:
    table = tomllib.loads("[tool.nianbao]\nfail-on = 'info'\n[tool.nianbao.levels]\ncells = 'off'\n")["tool"]["nianbao"]
    assert errors("config", table) == []
