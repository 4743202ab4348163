"""The progress bar: on a terminal that someone watches, and nowhere else; what is printed there comes out intact."""

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pyte
import pytest
from conftest import FIXTURES, ROOT

from linter import progress
from linter.progress import Progress

BAR = re.compile(r"(?:检查|checking) [ ━╸╺]+ +(\d+)/(\d+|\?) \d+:\d\d")
BAD = FIXTURES / "reports/交通局-2023.md"


class Screen(io.StringIO):
    """A terminal that remembers all that was sent to it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colours, so that what is sent can be searched."""
    monkeypatch.setenv("NO_COLOR", "1")


def slow(screen: Screen, seconds: float, count: int) -> Iterator[int]:
    """Results, the second of which comes when the bar is there, or after some seconds."""
    for number in range(count):
        end = monotonic() + seconds
        while number == 1 and not BAR.search(screen.getvalue()) and monotonic() < end:
            sleep(0.01)
        yield number


@pytest.mark.parametrize(
    ("total", "count", "patience", "seconds", "shown"),
    [
        (21, 21, 60.0, 20.0, True),
        (20, 20, 60.0, 0.5, False),
        (2, 2, 0.1, 20.0, True),
        (None, 2, 0.1, 20.0, True),
        (None, 40, 60.0, 0.5, False),
    ],
    ids=["more than 20 files", "no more than 20", "a long run", "a long run of who knows what", "an unknown number"],
)
def test_the_bar_shows_for_many_files_or_a_long_run(
    total: int | None,
    count: int,
    patience: float,
    seconds: float,
    shown: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "PATIENCE", patience)
    screen = Screen()
    with Progress(screen, "zh") as bar:
        assert list(bar.watch(slow(screen, seconds, count), total)) == list(range(count))
        screen.write("<end>")
    found = BAR.search(screen.getvalue())
    assert (found.groups() if found else None) == (("1", str(total or "?")) if shown else None)
    assert not BAR.search(screen.getvalue().partition("<end>")[2])


def test_the_bar_keeps_off_a_line_that_has_been_begun() -> None:
    screen = Screen()
    with Progress(screen, "en") as bar:
        for number in bar.watch(slow(screen, 0.4, 30), 30):
            bar.write(screen, "[" if number == 0 else f"{number},")
    assert screen.getvalue() == "[" + "".join(f"{number}," for number in range(1, 30))


def test_an_error_takes_the_bar_away() -> None:
    screen = Screen()

    def run() -> None:
        with Progress(screen, "zh") as bar:
            for number in bar.watch(slow(screen, 20, 30), 30):
                if number == 1:
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    assert BAR.search(screen.getvalue())
    assert displayed(screen.getvalue().encode()) == []
    assert screen.getvalue().rindex("\x1b[?25h") > screen.getvalue().rindex("\x1b[?25l")  # the cursor is shown again


def displayed(sent: bytes, columns: int = 200) -> list[str]:
    """The lines that a terminal shows in the end, with those that scrolled away."""
    screen = pyte.HistoryScreen(columns, 50, history=1_000_000, ratio=1)
    pyte.ByteStream(screen).feed(sent)
    above = ["".join(row[column].data for column in range(columns)) for row in screen.history.top]
    lines = [line.rstrip() for line in (*above, *screen.display)]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def run(folder: Path, *arguments: str, stdout: int | None = None, **environment: str) -> tuple[bytes, bytes, int]:
    """(what the terminal got, what standard output got where it is none, exit status) of a command on a terminal."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    kept = {key: value for key, value in os.environ.items() if key not in {"CI", "PRE_COMMIT", "COLUMNS", "LINES"}}
    plain = {"TERM": "xterm", "NO_COLOR": "1", "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / ".cache")}
    process = subprocess.Popen(
        [sys.executable, "-m", "linter", *arguments],
        cwd=folder,
        env=kept | plain | environment,
        stdin=theirs,
        stdout=theirs if stdout is None else stdout,
        stderr=theirs,
    )
    os.close(theirs)
    shown = bytearray()
    while True:
        try:
            data = os.read(ours, 65_536)
        except OSError:  # Linux's way to say that no one has the terminal any more
            break
        if not data:
            break
        shown += data
    out = process.communicate()[0] or b""
    os.close(ours)
    return bytes(shown), out, process.returncode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with 24 reports, every one with errors."""
    (tmp_path / ".git").mkdir()
    for number in range(24):
        shutil.copy(BAD, tmp_path / f"年报 {number:02}.md")
    return tmp_path


def piped(folder: Path, *arguments: str) -> list[str]:
    """The lines that a command prints into a pipe."""
    environment = {key: value for key, value in os.environ.items() if key != "CI"} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "linter", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert done.stderr == b""
    return [line.rstrip() for line in done.stdout.decode().splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_on_a_terminal_diagnostics_come_out_as_they_are_with_the_bar(jobs: str, folder: Path) -> None:
    shown, _, status = run(folder, "check", ".", "--jobs", jobs, "--no-cache")
    counts = [(int(done), int(total)) for done, total in BAR.findall(shown.decode())]
    assert status == 1
    assert counts
    assert {total for _, total in counts} == {24}
    assert counts == sorted(counts)
    assert displayed(shown) == piped(folder, "check", ".")


@pytest.mark.slow
def test_on_a_terminal_what_goes_to_a_file_is_left_alone(folder: Path) -> None:
    with (folder / "out").open("wb") as out:
        shown, _, status = run(folder, "check", ".", stdout=out.fileno())
    assert status == 1
    assert BAR.search(shown.decode())
    assert displayed(shown) == []
    assert [line.rstrip() for line in (folder / "out").read_text("utf-8").splitlines()] == piped(folder, "check", ".")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ([], {"CI": "true"}),
        ([], {"PRE_COMMIT": "1"}),
        ([], {"TERM": "dumb"}),
        (["--quiet"], {}),
        (["年报 00.md", "年报 01.md"], {}),
    ],
    ids=["CI", "pre-commit, which lends its hooks a terminal", "a dumb terminal", "--quiet", "a short run"],
)
def test_elsewhere_not_a_byte_is_added(folder: Path, arguments: list[str], environment: dict[str, str]) -> None:
    shown, _, _ = run(folder, "check", *arguments, **environment)
    assert b"\x1b" not in shown
    assert [line.rstrip() for line in shown.decode().splitlines()] == piped(folder, "check", *arguments)


@pytest.mark.slow
def test_a_pager_on_the_same_terminal_is_not_written_over(folder: Path) -> None:
    shown, out, _ = run(folder, "check", ".", stdout=subprocess.PIPE)
    assert shown == b""
    assert [line.rstrip() for line in out.decode().splitlines()] == piped(folder, "check", ".")
