"""Tables as Parquet files, by pyarrow: an extra, for it is larger than all else together and few need it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, Literal, NamedTuple

from linter.errors import Phrase, UsageError
from linter.spreadsheet import Value

GROUP = 500_000
"""Cells that are kept before they are written: a row group of the file has no more."""


class Field(NamedTuple):
    """A column: its name, and what all its values are."""

    name: str
    kind: Literal["text", "count", "number"] = "text"


def require() -> None:
    """Raises UsageError where pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401 - whether it can be
    except ImportError:
        raise UsageError(
            Phrase(
                zh="写 parquet 需要 pyarrow，请先运行：pip install 'nianbao-lint[parquet]'",
                en="parquet needs pyarrow; install it with: pip install 'nianbao-lint[parquet]'",
            )
        ) from None


def write_parquet(file: BinaryIO, fields: Sequence[Field], rows: Iterable[Sequence[Value]]) -> None:
    """Writes the rows, group by group; a value that is not there is null."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    kinds = {"text": pyarrow.string(), "count": pyarrow.int32(), "number": pyarrow.float64()}
    schema = pyarrow.schema([(field.name, kinds[field.kind]) for field in fields])
    with ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(rows, max(1, GROUP // len(fields))):
            columns = [
                pyarrow.array([_value(row[index], field.kind) for row in group], kinds[field.kind])
                for index, field in enumerate(fields)
            ]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))


def _groups(rows: Iterable[Sequence[Value]], size: int) -> Iterator[list[Sequence[Value]]]:
    waiting = iter(rows)
    while group := list(islice(waiting, size)):
        yield group


def _value(value: Value, kind: str) -> Value:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # Parquet's text is UTF-8, which half a surrogate pair is not
    return float(value) if kind == "number" and value is not None else value
