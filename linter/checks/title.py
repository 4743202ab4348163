"""`title`: the title of the report."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from linter.check import Finding, Unchecked
from linter.errors import Phrase
from linter.report import Report


class TitleCheck(NamedTuple):
    """The report has a title, and the title names what it must."""

    names: tuple[Literal["agency", "year"], ...]

    def placeholders(self) -> frozenset[str]:
        """What is wrong, and the title as printed."""
        return frozenset({"problem", "title"})

    def run(self, report: Report) -> Iterator[Finding | Unchecked]:
        """A finding at the title, or where it belongs."""
        title = report.title
        if title is None:
            problem = Phrase(zh="没有标题", en="there is no title")
            yield Finding(at=report.start, values={"problem": problem, "title": ""})
            return
        parts = {"agency": title.agency, "year": title.year}
        missing = [name for name in self.names if not parts[name]]
        if missing:
            labels = "和".join({"agency": "机关名称", "year": "年份"}[name] for name in missing)
            problem = Phrase(
                zh=f"标题“{title.text}”没有{labels}",
                en=f"the title '{title.text}' lacks the {' and the '.join(missing)}",
            )
            yield Finding(at=title.at, values={"problem": problem, "title": title.text})
