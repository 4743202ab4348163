"""A report: a document aligned with the templates, its sections found and its figures addressed.

`align` never complains and never repairs: what it could not read is in `unreadable`, and only rules make something of
it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from linter.alignment import Rows
from linter.dates import spans, years
from linter.diagnostic import TablePlace
from linter.document import NOWHERE, Block, Document, Heading, Paragraph, Position, Table, rows
from linter.figure import Figure
from linter.folding import SEPARATOR, fold
from linter.outline import Section, Title, find_title, outline
from linter.passage import Passage, prose
from linter.reading import read_table, run_together
from linter.tables import PrintedTable, Unreadable
from linter.template import Template


class Report(NamedTuple):
    document: Document
    template: Template  # the one for the report's year; the newest where the year is unknown
    templates: tuple[Template, ...]  # all, oldest first
    title: Title | None
    agency: str | None
    year: int | None
    preface: tuple[Block, ...]
    sections: tuple[Section, ...]  # in printed order
    tables: dict[str, PrintedTable]  # by key, in the template's order; only those that are there
    unreadable: tuple[Unreadable, ...]
    prose: tuple[Passage, ...]  # of the sections, in printed order
    folded: str  # all texts of title, prose and cells, each folded, with SEPARATOR between them

    @property
    def editions(self) -> dict[str, str | None]:
        """Each table's edition; None where the table is missing or is the same in all templates."""
        return {
            form.key: self.tables[form.key].edition if form.key in self.tables else None
            for form in self.template.tables
        }

    @property
    def figures(self) -> dict[str, Figure]:
        """All figures by address."""
        return {address: figure for table in self.tables.values() for address, figure in table.figures.items()}

    @property
    def recognised(self) -> bool:
        """Whether anything in the document looks like a report: a title, a section, or a table."""
        return bool(self.title or self.sections or self.tables or self.unreadable)

    @property
    def start(self) -> Position:
        """Where what is missing at the top belongs: the title, else the first block, else the first line."""
        first = self.title or next(iter(self.document.blocks), None)
        return first.at if first else NOWHERE

    @property
    def headings(self) -> Iterator[Position]:
        """Where the title and the sections' headings stand."""
        if self.title:
            yield self.title.at
        yield from (section.at for section in self.sections)

    @property
    def places(self) -> Iterator[TablePlace]:
        """Where each table of the template stands, and what was made of it."""
        for form in self.template.tables:
            unreadable = [item for item in self.unreadable if item.table == form.key]
            table = self.tables.get(form.key)
            if table is not None:
                forms = (self.template, *self.templates)
                edition = next(t.edition for t in forms if t.table(form.key) == table.form)
                at = self._whole(table.at)
                rows = tuple(item.row for item in unreadable)
                yield TablePlace(form.key, "read" if table.figures else "unreadable", edition, at, rows)
                continue
            section = self.section(form.section)
            heading = section.at if section else None
            state: Literal["unreadable", "missing"] = "unreadable" if unreadable else "missing"
            yield TablePlace(form.key, state, self.template.edition, unreadable[0].at if unreadable else heading)

    def _whole(self, at: Position) -> Position:
        """The place of a table's rows with what else, such as its header, stands in the same blocks."""
        blocks = [*self.preface, *(block for section in self.sections for block in section.blocks)]
        tables = [block.at for block in blocks if isinstance(block, Table)]
        whole = [at, *(table for table in tables if table.line <= at.end_line and at.line <= table.end_line)]
        return at._replace(line=min(place.line for place in whole), end_line=max(place.end_line for place in whole))

    def passages(self, sections: Iterable[str]) -> list[Passage]:
        """The paragraphs of the sections with these keys, in printed order."""
        wanted = set(sections)
        return [passage for passage in self.prose if passage.section.key in wanted]

    def section(self, key: str) -> Section | None:
        """The first section of that key."""
        return next((section for section in self.sections if section.key == key), None)


def align(document: Document, templates: Sequence[Template], year: int | None = None) -> Report:
    """The report that `document` holds, each table read in the edition that fits it. `templates`: oldest first.

    `year` is the report's, whatever the document says; None for what it says.
    """
    newest = templates[-1]
    parts = outline(document.blocks, newest.sections)
    title = find_title(parts.preface)
    year = year or (title.year if title else None) or _year(parts.preface, parts.sections)
    covering = [template for template in templates if year is not None and template.covers(year)]
    template = covering[-1] if covering else newest  # of two for one year the newer: it replaces the other
    everything = [*parts.preface, *(block for section in parts.sections for block in section.blocks)]
    tables: dict[str, PrintedTable] = {}
    unreadable: list[Unreadable] = []
    for form in template.tables:
        editions = [t for t in (template, *(t for t in templates if t is not template)) if t.table(form.key)]
        forms = tuple((t.edition, found) for t in editions if (found := t.table(form.key)) is not None)
        blocks = [block for section in parts.sections if section.key == form.section for block in section.blocks]
        table = read_table(forms, _rows(blocks), lambda: _rows(everything))
        if table is not None:
            tables[form.key] = table
            unreadable.extend(table.unreadable)
        else:
            unreadable.extend(run_together(form, blocks))
    return Report(
        document=document,
        template=template,
        templates=tuple(templates),
        title=title,
        agency=title.agency or None if title else None,
        year=year,
        preface=parts.preface,
        sections=parts.sections,
        tables=tables,
        unreadable=tuple(unreadable),
        prose=tuple(prose(parts.sections)),
        folded=SEPARATOR.join(map(fold, _texts(title, everything))),
    )


def _rows(blocks: Iterable[Block]) -> Rows:
    """The rows of all tables among the blocks, as one list: a table that is cut in two reads as one."""
    return [row for block in blocks if isinstance(block, Table) for row in rows(block) if row]


def _texts(title: Title | None, blocks: Sequence[Block]) -> list[str]:
    """The texts of the title and of the blocks."""
    texts = [] if title is None else [title.text]
    for block in blocks:
        if isinstance(block, Table):
            texts += [cell.text for cell in block.cells]
        else:
            texts.append(block.text)
    return texts


def _year(preface: Sequence[Block], sections: Sequence[Section]) -> int | None:
    """The year of a report without one in its title: its period's, else the one that its first section names most."""
    first = sections[0].blocks if sections else ()
    texts = [fold(block.text) for block in (*preface, *first) if isinstance(block, Heading | Paragraph)]
    for text in texts:
        for span in spans(text):
            if span.first and span.last and span.first[0] == span.last[0] and span.last[1] - span.first[1] > 9:
                return span.last[0]
    named = Counter(year for text in texts for year in years(text))
    return max(named, key=lambda year: (named[year], year), default=None)
