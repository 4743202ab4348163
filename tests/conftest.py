"""What the tests share: the ruleset, the folders, and `--update` for golden files."""

from pathlib import Path

import pytest

from linter.cachefolder import VARIABLE
from linter.encoding import decode
from linter.errors import ReadError
from linter.folding import fold
from linter.ruleset import Ruleset, load_rules

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the golden files; read the diff before committing it"
    )


@pytest.fixture(autouse=True)
def no_cache_folder_is_left_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--cache-dir` sets a variable for its process, which here is that of all tests."""
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.delenv(VARIABLE)


@pytest.fixture(scope="session")
def ruleset() -> Ruleset:
    """The built-in rules."""
    return load_rules()


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """Compares text with a golden file, or rewrites the file under --update."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.exists(), f"no golden file {path}: run pytest --update and read what it writes"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def fixture_texts() -> list[str]:
    """The folded paragraphs of all text fixtures, each once."""
    texts: dict[str, None] = {}
    for path in sorted(FIXTURES.glob("**/*.txt")):
        data = path.read_bytes()
        try:
            texts |= dict.fromkeys(fold(line) for line in decode(data).splitlines())
        except ReadError:  # fixtures of what cannot be read
            continue
    return list(texts)
