"""The inputs: different, seeded reports of every format, rendered from figures by the renderers of the tests."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from random import Random
from typing import NamedTuple

from formats import html, markdown, members, packed, pdf, word_filler, word_html
from layouts import LAYOUTS, Prose, figures_for, render
from wording import ASPECTS, COUNTIES, MISPRINTS, OFFICES, OTHER, PROBLEMS, REMEDIES

from linter.ruleset import load_rules
from linter.template import Template

TEXT_BYTES, PAGE_BYTES = 6_000, 15_000
"""The size that text reports and clean pages are filled up to with sentences; what is wide by itself is larger."""

YEARS = {"2019": (2019, 2020), "2021": (2021, 2022, 2023, 2024)}
"""Edition → the years whose reports must follow it."""

RENDERED_FOR = "青川县水务局"
"""The office in what the tests render."""

EACH, WRONG_FIGURE, MISPRINTED = 10, 3, 7
"""Of ten reports the fourth has a wrong total, and the eighth has two misprints."""


class Report(NamedTuple):
    """A file, and what it was made of."""

    path: Path
    edition: str
    year: int
    figures: Mapping[str, str]
    wrong: bool = False  # whether a total is
    layout: str = ""
    misprints: int = 0  # how often a pattern of MISPRINTS matches


class _Draft(NamedTuple):
    number: int
    template: Template
    year: int
    figures: dict[str, str]
    random: Random


class Inputs:
    """Folders of inputs, each made when it is first asked for. Equal numbers give equal bytes."""

    def __init__(self, folder: Path, reports: int) -> None:
        self._folder = folder
        self._reports = reports

    @cached_property
    def texts(self) -> list[Report]:
        """Text reports of about 6 KB, in every layout of plain text and both templates."""
        return self._made("texts", self._reports, _text)

    @cached_property
    def words(self) -> list[Report]:
        """A fifth as many Word files: by turns bare ones of python-docx and ones as office programs write them."""
        # Rendering one takes a second: so one is rendered for each template, and its figures are replaced.
        newest = {edition: years[-1:] for edition, years in YEARS.items()}
        fill = {
            (template.edition, layout): word_filler(template, *newest[template.edition], dress=layout == "dressed")
            for template in _templates()
            for layout in ("bare", "dressed")
        }

        def word(draft: _Draft, folder: Path) -> Report:
            # The tests' filler stores; Word compresses.
            layout = _by_pairs(draft, "bare", "dressed")
            data = packed(members(fill[draft.template.edition, layout](draft.figures)))
            return _written(folder / f"{draft.number:04}.docx", data, draft, layout)

        return self._made("words", max(4, self._reports // 5), word, newest)

    @cached_property
    def pages(self) -> list[Report]:
        """A fifth as many web pages: by turns clean ones of 15 KB and pasted ones of 300 KB."""
        return self._made("pages", max(4, self._reports // 5), _page)

    @cached_property
    def pdfs(self) -> list[Report]:
        """A twentieth as many PDF files."""
        return self._made("pdfs", max(2, self._reports // 20), _pdf)

    @cached_property
    def markdowns(self) -> list[Report]:
        """A few Markdown files."""
        return self._made("markdowns", 5, _markdown)

    def copies(self, count: int) -> Path:
        """A folder of `count` text reports: the different ones again and again, as links with names of their own."""
        folder = self._folder / f"copies-{count}"
        for number in range(count):
            part = folder / f"{number // 1000:03}"
            if number % 1000 == 0:
                part.mkdir(parents=True)
            (part / f"{number:06}.txt").hardlink_to(self.texts[number % len(self.texts)].path)
        return folder

    def _made(
        self,
        name: str,
        count: int,
        make: Callable[[_Draft, Path], Report],
        years: Mapping[str, tuple[int, ...]] = YEARS,
    ) -> list[Report]:
        folder = self._folder / name
        folder.mkdir(parents=True)
        return [make(draft, folder) for draft in _drafts(count, years)]


def _templates() -> tuple[Template, ...]:
    return load_rules().templates


def _drafts(count: int, years: Mapping[str, tuple[int, ...]]) -> Iterator[_Draft]:
    templates = _templates()
    for number in range(count):
        template = templates[number % len(templates)]
        random = Random(number)  # noqa: S311 - chooses sentences, no secrets
        figures = figures_for(template, seed=number)
        if number % EACH == WRONG_FIGURE:
            figures["requests.received.total"] = str(int(figures["requests.received.total"]) + 1)
        yield _Draft(number, template, random.choice(years[template.edition]), figures, random)


def _written(path: Path, data: bytes, draft: _Draft, layout: str = "", misprints: int = 0) -> Report:
    path.write_bytes(data)
    wrong = draft.number % EACH == WRONG_FIGURE
    return Report(path, draft.template.edition, draft.year, draft.figures, wrong, layout, misprints)


def _text(draft: _Draft, folder: Path) -> Report:
    layout = list(LAYOUTS)[draft.number % len(LAYOUTS)]

    def rendered(prose: Prose) -> str:
        return render(draft.template, draft.year, draft.figures, layout, prose)

    text, misprints = _filled(draft, rendered, TEXT_BYTES)
    return _written(folder / f"{draft.number:04}.txt", text.encode(), draft, layout, misprints)


def _page(draft: _Draft, folder: Path) -> Report:
    layout = _by_pairs(draft, "clean", "pasted")
    to_page, charset = (word_html, "gb18030") if layout == "pasted" else (html, "utf-8")

    def rendered(prose: Prose) -> str:
        return to_page(draft.template, draft.year, draft.figures, prose).decode(charset)

    text, misprints = _filled(draft, rendered, PAGE_BYTES)
    return _written(folder / f"{draft.number:04}.html", text.encode(charset), draft, layout, misprints)


def _by_pairs(draft: _Draft, one: str, other: str) -> str:
    """One layout or the other, so that there are files of both templates in each."""
    return other if draft.number // 2 % 2 == 1 else one


def _pdf(draft: _Draft, folder: Path) -> Report:
    prose, misprints = _prose(draft.random, draft.number, 0)
    data = pdf(draft.template, draft.year, draft.figures, prose)
    return _written(folder / f"{draft.number:04}.pdf", data, draft, misprints=misprints)


def _markdown(draft: _Draft, folder: Path) -> Report:
    data = markdown(draft.template, draft.year, draft.figures)
    return _written(folder / f"{draft.number:04}.md", data, draft)


def _filled(draft: _Draft, rendered: Callable[[Prose], str], size: int) -> tuple[str, int]:
    """(the report with sentences up to about `size` bytes and an office of its own, how many misprints it has)."""
    text = rendered({})
    prose, misprints = _prose(draft.random, draft.number, size - len(text.encode()))
    agency = draft.random.choice(COUNTIES) + draft.random.choice(OFFICES)
    return rendered(prose).replace(RENDERED_FOR, agency), misprints


def _prose(random: Random, number: int, room: int) -> tuple[Prose, int]:
    """(paragraphs of about `room` bytes, at least a sentence on each aspect; how many misprints they have)."""
    problems = [random.choice(PROBLEMS), random.choice(REMEDIES)]
    other = [random.choice(OTHER)]
    left = {aspect: random.sample(sentences, len(sentences)) for aspect, sentences in ASPECTS.items()}
    said = {aspect: [sentences.pop()] for aspect, sentences in left.items()}
    rest = [(aspect, sentence) for aspect, sentences in left.items() for sentence in sentences]
    room -= sum(len(text.encode()) for texts in (problems, other, *said.values()) for text in texts) + 150  # headings
    for aspect, sentence in random.sample(rest, len(rest)):
        if room <= 0:
            break
        said[aspect].append(sentence)
        room -= len(sentence.encode())
    misprints = random.sample(MISPRINTS, 2) if number % EACH == MISPRINTED else []
    for misprint in misprints:
        said[random.choice(list(said))].append(misprint.sentence)
    overview = [
        text
        for numeral, (aspect, sentences) in zip("一二三四五", said.items(), strict=True)
        for text in (
            f"（{numeral}）{aspect}。",
            "".join(sentence.format(random.randint(2, 240)) for sentence in sentences),
        )
    ]
    return {"overview": overview, "problems": problems, "other": other}, len(misprints)
