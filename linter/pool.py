"""Processes beside this one that check files, each a batch at a time.

A process that ends by itself (killed for want of memory, or by a fault of a library) loses only the file that it had in
hand, which gets a result that says so; another process goes on with the rest of the batch.
"""

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import NamedTuple, NoReturn, Self

from linter import collector
from linter.diagnostic import FileResult
from linter.engine import Source, Task, check, failed
from linter.errors import Phrase, ReadError
from linter.limits import Limits, move

START_METHOD = "fork" if sys.platform == "linux" else "spawn"
"""A fork has the rules already; elsewhere than on Linux it is not safe."""

PATIENCE = 0.5
"""Seconds that processes have to end when they are told to, before they are killed."""


class _Ticket:
    """A batch on its way, and the results that have come."""

    def __init__(self, task: int, files: Sequence[Source]) -> None:
        self.task, self.files = task, files
        self.arrived = 0
        self.results: deque[FileResult] = deque()

    def add(self, result: FileResult) -> None:
        self.results.append(result)
        self.arrived += 1

    @property
    def left(self) -> Sequence[Source]:
        """The files without a result."""
        return self.files[self.arrived :]


class _Worker(NamedTuple):
    """A process, and our ends of the pipes to it and from it."""

    process: multiprocessing.process.BaseProcess
    batches: Connection
    results: Connection


class Pool:
    """A number of processes that check files, each by one of the tasks."""

    def __init__(self, tasks: Sequence[Task], size: int, limits: Limits, method: str = START_METHOD) -> None:
        self._tasks, self._limits, self._method = tasks, limits, method
        self._waiting: deque[_Ticket] = deque()
        self._busy: dict[_Worker, _Ticket] = {}
        self._idle: list[_Worker] = []
        for _ in range(size):
            self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the processes, also in the middle of their work."""
        workers = [*self._idle, *self._busy]
        for worker in workers:
            worker.process.terminate()
        deadline = monotonic() + PATIENCE
        for worker in workers:
            _end(worker, deadline - monotonic())

    def submit(self, task: int, files: Sequence[Source]) -> Iterator[FileResult]:
        """The results of the files, in their order, by the task of that number; work on them begins at once."""
        ticket = _Ticket(task, files)
        self._waiting.append(ticket)
        self._hand_out()
        return self._results(ticket)

    def _results(self, ticket: _Ticket) -> Iterator[FileResult]:
        for _ in ticket.files:
            while not ticket.results:
                self._receive()
            yield ticket.results.popleft()

    def _start(self) -> None:
        context = multiprocessing.get_context(self._method)
        (takes, batches), (results, gives) = context.Pipe(duplex=False), context.Pipe(duplex=False)
        held: list[Connection] = []
        if self._method == "fork":  # it has our ends of all pipes, and would keep them open when this process is gone
            others = (*self._idle, *self._busy)
            held = [batches, results, *chain.from_iterable((worker.batches, worker.results) for worker in others)]
        process = context.Process(target=_work, args=((takes, gives), held, self._tasks, self._limits))  # type: ignore[attr-defined]  # all contexts have it
        process.start()
        takes.close()
        gives.close()  # else its end would not be seen here
        self._idle.append(_Worker(process, batches, results))

    def _hand_out(self) -> None:
        """Gives each idle process a batch.

        A process gets the next one when it has sent all results of the last: so neither side ever waits to write what
        the other does not read.
        """
        while self._idle and self._waiting:
            worker, ticket = self._idle[-1], self._waiting[0]
            try:
                worker.batches.send((ticket.task, ticket.left))
            except OSError:  # it ended while it was idle
                _end(self._idle.pop())
                self._start()
            else:
                self._busy[self._idle.pop()] = self._waiting.popleft()

    def _receive(self) -> None:
        """Waits for results, or for the end of a process."""
        by_pipe = {worker.results: worker for worker in self._busy}
        for pipe in wait(list(by_pipe)):
            worker = by_pipe[pipe]  # type: ignore[index]  # wait returns some of what it was given
            ticket = self._busy[worker]
            try:
                ticket.add(worker.results.recv())
            except (EOFError, OSError):
                del self._busy[worker]
                _end(worker)
                ticket.add(failed(ticket.left[0].path, _ended(worker.process.exitcode), self._tasks[ticket.task]))
                self._start()
                if ticket.left:
                    self._waiting.appendleft(ticket)
            else:
                if not ticket.left:
                    del self._busy[worker]
                    self._idle.append(worker)
        self._hand_out()


def _end(worker: _Worker, patience: float = PATIENCE) -> None:
    worker.process.join(max(patience, 0))
    if worker.process.exitcode is None:
        worker.process.kill()
        worker.process.join()
    worker.batches.close()
    worker.results.close()


def _ended(status: int | None) -> ReadError:
    """What is said of the file that a process had in hand when it ended; a negative status is that of a signal."""
    return ReadError(
        Phrase(
            zh=f"检查这个文件的进程意外结束（状态 {status}），可能是内存不足",
            en=f"the process that checked this file ended unexpectedly (status {status}), perhaps for want of memory",
        ),
        Phrase(
            zh="请关闭其他程序，或用 --jobs 1 重试；仍然如此，请把这个文件报告给 nianbao-lint",
            en="close other programs or try --jobs 1; if it happens again, report this file to nianbao-lint",
        ),
    )


# In the process that checks


def _work(
    pipes: tuple[Connection, Connection], held: Sequence[Connection], tasks: Sequence[Task], limits: Limits
) -> None:
    """Takes batches (number of the task, files) until their pipe is closed, and gives the result of each file."""
    batches, results = pipes
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process: the one that started us ends us
    signal.signal(signal.SIGTERM, _terminated)
    for other in held:
        other.close()
    move(limits)
    collector.start()
    try:
        while True:
            task, files = batches.recv()
            for result in check(files, tasks[task]):
                results.send(result)
    except (EOFError, OSError):  # the process that started us is gone
        return


def _terminated(*_: object) -> NoReturn:
    """Ends the process as an exception does, so that what it started is ended, too."""
    raise SystemExit(1)
