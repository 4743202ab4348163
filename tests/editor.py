"""An editor for the tests of `nianbao lsp`: a client that runs the server as a process of its own."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

WAIT = 60.0
"""Seconds for what the server does unasked; it takes a fraction of one."""

COMMAND = (sys.executable, "-m", "linter", "lsp", "--stdio")


class Editor(LanguageClient):
    """Keeps what it was told last of each file, and what it was sent to log."""

    def __init__(self, folder: Path) -> None:
        super().__init__("editor", "1")
        self.folder = folder
        self.told: dict[str, list[types.Diagnostic]] = {}
        self.count = 0  # how often it was told something
        self.logged: list[str] = []
        self.watched: list[str] = []
        self.encoding: str | None = None
        self.status: int | None = None
        self._news = asyncio.Event()
        self._version = 0

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.told[params.uri] = list(params.diagnostics)
            self.count += 1
            self._news.set()

        @self.feature(types.WINDOW_LOG_MESSAGE)
        def log(params: types.LogMessageParams) -> None:
            self.logged.append(params.message)

        @self.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            for registration in params.registrations:
                self.watched += [watcher["globPattern"] for watcher in registration.register_options["watchers"]]

    async def server_exit(self, server: asyncio.subprocess.Process) -> None:
        """Notes the exit status."""
        self.status = server.returncode

    def uri(self, file: str) -> str:
        """The URI of a file of the folder; what is one already stays."""
        return file if ":" in file else (self.folder / file).as_uri()

    async def until_told(self, file: str) -> list[types.Diagnostic]:
        """What the server says of a file, once it does."""
        while self.uri(file) not in self.told:
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), WAIT)
        return self.told[self.uri(file)]

    def open(self, file: str, text: str, language: str = "plaintext") -> None:
        """Opens a file whose buffer holds `text`."""
        self._version += 1
        self.told.pop(self.uri(file), None)
        item = types.TextDocumentItem(self.uri(file), language, self._version, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))

    async def opened(self, file: str, text: str, language: str = "plaintext") -> list[types.Diagnostic]:
        """What is said of a file that is opened."""
        self.open(file, text, language)
        return await self.until_told(file)

    def type(self, file: str, text: str) -> None:
        """Changes the buffer to `text`."""
        self._version += 1
        self.told.pop(self.uri(file), None)
        document = types.VersionedTextDocumentIdentifier(self._version, self.uri(file))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    async def typed(self, file: str, text: str) -> list[types.Diagnostic]:
        """What is said of a file once its buffer is changed."""
        self.type(file, text)
        return await self.until_told(file)

    def close(self, file: str) -> None:
        """Closes a file."""
        self.told.pop(self.uri(file), None)
        self.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri(file))))

    def write(self, file: str, text: str | None) -> None:
        """Writes a file of the folder beside the server's back, or deletes it; the client notices."""
        if text is None:
            (self.folder / file).unlink()
        else:
            (self.folder / file).parent.mkdir(exist_ok=True)
            (self.folder / file).write_text(text, encoding="utf-8")
        self.told.clear()
        changes = [types.FileEvent(self.uri(file), types.FileChangeType.Changed)]
        self.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes))

    async def actions(self, file: str, at: types.Range, only: list[str] | None = None) -> list[types.CodeAction]:
        """The code actions at a place."""
        context = types.CodeActionContext([], only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(self.uri(file)), at, context)
        found = await self.text_document_code_action_async(params) or []
        return [action for action in found if isinstance(action, types.CodeAction)]

    async def hover(self, file: str, at: types.Position) -> types.Hover | None:
        """What is shown at a place."""
        return await self.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(self.uri(file)), at))

    async def symbols(self, file: str) -> Sequence[Any]:
        """The outline."""
        params = types.DocumentSymbolParams(types.TextDocumentIdentifier(self.uri(file)))
        return await self.text_document_document_symbol_async(params) or []


def edit(
    folder: Path,
    scenario: Callable[[Editor], Awaitable[None]],
    *,
    command: Sequence[str] = COMMAND,
    encodings: Sequence[str] | None = None,
    options: Any = None,
    farewell: bool = True,
) -> Editor:
    """The editor, after it has played the scenario in the folder and, with a farewell, ended the server in order."""

    async def play() -> Editor:
        editor = Editor(folder)
        await editor.start_io(*command, cwd=folder)
        watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
        capabilities = types.ClientCapabilities(
            workspace=types.WorkspaceClientCapabilities(did_change_watched_files=watching),
            general=types.GeneralClientCapabilities(position_encodings=encodings),
        )
        params = types.InitializeParams(capabilities, root_uri=folder.as_uri(), initialization_options=options)
        try:
            result = await editor.initialize_async(params)
            editor.encoding = result.capabilities.position_encoding
            editor.initialized(types.InitializedParams())
            await scenario(editor)
            if farewell:
                await editor.shutdown_async(None)
        finally:  # also where the scenario fails, so that no server is left behind
            editor.exit(None)
            await asyncio.wait_for(editor.stop(), WAIT)
        return editor

    return asyncio.run(play())
