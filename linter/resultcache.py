"""Results kept between runs: what was checked once, and is the same in every respect, is not checked again.

One SQLite file, which several runs may use at a time. It is only a help: what cannot be opened, read or written leaves
the run without it, and what is damaged is removed.
"""

import io
import os
import pickle
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from time import time
from typing import Any

from linter import __version__
from linter.diagnostic import FileResult
from linter.engine import Task
from linter.limits import Limits

FILE_NAME = "results.sqlite"

KEPT_DAYS = 30
"""Days after which a result that no run has asked for is dropped."""

MAX_BYTES = 500_000_000
"""The size of the file from which on the older half of it is dropped; a result takes a kilobyte, with its text more."""

PATIENCE = 2.0
"""Seconds to wait while another run writes."""

_WRITTEN_TOGETHER = 500
_DAY = 86_400
_MADE_OF = frozenset(
    {
        ("linter.figure", "Figure"),
        *(("linter.document", name) for name in ("Position", "Heading", "Paragraph", "Table", "Cell")),
        *(
            ("linter.diagnostic", name)
            for name in (
                *("FileResult", "Diagnostic", "Related", "Hint", "Change", "Exemption", "Suppressed"),
                *("NotChecked", "Shown", "TablePlace", "Level"),
            )
        ),
        ("decimal", "Decimal"),
    }
)
"""(module, name) of the types that a result is made of: nothing else is loaded, whoever wrote the file."""


class ResultCache:
    """The results of these tasks, kept in a folder."""

    def __init__(self, folder: str, tasks: Sequence[Task], limits: Limits) -> None:
        self._path = os.path.join(folder, FILE_NAME)
        self._tasks = tasks
        self._stems = [blake2b(repr(_made_of(task, limits)).encode()) for task in tasks]
        self._today = int(time()) // _DAY
        self._new: list[tuple[bytes, int, bytes]] = []
        self._used: list[tuple[int, bytes]] = []
        self._connection = _open(self._path)

    def key(self, task: int, path: str, data: bytes) -> bytes:
        """What stands for a file and all that its result depends on."""
        waivers = self._tasks[task].waivers
        made_of = self._stems[task].copy()
        made_of.update(repr((path, waivers.of(path) if waivers else (), len(data))).encode("utf-8", "surrogateescape"))
        made_of.update(data)
        return made_of.digest()[:24]

    def get(self, key: bytes) -> FileResult | None:
        """The result kept under the key; None where there is none."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute("SELECT day, sum, result FROM results WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error:
            self._give_up()
            return None
        if row is None or zlib.crc32(row[2]) != row[1]:
            return None
        if row[0] != self._today:
            self._used.append((self._today, key))
        return _load(row[2])

    def put(self, key: bytes, result: FileResult) -> None:
        """Keeps a result; one that may be another the next time (the file could not be read) is not kept."""
        if self._connection is not None and not result.failed:
            self._new.append((key, self._today, pickle.dumps(result, pickle.HIGHEST_PROTOCOL)))
            if len(self._new) >= _WRITTEN_TOGETHER:
                self._write()

    def close(self) -> None:
        """Writes what is not written yet."""
        self._write()
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _write(self) -> None:
        new, used = self._new, self._used
        if self._connection is None or not (new or used):
            return
        self._new, self._used = [], []
        rows = [(key, day, zlib.crc32(content), content) for key, day, content in new]
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", rows)
                self._connection.executemany("UPDATE results SET day = ? WHERE key = ?", used)
                self._connection.execute("DELETE FROM results WHERE day < ?", (self._today - KEPT_DAYS,))
                if os.path.getsize(self._path) > MAX_BYTES:
                    self._connection.execute(
                        "DELETE FROM results WHERE rowid <= (SELECT (min(rowid) + max(rowid)) / 2 FROM results)"
                    )
        except (sqlite3.Error, OSError):
            self._give_up()

    def _give_up(self) -> None:
        """Goes on without the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def _open(path: str) -> sqlite3.Connection | None:
    """The cache at `path`; a file there that is none is removed first."""
    for _ in range(2):
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            connection = sqlite3.connect(path, timeout=PATIENCE)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")  # what is lost with the power is checked again
            connection.execute(
                "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, day INTEGER, sum INTEGER, result BLOB)"
            )
        except sqlite3.OperationalError:  # locked, or not to be written
            return None
        except sqlite3.DatabaseError:
            remove(path)
        except OSError:
            return None
        else:
            return connection
    return None


def remove(path: str) -> None:
    """Removes a cache with what SQLite keeps beside it."""
    for name in (path, f"{path}-wal", f"{path}-shm"):
        with suppress(OSError):
            os.remove(name)


def count(path: str) -> int:
    """How many results the cache at `path` holds; 0 where it cannot be read."""
    if not os.path.exists(path):
        return 0
    try:
        connection = sqlite3.connect(path, timeout=PATIENCE)
        try:
            return int(connection.execute("SELECT count(*) FROM results").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error:
        return 0


def _made_of(task: Task, limits: Limits) -> object:
    """All that a result depends on beside the file and its waivers: this program, the rules, the options."""
    chosen, every = task.ruleset, task.every
    return (
        __version__,
        _program(),
        every.made_of,
        [(rule.id, rule.level) for rule in chosen.rules],
        [(rule.id, rule.level) for rule in every.rules],
        [(template.edition, template.first_year, template.last_year) for template in chosen.templates],
        chosen.year,
        task.lang,
        task.wanted,
        limits,
    )


def _program() -> list[tuple[str, int, int]]:
    """(path, size, time) of this program's files: in a checkout they change while the version does not."""
    top = os.path.dirname(os.path.abspath(__file__))
    found = []
    for folder, _, names in os.walk(top):
        for name in sorted(names):
            if name.endswith(".py"):
                status = os.stat(os.path.join(folder, name))
                found.append((os.path.relpath(os.path.join(folder, name), top), status.st_size, status.st_mtime_ns))
    return sorted(found)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _MADE_OF:
            raise pickle.UnpicklingError(name)
        return super().find_class(module, name)


def _load(content: bytes) -> FileResult | None:
    try:
        result = _Unpickler(io.BytesIO(content)).load()
    except Exception:  # whatever a damaged or foreign content leads to, it is no result
        return None
    return result if isinstance(result, FileResult) else None
