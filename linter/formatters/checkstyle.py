"""Checkstyle XML, which many build servers and editors read."""

import io
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from linter.diagnostic import FileResult
from linter.formatters import Context
from linter.identity import repository_path
from linter.xmltext import xml_text


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:  # noqa: ARG001 - all formatters' signature
    """A `file` for each file, also where nothing was found, with an `error` for each diagnostic."""
    out = io.StringIO()
    xml = XMLGenerator(out, encoding="utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("checkstyle", AttributesImpl({"version": "4.3"}))
    for result in results:
        xml.characters("\n ")
        xml.startElement("file", AttributesImpl({"name": xml_text(repository_path(result.path))}))
        for diagnostic in result.diagnostics:
            attributes = {
                "line": str(diagnostic.at.line),
                "column": str(diagnostic.at.column),
                "severity": diagnostic.level.value,
                "message": xml_text(diagnostic.message),
                "source": f"nianbao.{diagnostic.rule}",
            }
            xml.characters("\n  ")
            xml.startElement("error", AttributesImpl(attributes))
            xml.endElement("error")
        if result.diagnostics:
            xml.characters("\n ")
        xml.endElement("file")
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    xml.characters("\n")
    xml.endElement("checkstyle")
    xml.characters("\n")
    yield out.getvalue()
