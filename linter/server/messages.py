"""Diagnostics as the protocol has them, and what is said of a rule where one of them stands."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from lsprotocol import types

from linter.diagnostic import Diagnostic, Hint, Level, Related
from linter.errors import Mistake, NianbaoError, Phrase, RuleError
from linter.explanation import brief
from linter.server.analysis import Analysis, Note
from linter.server.coordinates import Coordinates, touch

SOURCE = "nianbao"

SEVERITIES = {
    Level.ERROR: types.DiagnosticSeverity.Error,
    Level.WARNING: types.DiagnosticSeverity.Warning,
    Level.INFO: types.DiagnosticSeverity.Information,
}


class Shown(NamedTuple):
    """A note as the client shows it."""

    note: Note
    diagnostic: types.Diagnostic


def shown(analysis: Analysis, places: Coordinates, uri: str) -> tuple[Shown, ...]:
    """The notes of a draft."""
    return tuple(Shown(note, _diagnostic(note, places, uri, analysis.lang)) for note in analysis.notes)


def _diagnostic(note: Note, places: Coordinates, uri: str, lang: str) -> types.Diagnostic:
    said = note.said
    if isinstance(said, Diagnostic):
        made = finding(said, places, uri, lang)
    else:
        reason = Phrase(zh="未能检查：", en="not checked: ").say(lang) + said.reason
        made = types.Diagnostic(
            places.range(note.at), _with_hint(reason, said.hint, lang), code=said.rule, source=SOURCE
        )
    if note.quiet:
        made.severity = types.DiagnosticSeverity.Hint
    return made


def finding(diagnostic: Diagnostic, places: Coordinates, uri: str, lang: str) -> types.Diagnostic:
    """What a rule finds, with the places in the same file that belong to it."""
    return types.Diagnostic(
        range=places.range(diagnostic.at),
        severity=SEVERITIES[diagnostic.level],
        code=diagnostic.rule,
        source=SOURCE,
        message=_with_hint(diagnostic.message, diagnostic.hint, lang),
        related_information=[_related(place, places, uri) for place in diagnostic.related],
    )


def _with_hint(message: str, hint: Hint | None, lang: str) -> str:
    return f"{message}\n{Phrase(zh='提示：', en='hint: ').say(lang)}{hint.text}" if hint else message


def _related(place: Related, places: Coordinates, uri: str) -> types.DiagnosticRelatedInformation:
    location = types.Location(uri, places.range(place.at))
    return types.DiagnosticRelatedInformation(location, place.at.where or place.address or "")


def unusable(error: NianbaoError, lang: str, at: Callable[[Mistake], types.Location]) -> types.Diagnostic:
    """What a draft says that was not checked, as its configuration, rules or waivers are wrong."""
    message = Phrase(zh="没有检查这份报告：", en="this report was not checked: ").say(lang) + error.phrase.say(lang)
    mistakes = error.mistakes if isinstance(error, RuleError) else ()
    return types.Diagnostic(
        range=types.Range(types.Position(0, 0), types.Position(0, 0)),
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
        message=message,
        related_information=[
            types.DiagnosticRelatedInformation(at(mistake), mistake.phrase.say(lang)) for mistake in mistakes
        ],
    )


def mistaken(mistake: Mistake, range_: types.Range, lang: str) -> types.Diagnostic:
    """A mistake in a configuration, a rule or the waivers, in its own file."""
    return types.Diagnostic(
        range=range_,
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
        message=mistake.phrase.say(lang),
    )


def hover(notes: Sequence[Shown], position: types.Position, lang: str) -> types.Hover | None:
    """The rules of the notes at a position, explained; None where there are none."""
    found = [item for item in notes if touch(item.diagnostic.range, types.Range(position, position))]
    if not found:
        return None
    rules = {item.note.rule.id: brief(item.note.rule, lang) for item in found}
    text = "\n\n---\n\n".join(rules.values())
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), found[0].diagnostic.range)
