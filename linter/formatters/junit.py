"""JUnit XML: a suite for each file, a case for each diagnostic, and a skipped case for what could not be checked."""

import io
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from linter.diagnostic import Diagnostic, FileResult
from linter.errors import Phrase
from linter.formatters import Context
from linter.identity import repository_path
from linter.xmltext import xml_text


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:
    """A file in which nothing was found has one case that passes; below `fail_on`, a diagnostic is output of one."""
    out = io.StringIO()
    xml = XMLGenerator(out, encoding="utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("testsuites", AttributesImpl({"name": "nianbao-lint"}))
    for result in results:
        _suite(xml, result, context)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    xml.characters("\n")
    xml.endElement("testsuites")
    xml.characters("\n")
    yield out.getvalue()


def _suite(xml: XMLGenerator, result: FileResult, context: Context) -> None:
    failures = sum(_fails(diagnostic, context) for diagnostic in result.diagnostics)
    cases = len(result.diagnostics) + len(result.unchecked)
    counts = {
        "tests": cases or 1,
        "failures": 0 if result.failed else failures,
        "errors": failures if result.failed else 0,
        "skipped": len(result.unchecked),
    }
    path = xml_text(repository_path(result.path))
    _start(xml, "testsuite", 1, {"name": path} | {name: str(count) for name, count in counts.items()})
    for diagnostic in result.diagnostics:
        at = diagnostic.at
        where = {"name": f"{diagnostic.rule} {at.line}:{at.column}", "file": path, "line": str(at.line)}
        _start(xml, "testcase", 2, {"classname": path, **where})
        if _fails(diagnostic, context):
            what = {"message": xml_text(diagnostic.message), "type": diagnostic.level.value}
            _start(xml, "error" if result.failed else "failure", 3, what)
            xml.characters(xml_text(_said(diagnostic, context.lang)))
            xml.endElement("error" if result.failed else "failure")
        else:
            _start(xml, "system-out", 3, {})
            xml.characters(xml_text(_said(diagnostic, context.lang)))
            xml.endElement("system-out")
        _end(xml, "testcase", 2)
    for item in result.unchecked:
        _start(xml, "testcase", 2, {"classname": path, "name": f"{item.rule} {item.address or ''}".rstrip()})
        _start(xml, "skipped", 3, {"message": xml_text(item.reason)})
        xml.endElement("skipped")
        _end(xml, "testcase", 2)
    if not cases:
        _start(xml, "testcase", 2, {"classname": path, "name": "nianbao-lint"})
        xml.endElement("testcase")
    _end(xml, "testsuite", 1)


def _fails(diagnostic: Diagnostic, context: Context) -> bool:
    return diagnostic.level.rank <= context.fail_on.rank


def _said(diagnostic: Diagnostic, lang: str) -> str:
    at = diagnostic.at
    where = f" ({at.where})" if at.where else ""
    said = f"{diagnostic.path}:{at.line}:{at.column}: {diagnostic.level}: {diagnostic.message}{where}"
    if diagnostic.hint:
        said += "\n" + Phrase(zh=f"提示：{diagnostic.hint.text}", en=f"hint: {diagnostic.hint.text}").say(lang)
    return said


def _start(xml: XMLGenerator, name: str, depth: int, attributes: Mapping[str, str]) -> None:
    xml.characters("\n" + " " * depth)
    xml.startElement(name, AttributesImpl(attributes))


def _end(xml: XMLGenerator, name: str, depth: int) -> None:
    xml.characters("\n" + " " * depth)
    xml.endElement(name)
