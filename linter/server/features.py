"""What the server does at each of the client's messages."""

import traceback
from collections.abc import Callable
from datetime import date
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from linter import __version__
from linter.plan import Plan
from linter.server import actions, messages
from linter.server.session import Session
from linter.server.symbols import symbols

WATCHED = ("**/*.{yaml,yml}", "**/pyproject.toml")
"""Configurations, waivers and rules."""


class Server(LanguageServer):
    """The library's server; errors that no request waits for are logged, and no window is opened for them."""

    def report_server_error(self, error: Exception, source: type[Exception]) -> None:  # noqa: ARG002 - the library's
        """Has the client log an error."""
        text = "".join(traceback.format_exception(error))
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, text))


def make_server(make_plan: Callable[[], Plan], today: Callable[[], date], lang: str | None) -> tuple[Server, Session]:
    """The server and its session, ready to start."""
    # Whole texts are sent: reports are short, and the library would misplace edits behind a form feed or a U+2028.
    server = Server("nianbao", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
    session = Session(server, make_plan, today, lang)
    _life(server, session)
    _documents(server, session)
    _requests(server, session)
    return server, session


def _life(server: Server, session: Session) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        session.lang = _lang(params.initialization_options) or session.lang

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:  # noqa: ARG001
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = types.Registration(id="nianbao-files", method=method, register_options=options)
            server.client_register_capability(types.RegistrationParams([registration]))

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        session.lang = _lang(params.settings) or session.lang
        session.reload()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:  # noqa: ARG001
        session.reload_soon()

    @server.feature(types.SHUTDOWN)
    def shutdown(params: None) -> None:  # noqa: ARG001
        session.ended = True


def _lang(settings: Any) -> str | None:
    """The language in a client's settings, with or without the section `nianbao`; None where they name none."""
    if not isinstance(settings, dict):
        return None
    section = settings.get("nianbao")
    lang = (section if isinstance(section, dict) else settings).get("lang")
    return lang if lang in {"zh", "en"} else None


def _documents(server: Server, session: Session) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        session.check(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        session.check_soon(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:  # noqa: ARG001 - perhaps a configuration
        session.reload()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        session.close(params.text_document.uri)


def _requests(server: Server, session: Session) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        draft = session.draft(params.text_document.uri)
        if draft is None or draft.analysis is None:
            return None
        return messages.hover(draft.notes, params.position, draft.analysis.lang)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=actions.KINDS))
    def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        draft = session.draft(params.text_document.uri)
        if draft is None or draft.analysis is None:
            return []
        return list(actions.actions(draft.analysis, draft.notes, draft.places, params))

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def document_symbol(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        draft = session.draft(params.text_document.uri)
        if draft is None or draft.analysis is None or draft.analysis.report is None:
            return []
        return symbols(draft.analysis.report, draft.places)
