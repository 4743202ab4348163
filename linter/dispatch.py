"""Where files are checked: here one after the other, or in processes beside this one; not at all if the result is kept.

Results come in the order of the files, whatever the way, and no more files are held than are being worked on.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import groupby, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from linter import effort
from linter.diagnostic import FileResult
from linter.engine import AHEAD, Source, Task, check, check_source, loaded
from linter.limits import Limits

if TYPE_CHECKING:  # a short run has neither
    from linter.pool import Pool
    from linter.resultcache import ResultCache

MOST_SECONDS = 0.2
"""Work that is given to a process at a time: more would leave the others idle at the end."""

Work = Callable[[int, Sequence[Source]], Iterator[FileResult]]
"""Checks files by the task of that number."""

Numbered = tuple[Source, int]
"""A file, and the number of the task for it."""


class Means(NamedTuple):
    """What a run may use."""

    jobs: int = 1  # processes; 1 for this one
    cache: str | None = None  # the folder of the kept results
    limits: Limits = Limits()


def check_all(files: Iterable[Numbered], tasks: Sequence[Task], means: Means) -> Iterator[tuple[FileResult, int]]:
    """(result, number of the task) of each file, in the order given."""
    if means.jobs == 1 and means.cache is None:
        for number, group in groupby(files, itemgetter(1)):
            for result in check((source for source, _ in group), tasks[number]):
                yield result, number
        return
    with ExitStack() as stack:

        @cache
        def pool() -> "Pool":  # not started before a file needs it: all results may be kept
            from linter.pool import Pool

            return stack.enter_context(Pool(tasks, means.jobs, means.limits))

        def work(number: int, sources: Sequence[Source]) -> Iterator[FileResult]:
            # A process that got a batch without files would send nothing, and be waited for.
            together = means.jobs > 1 and sources
            return pool().submit(number, sources) if together else check(sources, tasks[number])

        store = None
        if means.cache is not None:
            from linter.resultcache import ResultCache

            store = ResultCache(means.cache, tasks, means.limits)
            stack.callback(store.close)
        under_way: deque[Iterator[tuple[FileResult, int]]] = deque()
        for batch in _batches(files):
            under_way.append(_begin(batch, tasks, work, store))
            if means.jobs == 1 or len(under_way) > 2 * means.jobs:
                yield from under_way.popleft()
        for results in under_way:
            yield from results


def _batches(files: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    """The files in batches, each with one task; no longer than old Word files are converted together."""
    batch: list[Numbered] = []
    seconds = 0.0
    for file in files:
        if batch and (len(batch) == AHEAD or seconds > MOST_SECONDS or file[1] != batch[0][1]):
            yield batch
            batch, seconds = [], 0.0
        batch.append(file)
        seconds += effort.seconds(file[0].path)
    if batch:
        yield batch


def _begin(
    batch: Sequence[Numbered], tasks: Sequence[Task], work: Work, store: "ResultCache | None"
) -> Iterator[tuple[FileResult, int]]:
    """The results of a batch; work on it has begun, if other processes do it."""
    number = batch[0][1]
    if store is None:
        return zip(work(number, [source for source, _ in batch]), repeat(number), strict=False)
    ready: list[FileResult | None] = []  # None where the file is being checked
    keys: list[bytes] = []
    waiting: list[Source] = []
    for source, _ in batch:
        try:
            data = source.load()
        except Exception:  # said as for every file
            ready.append(check_source(source, tasks[number]))
            continue
        key = store.key(number, source.path, data)
        ready.append(store.get(key))
        if ready[-1] is None:
            keys.append(key)
            waiting.append(loaded(source.path, data))
    made = _kept(work(number, waiting), keys, store)
    return ((result, number) for result in _merge(ready, made))


def _kept(results: Iterator[FileResult], keys: Sequence[bytes], store: "ResultCache") -> Iterator[FileResult]:
    """The results, each kept under its key."""
    for result, key in zip(results, keys, strict=True):
        store.put(key, result)
        yield result


def _merge(ready: Iterable[FileResult | None], made: Iterator[FileResult]) -> Iterator[FileResult]:
    """The results that are ready, with those that are made where there is none."""
    for result in ready:
        yield next(made) if result is None else result
