"""A progress bar on the terminal, for runs that are long enough to want one."""

import os
import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

T = TypeVar("T")

MANY = 20
"""A run of more files than this shows the bar from its beginning."""

PATIENCE = 2.0
"""Seconds after which any other run shows it."""

INTERVAL = 0.1
"""Seconds from one drawing to the next; a run that takes less draws nothing and imports nothing."""


class Progress:
    """How far a run is. What goes to the same terminal must be written by `write`: it takes the bar off first.

    One thread draws, and it draws on a line of its own; rich's own refreshing would not know of what others write.
    """

    def __init__(self, terminal: TextIO | None, lang: str) -> None:
        """`terminal`: where to draw; None for no bar at all."""
        self._terminal, self._lang = terminal, lang
        self._done = 0
        self._bar: Bar | None = None  # while it can be seen
        self._line_begun = False  # by a piece that did not end its line: the bar would cut it in two
        if terminal is not None:
            from threading import Event, Lock  # not imported for a run that no one watches

            self._over, self._lock = Event(), Lock()
            if sys.platform != "win32":  # a process that is forked while the bar is being drawn would have half of it
                release = self._lock.release
                os.register_at_fork(before=self._lock.acquire, after_in_parent=release, after_in_child=release)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()

    def watch(self, results: Iterable[T], total: int | None) -> Iterator[T]:
        """The same results, counted as they go by; `total` is how many there will be, None where that is not known."""
        if self._terminal is None:
            yield from results
            return
        from threading import Thread

        Thread(target=self._draw_on, args=(self._terminal, total), daemon=True).start()
        for result in results:
            self._done += 1
            yield result
        self._end()

    def write(self, stream: TextIO, text: str) -> None:
        """Writes to a stream that may be the terminal, and leaves the text as it is on it."""
        if self._terminal is None or not stream.isatty():
            stream.write(text)
            return
        with self._lock:
            self._hide()
            stream.write(text)
            stream.flush()
            self._line_begun = not text.endswith("\n") if text else self._line_begun

    def _end(self) -> None:
        if self._terminal is not None:
            with self._lock:
                self._over.set()
                self._hide()

    def _hide(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _draw_on(self, terminal: TextIO, total: int | None) -> None:
        begun = monotonic()
        while not self._over.wait(INTERVAL):
            waited = monotonic() - begun
            if (total is not None and total > MANY) or waited > PATIENCE:
                with self._lock:
                    if not self._over.is_set() and not self._line_begun:
                        self._draw(terminal, total, waited)

    def _draw(self, terminal: TextIO, total: int | None, waited: float) -> None:
        if self._bar is None:
            self._bar = _make_bar(terminal)
            name = "检查" if self._lang == "zh" else "checking"
            self._bar.add_task(name, total=total, completed=self._done, clock=_clock(waited))
            self._bar.start()
        else:
            self._bar.update(self._bar.task_ids[0], completed=self._done, clock=_clock(waited), refresh=True)


def _make_bar(terminal: TextIO) -> "Bar":
    """A bar that has not been drawn yet: one that was drawn before would wipe the line above."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[clock]}"),
        console=Console(file=terminal),
        transient=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"
