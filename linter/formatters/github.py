"""GitHub's workflow commands: an annotation for each diagnostic, the gravest first, as GitHub shows only ten a step."""

from collections.abc import Iterable, Iterator

from linter.diagnostic import Diagnostic, FileResult, Level
from linter.errors import Phrase
from linter.formatters import Context
from linter.identity import repository_path

COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(results: Iterable[FileResult], context: Context) -> Iterator[str]:
    """One line a diagnostic, by level, then by place. Nothing comes out before the last file is checked."""
    every = [diagnostic for result in results for diagnostic in result.diagnostics]
    for diagnostic in sorted(every, key=lambda diagnostic: (diagnostic.level.rank, diagnostic.order)):
        yield _command(diagnostic, context.lang)


def _command(diagnostic: Diagnostic, lang: str) -> str:
    at = diagnostic.at
    properties = {"file": repository_path(diagnostic.path), "line": at.line, "endLine": at.end_line}
    if at.line == at.end_line:  # GitHub takes columns only within one line
        properties |= {"col": at.column, "endColumn": at.end_column}
    properties["title"] = f"nianbao {diagnostic.rule}"
    listed = ",".join(f"{name}={str(value).translate(_PROPERTY)}" for name, value in properties.items())
    message = diagnostic.message
    if diagnostic.hint:
        message += "\n" + Phrase(zh=f"提示：{diagnostic.hint.text}", en=f"hint: {diagnostic.hint.text}").say(lang)
    return f"::{COMMANDS[diagnostic.level]} {listed}::{message.translate(_DATA)}\n"
