"""Many files: more processes and kept results change nothing of what is said, and lose nothing."""

import json
import os
import pickle
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from linter import checking, effort, pool
from linter.cachefolder import VARIABLE
from linter.cli import main
from linter.dispatch import Means, check_all
from linter.engine import AHEAD, Source, Task, check, file_source, loaded
from linter.formatters import FORMATTERS
from linter.limits import Limits
from linter.resultcache import FILE_NAME, ResultCache
from linter.ruleset import Ruleset

ROOT = Path(__file__).parents[1]
REPORTS = sorted(path for path in (ROOT / "fixtures").glob("reports/*") if path.suffix != ".out")
FORMATS = sorted(
    path
    for path in (ROOT / "fixtures" / "formats").glob("*")
    if path.suffix in {".txt", ".md", ".html", ".docx", ".pdf"}
)
GOOD = ROOT / "fixtures" / "formats" / "report-2021.tab-rows.txt"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


@pytest.fixture
def worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few files are worth what only many are."""
    monkeypatch.setattr(effort, "CACHE_PAYS", 0.0)
    monkeypatch.setattr(effort, "POOL_PAYS", 0.0)


@pytest.fixture
def task(ruleset: Ruleset) -> Task:
    return Task(ruleset.chosen([], []), ruleset, "zh")


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all whole reports of the fixtures, one of them unreadable, one excepting a rule."""
    folder = tmp_path / "drafts"
    folder.mkdir()
    for path in (*REPORTS, *FORMATS):
        shutil.copy(path, folder)
    (folder / "broken.docx").write_bytes(b"PK\3\4 no archive")
    (folder / "empty.txt").write_bytes(b"")
    monkeypatch.chdir(folder)
    return folder


