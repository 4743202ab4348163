"""The command `extract`: the figures of files and folders, written as JSON, CSV, XLSX or Parquet.

As `checking`, it touches the standard streams.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from linter import collector, tabulation
from linter.checking import Job, check_files, refuse_taken, survey_of, terminal
from linter.diagnostic import FileResult, Wanted
from linter.errors import Phrase, UsageError
from linter.outputs import EXTRACTS, open_binary
from linter.parquet import Field, require, write_parquet
from linter.plan import Plan, Terms
from linter.progress import Progress
from linter.spreadsheet import Column, Sheet, Value, csv_pieces, write_csv, write_xlsx
from linter.status import Tally
from linter.template import Template

BINARY = frozenset({"xlsx", "parquet"})

_WIDTHS = {"path": 32, "agency": 28, "title": 44, "address": 36, "row_label": 36, "column_label": 16, "where": 28}


def run(options: argparse.Namespace, plan: Plan, lang: str) -> int:
    """Extracts the figures of what the options name; the exit status."""
    form = _format(options)
    written = (options.output,) if options.output else ()
    refuse_taken(options.paths, written)
    tally = Tally()
    with Progress(terminal(options), lang) as progress:
        job = Job(options, plan, lang, tally, written, Wanted(figures=True), reads_only=True)
        survey = survey_of(job)
        templates = _templates(survey.terms)
        collector.start()
        read = _readable(progress.watch(tally.watch(check_files(job, survey)), survey.files), progress, lang)
        if form == "json":
            single = len(options.paths) == 1 and not os.path.isdir(options.paths[0])
            _write_text(options.output, tabulation.json_one(read) if single else tabulation.json_many(read), progress)
        else:
            fields = tabulation.wide_fields(templates) if options.wide else list(tabulation.LONG)
            rows = (tabulation.wide_rows if options.wide else tabulation.long_rows)(read, templates)
            _write_table(form, options.output, fields, rows, templates, progress, lang)
    return tally.status


def _format(options: argparse.Namespace) -> str:
    """The format asked for, else the one that the output's suffix stands for. Raises UsageError where it cannot be."""
    suffix = os.path.splitext(options.output or "")[1].lower()
    form: str = options.format or next((name for name in EXTRACTS if EXTRACTS[name] == suffix), "json")
    if form in BINARY and not options.output:
        raise UsageError(
            Phrase(
                zh=f"{form} 不是文字，不能写到标准输出：请用 --output 文件{EXTRACTS[form]}",
                en=f"{form} is not text and cannot go to standard output: use --output FILE{EXTRACTS[form]}",
            )
        )
    if form == "json" and options.wide:
        raise UsageError(
            Phrase(
                zh="--wide 用于 csv、xlsx、parquet：JSON 总是一份年报一个对象",
                en="--wide is for csv, xlsx and parquet: in JSON every report is an object",
            )
        )
    if form == "parquet":
        require()
    return form


def _templates(terms: Iterable[Terms]) -> list[Template]:
    """The templates of all files, oldest first; a folder's configuration may bring its own."""
    found: list[Template] = []
    for each in terms:
        found += [template for template in each.every.templates if template not in found]
    return found


def _readable(results: Iterable[FileResult], progress: Progress, lang: str) -> Iterator[FileResult]:
    """The results of files that could be read; the others are named."""
    for result in results:
        if result.failed:
            progress.write(sys.stderr, f"{result.path}: {result.diagnostics[0].message}\n")
            continue
        if not result.figures:
            said = Phrase(zh="没有认出表格，没有数可以提取", en="no table was recognised, no figure extracted")
            progress.write(sys.stderr, f"{result.path}: {said.say(lang)}\n")
        yield result


def _write_text(path: str | None, pieces: Iterable[str], progress: Progress) -> None:
    if path is None:
        for piece in pieces:
            progress.write(sys.stdout, piece)
        return
    with open_binary(path) as file:
        file.writelines(piece.encode("utf-8", "backslashreplace") for piece in pieces)


def _write_table(  # noqa: PLR0913, PLR0917 - what a table is, and where it goes
    form: str,
    path: str | None,
    fields: Sequence[Field],
    rows: Iterable[Sequence[Value]],
    templates: Sequence[Template],
    progress: Progress,
    lang: str,
) -> None:
    names = [field.name for field in fields]
    if path is None:
        _write_text(None, csv_pieces(names, rows), progress)
        return
    with open_binary(path) as file:
        if form == "csv":
            write_csv(file, names, rows)
        elif form == "parquet":
            write_parquet(file, fields, rows)
        else:
            write_xlsx(file, _sheets(names, rows, templates, lang))


def _sheets(
    names: Sequence[str], rows: Iterable[Sequence[Value]], templates: Sequence[Template], lang: str
) -> Iterator[Sheet]:
    """The figures, and what each address stands for."""
    titles = Phrase(zh="数据 地址说明", en="figures addresses").say(lang).split()
    legend = ("address", "table", "row_label", "column_label")
    yield Sheet(titles[0], [Column(name, _WIDTHS.get(name, 12)) for name in names], rows)
    yield Sheet(titles[1], [Column(name, _WIDTHS.get(name, 12)) for name in legend], tabulation.legend(templates))
