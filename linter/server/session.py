"""What the server knows: the drafts that are open, what they are held against, and what the client was told."""

import asyncio
import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path, uri_scheme
from pygls.workspace import TextDocument

from linter.edits import SOURCES, reader_of
from linter.errors import Mistake, NianbaoError, RuleError
from linter.plan import Plan
from linter.server import messages
from linter.server.analysis import Analysis, Surroundings, waiver_result
from linter.server.coordinates import Coordinates
from linter.waivers import Waivers

DELAY = 0.3
"""Seconds without a keystroke after which a draft is checked."""

SUFFIXES = {"plaintext": ".txt", "markdown": ".md", "html": ".html"}
"""The protocol's name of a language → the suffix that a draft without a file is taken to have."""


class Draft(NamedTuple):
    """A version of an open draft, checked; without an analysis where that could not be done."""

    version: int | None
    places: Coordinates
    analysis: Analysis | None = None
    notes: tuple[messages.Shown, ...] = ()
    error: NianbaoError | None = None  # why there is no analysis


class Session:
    """One client's session."""

    def __init__(
        self, server: LanguageServer, make_plan: Callable[[], Plan], today: Callable[[], date], lang: str | None
    ) -> None:
        self.ended = False  # whether the client has asked for the end
        self.lang = lang  # as the client wants it; None for what the configuration says
        self._server, self._make_plan, self._today = server, make_plan, today
        self._around = Surroundings(make_plan(), today())
        self._drafts: dict[str, Draft] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._beside: set[str] = set()  # the other files that the client was told something of

    def check_soon(self, uri: str) -> None:
        """Checks a draft once its author rests."""
        self._later(uri, partial(self.check, uri))

    def reload_soon(self) -> None:
        """Reloads once the changes of files have come to rest."""
        self._later("", self.reload)

    def _later(self, key: str, act: Callable[[], None]) -> None:
        if key in self._waiting:
            self._waiting[key].cancel()
        self._waiting[key] = asyncio.get_running_loop().call_later(DELAY, self._guard, act)

    def _guard(self, act: Callable[[], None]) -> None:
        """Acts; an error is the client's to log, and the server goes on."""
        try:
            act()
        except Exception:
            self.log(traceback.format_exc())

    def log(self, message: str) -> None:
        """Has the client log an error."""
        self._server.window_log_message(types.LogMessageParams(types.MessageType.Error, message))

    def reload(self) -> None:
        """Reads configurations, rules and waivers anew, and checks every open draft by them."""
        self._around = Surroundings(self._make_plan(), self._today())
        for uri in list(self._drafts):
            self._guard(partial(self._check, uri))
        self._tell_beside()

    def check(self, uri: str) -> None:
        """Checks a draft and tells the client; does nothing with other documents."""
        if waiting := self._waiting.pop(uri, None):
            waiting.cancel()
        self._check(uri)
        self._tell_beside()

    def _check(self, uri: str) -> None:
        document = self._server.workspace.get_text_document(uri)
        path = draft_path(document, self._server.workspace.root_path)
        if path is None:
            return
        places = self._coordinates(document.source)
        draft = Draft(document.version, places)
        try:
            analysis = Analysis(path, document.source, self._around, self.lang)
            draft = draft._replace(analysis=analysis, notes=messages.shown(analysis, places, uri))
            if analysis.result.bug:
                self.log(f"{path}: {analysis.result.diagnostics[0].message}")
            told = [note.diagnostic for note in draft.notes]
        except NianbaoError as error:
            draft = draft._replace(error=error)
            told = [messages.unusable(error, self._lang, self._location)]
        self._drafts[uri] = draft
        self._publish(uri, told, document.version)

    def close(self, uri: str) -> None:
        """Forgets a draft, and what was said of it."""
        if waiting := self._waiting.pop(uri, None):
            waiting.cancel()
        if self._drafts.pop(uri, None) is not None:
            self._publish(uri, [])
            self._tell_beside()

    def draft(self, uri: str) -> Draft | None:
        """An open draft as its text now stands; None for a document that is no draft."""
        if uri in self._drafts and self._drafts[uri].version != self._server.workspace.get_text_document(uri).version:
            self.check(uri)
        return self._drafts.get(uri)

    @property
    def _lang(self) -> str:
        return self.lang or "zh"

    def _tell_beside(self) -> None:
        """Tells the client of the mistakes in configurations, rules and waivers, and that those of before are gone."""
        found: dict[str, list[types.Diagnostic]] = {}
        for path, diagnostic in [*self._mistakes(), *self._waivers()]:
            uri = from_fs_path(path) or ""
            if diagnostic not in found.setdefault(uri, []):
                found[uri].append(diagnostic)
        for uri in self._beside - found.keys():
            self._publish(uri, [])
        for uri, diagnostics in found.items():
            self._publish(uri, diagnostics)
        self._beside = set(found)

    def _mistakes(self) -> Iterator[tuple[str, types.Diagnostic]]:
        for draft in self._drafts.values():
            for mistake in draft.error.mistakes if isinstance(draft.error, RuleError) else ():
                location = self._location(mistake)
                yield os.path.abspath(mistake.path), messages.mistaken(mistake, location.range, self._lang)

    def _waivers(self) -> Iterator[tuple[str, types.Diagnostic]]:
        analyses = [draft.analysis for draft in self._drafts.values() if draft.analysis]
        files: Mapping[str, Waivers] = {a.waivers.path: a.waivers for a in analyses if a.waivers}
        for path, waivers in files.items():
            concerned = [analysis for analysis in analyses if analysis.waivers is waivers]
            result = waiver_result(concerned, waivers, self._around) if concerned else None
            for diagnostic in result.diagnostics if result else ():
                places = self._coordinates(_text_of(path))
                yield path, messages.finding(diagnostic, places, from_fs_path(path) or "", concerned[0].lang)

    def _location(self, mistake: Mistake) -> types.Location:
        path = os.path.abspath(mistake.path)
        range_ = self._coordinates(_text_of(path)).rest_of_line(mistake.line, mistake.column)
        return types.Location(from_fs_path(path) or "", range_)

    def _coordinates(self, text: str) -> Coordinates:
        return Coordinates(text, self._server.workspace.position_codec.client_num_units)

    def _publish(self, uri: str, diagnostics: list[types.Diagnostic], version: int | None = None) -> None:
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))


def draft_path(document: TextDocument, root: str | None) -> str | None:
    """The path that a document is checked as; None for what is no draft in a format with lines.

    One that was never saved is taken to lie in the workspace, in the format of its language.
    """
    scheme = uri_scheme(document.uri)
    if scheme == "untitled" and document.language_id in SUFFIXES:
        return os.path.join(root or os.getcwd(), f"untitled{SUFFIXES[document.language_id]}")
    path = to_fs_path(document.uri) if scheme == "file" else None
    return path if path and reader_of(path) in SOURCES else None


def _text_of(path: str) -> str:
    """The text of a configuration, as far as there is one; its places are counted in characters."""
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            return file.read()
    except OSError:  # the mistake may be that it cannot be read
        return ""