def said(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """(exit status, standard output) of `nianbao check`."""
    status = main(["check", *options])
    return status, capsys.readouterr().out


@pytest.mark.parametrize("name", list(FORMATTERS))
def test_every_output_is_the_same_with_more_processes_and_from_the_cache(
    name: str, reports: Path, cache: Path, worth_it: None, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = said(capsys, ".", "--format", name, "--jobs", "1", "--no-cache", "--verbose")
    assert alone[0] == 2
    assert len(alone[1]) > 200
    assert not (cache / FILE_NAME).exists()
    for options in (["--jobs", "2", "--no-cache"], ["--jobs", "2"], ["--jobs", "2"], ["--jobs", "1"]):
        assert said(capsys, ".", "--format", name, "--verbose", *options) == alone, options
    assert (cache / FILE_NAME).exists()


@pytest.mark.parametrize("name", ["text", "html"])  # without and with figures and text
def test_what_is_kept_is_not_checked_again(
    name: str, reports: Path, worth_it: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = said(capsys, ".", "--format", name, "--jobs", "1")
    checked: list[str] = []

    def noting(sources: list[Source], task: Task) -> Iterator[object]:
        sources = list(sources)
        checked.extend(source.path for source in sources)
        return check(sources, task)

    monkeypatch.setattr("linter.dispatch.check", noting)
    assert said(capsys, ".", "--format", name, "--jobs", "1") == first
    assert checked == ["broken.docx", "empty.txt"]  # what could not be read may be readable the next time
    assert said(capsys, ".", "--format", name, "--jobs", "1", "--no-cache") == first


def test_whole_batches_that_are_kept_leave_the_processes_free(task: Task, cache: Path) -> None:
    data = GOOD.read_bytes()
    kept = [(Source(f"{number:03}.txt", partial(bytes, data)), 0) for number in range(4 * AHEAD)]
    new = [(Source("new.txt", partial(bytes, data)), 0)]
    means = Means(jobs=2, cache=str(cache))
    first = list(check_all(kept, [task], means))
    assert [result.path for result, _ in check_all([*kept, *new], [task], means)] == [
        *(result.path for result, _ in first),
        "new.txt",
    ]


CHANGES: dict[str, Callable[[Path], list[str]]] = {
    "the file": lambda folder: (folder / "a.txt").write_text("改了", encoding="utf-8") and [],
    "the language": lambda folder: ["--lang", "en"],
    "the rules": lambda folder: ["--select", "requests-balance"],
    "a level": lambda folder: (folder / ".nianbao.yaml").write_text("levels: {period-missing: info}\n") and [],
    "the year": lambda folder: ["--year", "2020"],
    "the template": lambda folder: ["--template", "2019"],
    "what is wanted": lambda folder: ["--verbose"],
    "a waiver": lambda folder: (
        (folder / ".nianbao-waivers.yaml").write_text(
            "waivers:\n  - {file: a.txt, rule: period-missing, reason: 试验, address: null}\n", encoding="utf-8"
        )
        and []
    ),
    "a limit": lambda folder: (folder / ".nianbao.yaml").write_text("limits: {text-lines: 19999}\n") and [],
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_result_is_for_all_that_it_depends_on(
    change: str, tmp_path: Path, worth_it: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = GOOD.read_text("utf-8").replace("统计期限", "期间")
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    said(capsys, "a.txt")
    options = CHANGES[change](tmp_path)
    kept: list[object] = []
    get = ResultCache.get

    def noting(self: ResultCache, key: bytes) -> object:
        kept.append(get(self, key))
        return kept[-1]

    monkeypatch.setattr(ResultCache, "get", noting)
    new = said(capsys, "a.txt", *options)
    assert kept == [None]
    assert said(capsys, "a.txt", *options) == new
    assert kept[1] is not None
    assert said(capsys, "a.txt", "--no-cache", *options) == new


class _Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("made-by-a-cache",)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "foreign": lambda path: path.write_bytes(b"no database at all" * 100),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "empty": lambda path: path.write_bytes(b""),
    "another table": lambda path: _execute(path, "DROP TABLE results", "CREATE TABLE results (a)"),
    "overwritten": lambda path: _execute(path, "UPDATE results SET result = x'00010203'"),
    "not a result": lambda path: _store(path, pickle.dumps(["list"])),
    "harmful": lambda path: _store(path, pickle.dumps(_Harmful())),
    "not to be written": lambda path: (path.unlink(), path.mkdir()),
}


def _execute(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def _store(path: Path, content: bytes) -> None:
    from zlib import crc32

    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE results SET result = ?, sum = ?", (content, crc32(content)))
    connection.close()


@pytest.mark.parametrize("damage", list(DAMAGES))
def test_a_damaged_cache_changes_nothing(
    damage: str, reports: Path, cache: Path, worth_it: None, capsys: pytest.CaptureFixture[str]
) -> None:
    first = said(capsys, ".", "--jobs", "1")
    for beside in cache.glob(f"{FILE_NAME}-*"):
        beside.unlink()
    DAMAGES[damage](cache / FILE_NAME)
    assert said(capsys, ".", "--jobs", "1") == first
    assert said(capsys, ".", "--jobs", "1") == first
    assert not (reports / "made-by-a-cache").exists()


def test_several_runs_use_one_cache_at_a_time(reports: Path, cache: Path) -> None:
    code = "from linter import effort; effort.CACHE_PAYS = 0; from linter.__main__ import run; run()"
    command = [sys.executable, "-c", code, "check", ".", "--format", "jsonl", "--jobs", "2"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(4)]
    outputs = {run.communicate()[0] for run in runs}
    assert len(outputs) == 1
    assert [run.returncode for run in runs] == [2] * 4


def test_what_was_not_asked_for_in_a_month_is_dropped(
    tmp_path: Path, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    (result,) = check([file_source(str(GOOD))], task)

    def opened(day: int) -> ResultCache:
        monkeypatch.setattr("linter.resultcache.time", lambda: day * 86_400.0)
        return ResultCache(str(tmp_path), [task], Limits())

    first = opened(100)
    for name in ("asked", "forgotten"):
        first.put(first.key(0, name, b""), result)
    first.close()
    second = opened(120)
    assert second.get(second.key(0, "asked", b"")) == result
    second.close()
    third = opened(140)
    third.put(third.key(0, "new", b""), result)
    third.close()
    last = opened(140)
    assert [last.get(last.key(0, name, b"")) for name in ("asked", "forgotten", "new")] == [result, None, result]
    last.close()


def test_a_cache_that_grows_too_large_loses_its_older_half(
    tmp_path: Path, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    (result,) = check([file_source(str(GOOD))], task)
    monkeypatch.setattr("linter.resultcache.MAX_BYTES", 1)
    made = ResultCache(str(tmp_path), [task], Limits())
    keys = [made.key(0, str(number), b"") for number in range(10)]
    for key in keys:
        made.put(key, result)
    made.close()
    again = ResultCache(str(tmp_path), [task], Limits())
    assert [again.get(key) == result for key in keys] == [False] * 5 + [True] * 5
    again.close()


def test_the_cache_tells_where_it_is_and_is_emptied(
    reports: Path, cache: Path, worth_it: None, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, ".", "--jobs", "1")
    other = cache / "notes.txt"
    other.write_text("不是我们的", encoding="utf-8")
    assert main(["cache", "info"]) == 0
    place, content = capsys.readouterr().out.splitlines()
    assert place == str(cache)
    assert content.startswith(f"{len(REPORTS) + len(FORMATS)} 份检查结果，0 份转换好的旧版 Word 文件；共 ")
    assert main(["cache", "clear", "--lang", "en"]) == 0
    assert capsys.readouterr().out.endswith("file(s) removed\n")
    assert list(cache.iterdir()) == [other]
    assert main(["cache", "info", "--lang", "en"]) == 0
    assert "0 result(s), 0 converted" in capsys.readouterr().out


def test_the_cache_can_lie_elsewhere(
    tmp_path: Path, reports: Path, worth_it: None, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    main(["check", ".", "--cache-dir", str(elsewhere)])
    assert (elsewhere / FILE_NAME).exists()
    assert not cache.exists()


@pytest.mark.parametrize("jobs", ["0", "-1", "many", "1.5", "129"])
def test_a_wrong_number_of_processes_is_refused(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["check", "--jobs", jobs, "x.txt"])
    assert exit_.value.code == 2
    assert "1 到 128 的整数，或 auto" in capsys.readouterr().err


def test_a_small_run_has_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(GOOD, "a.txt")
    code = (
        "import sys; from linter.cli import main; main(['check', 'a.txt']); not_wanted = {'sqlite3', "
        "'multiprocessing', 'pickle', 'hashlib', 'linter.pool', 'linter.resultcache'}; "
        "print(not_wanted & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "set()"


MANY = [(name, GOOD.read_bytes()) for name in (f"{number}.txt" for number in range(50))]


def killed(signal_number: int) -> bytes:
    """Ends the process that loads it."""
    os.kill(os.getpid(), signal_number)
    return b""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_process_that_is_killed_loses_only_its_file(method: str, task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [
        Source(name, partial(killed, signal.SIGKILL)) if name in {"7.txt", "8.txt", "31.txt"} else loaded(name, data)
        for name, data in MANY
    ]
    with pool.Pool([task], 2, Limits(), method) as processes:
        batches = [processes.submit(0, files[start : start + 10]) for start in range(0, len(files), 10)]
        results = [result for batch in batches for result in batch]
    assert [result.path for result in results] == [name for name, _ in MANY]
    lost = [result for result in results if result.failed]
    assert [result.path for result in lost] == ["7.txt", "8.txt", "31.txt"]
    for result in lost:
        assert [diagnostic.rule for diagnostic in result.diagnostics] == ["unreadable-file"]
        assert "检查这个文件的进程意外结束（状态 -9）" in result.diagnostics[0].message
    (good,) = check([loaded("x.txt", MANY[0][1])], task)
    assert all(result._replace(path="x.txt").diagnostics == good.diagnostics for result in results if not result.failed)


def test_an_idle_process_that_is_killed_is_replaced(task: Task) -> None:
    with pool.Pool([task], 1, Limits()) as processes:
        list(processes.submit(0, [loaded(*MANY[0])]))
        (worker,) = processes._idle
        worker.process.kill()
        worker.process.join()
        (result,) = processes.submit(0, [loaded(*MANY[1])])
    assert (result.path, result.failed) == ("1.txt", False)


def test_results_come_in_order_whoever_is_faster(task: Task) -> None:
    slow = Source("slow.txt", partial(_after, 0.5))
    with pool.Pool([task], 2, Limits()) as processes:
        batches = [processes.submit(0, [slow]), *(processes.submit(0, [loaded(*file)]) for file in MANY[:5])]
        paths = [result.path for batch in batches for result in batch]
    assert paths == ["slow.txt", *(name for name, _ in MANY[:5])]


def _after(seconds: float) -> bytes:
    time.sleep(seconds)
    return GOOD.read_bytes()


def test_a_pool_leaves_no_process_behind(task: Task) -> None:
    with pool.Pool([task], 2, Limits()) as processes:
        processes.submit(0, [Source("slow.txt", partial(_after, 60.0))])
        workers = [*processes._idle, *processes._busy]
        started = time.monotonic()
    assert time.monotonic() - started < 10
    assert len(workers) == 2
    assert not any(worker.process.is_alive() for worker in workers)


@pytest.mark.parametrize("kept", [False, True])
def test_no_more_files_are_taken_than_are_being_worked_on(kept: bool, task: Task, tmp_path: Path) -> None:
    taken: list[int] = []
    done: list[int] = []

    def files() -> Iterator[tuple[Source, int]]:
        for number in range(1000):
            taken.append(number)
            yield loaded(f"{number}.txt", MANY[0][1]), 0

    for result, _ in check_all(files(), [task], Means(jobs=2, cache=str(tmp_path) if kept else None)):
        done.append(int(result.path[:-4]))
        assert len(taken) - len(done) <= 120
        if len(done) == 400:
            break
    assert done == list(range(400))


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_the_run_soon_with_130(jobs: str, tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"{number}.txt").write_bytes(MANY[0][1] + str(number).encode())
    command = [sys.executable, "-m", "linter", "check", ".", "--jobs", jobs, "--no-cache", "--format", "jsonl"]
    run = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert run.stdout is not None
    run.stdout.readline()  # it is at work
    os.killpg(run.pid, signal.SIGINT)
    _, error = run.communicate(timeout=30)
    assert (run.returncode, error) == (130, b"")
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)  # nothing of the group is left


def test_a_file_that_comes_during_the_run_with_terms_of_its_own_is_left_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(GOOD, "a.txt")
    survey_of = checking.survey_of

    def surveyed(job: checking.Job) -> checking.Survey:
        survey = survey_of(job)
        Path("new").mkdir()
        Path("new/.nianbao.yaml").write_text("fail-on: info\n")
        shutil.copy(GOOD, "new/b.txt")
        return survey

    monkeypatch.setattr(checking, "survey_of", surveyed)
    assert main(["check", ".", "--format", "json"]) == 0
    assert [file["path"] for file in json.loads(capsys.readouterr().out)["files"]] == ["a.txt"]


def test_what_cannot_be_handed_out_leaves_no_process(task: Task) -> None:
    with pool.Pool([task], 2, Limits()) as processes:
        workers = [*processes._idle]
        with pytest.raises((AttributeError, pickle.PicklingError)):
            processes.submit(0, [Source("a.txt", lambda: b"")])
    assert not any(worker.process.is_alive() for worker in workers)
