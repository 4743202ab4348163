"""Several outputs of one run: each result goes to all of them as it comes."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import tee
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple, TextIO

from linter.diagnostic import FileResult
from linter.errors import unwritable
from linter.formatters import Context, Formatter

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


EXTRACTS = {"json": ".json", "csv": ".csv", "xlsx": ".xlsx", "parquet": ".parquet"}
"""Name of `extract --format` → the suffix that stands for it in `--output`."""


class Output(NamedTuple):
    """One output of a run."""

    format: str  # a key of FORMATTERS
    path: str | None  # None for standard output
    mode: Literal["w", "a"] = "w"


def open_output(output: Output) -> TextIO:
    """The output's file, to write to. Raises UsageError."""
    try:
        return open(output.path or "", output.mode, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise unwritable(str(output.path), error) from None


class _File(io.FileIO):
    """A file that says so in one line where it does not take what is written."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """Writes the data. Raises UsageError."""
        try:
            return super().write(data)
        except OSError as error:
            raise unwritable(str(self.name), error) from None


def open_binary(path: str) -> BinaryIO:
    """The file, to write bytes to. Raises UsageError, also where it does not take what is written later."""
    try:
        return io.BufferedWriter(_File(path, "wb"))
    except OSError as error:
        raise unwritable(path, error) from None


def spread(results: Iterable[FileResult], outputs: Sequence[tuple[Formatter, Context]]) -> Iterator[tuple[int, str]]:
    """(index of the output, its next piece), the output that has seen the fewest results next.

    So no more results are kept than an output holds back itself: one that sorts the whole run makes all be kept.
    """
    taken = [0] * len(outputs)

    def counted(index: int, copy: Iterable[FileResult]) -> Iterator[FileResult]:
        for result in copy:
            taken[index] += 1
            yield result

    copies = enumerate(tee(results, len(outputs)))
    pieces = {index: outputs[index][0](counted(index, copy), outputs[index][1]) for index, copy in copies}
    while pieces:
        index = min(pieces, key=taken.__getitem__)
        piece = next(pieces[index], None)
        if piece is None:
            del pieces[index]
        else:
            yield index, piece
