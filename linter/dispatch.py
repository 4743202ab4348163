"""Where files are checked: here one after the other, or in processes beside this one; not at all if the result is kept.

Results come in the order of the files, whatever the way, and no more files are held than are being worked on.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
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
        pool = cache = None
        if means.jobs > 1:
            from linter.pool import Pool

            pool = stack.enter_context(Pool(tasks, means.jobs, means.limits))
        if means.cache is not None:
            from linter.resultcache import ResultCache

            cache = ResultCache(means.cache, tasks, means.limits)
            stack.callback(cache.close)
        under_way: deque[Iterator[tuple[FileResult, int]]] = deque()
        for batch in _batches(files):
            under_way.append(_begin(batch, tasks, pool, cache))
            if pool is None or len(under_way) > 2 * means.jobs:
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
    batch: Sequence[Numbered], tasks: Sequence[Task], pool: "Pool | None", cache: "ResultCache | None"
) -> Iterator[tuple[FileResult, int]]:
    """The results of a batch; work on it has begun, if other processes do it."""
    number = batch[0][1]
    ready: list[FileResult | None] = []  # None where the file is being checked
    keys: list[bytes] = []
    waiting: list[Source] = []
    for source, _ in batch:
        try:
            data = source.load()
        except Exception:  # said as for every file
            ready.append(check_source(source, tasks[number]))
            continue
        key = cache.key(number, source.path, data) if cache else b""
        ready.append(cache.get(key) if cache else None)
        if ready[-1] is None:
            keys.append(key)
            waiting.append(loaded(source.path, data))
    # A process that got a batch without files would send nothing, and be waited for.
    made = pool.submit(number, waiting) if pool and waiting else check(waiting, tasks[number])
    return ((result, number) for result in _merge(ready, _kept(made, keys, cache)))


def _kept(results: Iterator[FileResult], keys: Sequence[bytes], cache: "ResultCache | None") -> Iterator[FileResult]:
    """The results, each kept under its key."""
    for result, key in zip(results, keys, strict=True):
        if cache:
            cache.put(key, result)
        yield result


def _merge(ready: Iterable[FileResult | None], made: Iterator[FileResult]) -> Iterator[FileResult]:
    """The results that are ready, with those that are made where there is none."""
    for result in ready:
        yield next(made) if result is None else result
