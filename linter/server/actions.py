"""Quick fixes: what `--fix` would change, here or in the whole draft, and a comment that asks for an exception."""

from collections.abc import Iterator, Sequence

from lsprotocol import types

from linter.document import NOWHERE
from linter.edits import reader_of
from linter.errors import Phrase
from linter.server.analysis import Analysis, Note, Replacement
from linter.server.coordinates import Coordinates, touch
from linter.server.messages import Shown
from linter.suppression import unknown_rule_finding

FIX_ALL = "source.fixAll.nianbao"
KINDS = [types.CodeActionKind.QuickFix, FIX_ALL]

CORRECT = Phrase(zh="改正这一处", en="Correct this")
CORRECT_ALL = Phrase(zh="改正全文有把握的错误", en="Correct all that is certain in this file")
EXCEPT = Phrase(zh="用注释豁免，理由自己写", en="Except with a comment, the reason yours to write")


def actions(
    analysis: Analysis, notes: Sequence[Shown], places: Coordinates, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    """What can be done at a place, of the kinds that are asked for."""
    uri, lang, only = params.text_document.uri, analysis.lang, params.context.only

    def action(title: Phrase, kind: str, changes: Sequence[Replacement], about: Shown | None) -> types.CodeAction:
        edits = [types.TextEdit(places.span(start, end), text) for start, end, text in changes]
        return types.CodeAction(
            title=f"{title.say(lang)} [{about.note.rule.id}]" if about else title.say(lang),
            kind=kind,
            diagnostics=[about.diagnostic] if about else None,
            edit=types.WorkspaceEdit(changes={uri: edits}),
        )

    if _asked(types.CodeActionKind.QuickFix, only):
        here = [item for item in notes if touch(item.diagnostic.range, params.range)]
        for item in here:
            if changes := analysis.correction(item.note):
                fixing = action(CORRECT, types.CodeActionKind.QuickFix, changes, item)
                fixing.is_preferred = True
                yield fixing
        for item in here:
            if (comment := _comment(analysis, item.note, places)) is not None:
                yield action(EXCEPT, types.CodeActionKind.QuickFix, [comment], item)
    if _asked(FIX_ALL, only) and analysis.corrections:
        yield action(CORRECT_ALL, FIX_ALL, analysis.corrections, None)


def _asked(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a kind of action is among those asked for, which stand for all kinds below them; none means all."""
    return only is None or any(kind == asked or kind.startswith(f"{asked}.") for asked in only)


def _comment(analysis: Analysis, note: Note, places: Coordinates) -> Replacement | None:
    """A comment above the line that excepts it; None for rules that allow no exception.

    It has no reason yet: the linter asks for one, and the exception does not hold before it is written.
    """
    if note.quiet or unknown_rule_finding(note.rule.id, NOWHERE, analysis.terms.every):
        return None
    start = places.offset(note.at.line, 1)
    text = f"nianbao: ignore {note.rule.id} "
    line = f"# {text}" if reader_of(analysis.path) == "text" else f"<!-- {text} -->"
    return Replacement(start, start, f"{line}\n")
