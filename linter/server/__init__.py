"""The language server: what `nianbao check` says, while a draft is typed. Imported by `nianbao lsp` alone."""

import gc
from collections.abc import Callable
from datetime import date
from typing import BinaryIO

from linter.errors import Phrase, UsageError
from linter.plan import Plan

NEEDS_EXTRA = Phrase(
    zh="nianbao lsp 需要 pygls，请安装：pip install 'nianbao-lint[lsp]'",
    en="nianbao lsp needs pygls; install it with: pip install 'nianbao-lint[lsp]'",
)


def serve(
    make_plan: Callable[[], Plan], today: Callable[[], date], lang: str | None, streams: tuple[BinaryIO, BinaryIO]
) -> bool:
    """Serves one client until it leaves; whether it took leave properly.

    `make_plan` is called again whenever a configuration or a rule has changed; `lang` is for a client that names none.
    `streams` are read and written; the second is closed. Raises UsageError without pygls.
    """
    try:
        from linter.server.features import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"pygls", "lsprotocol"}:
            raise
        raise UsageError(NEEDS_EXTRA) from None
    gc.enable()  # which a run that ends soon can do without
    server, session = make_server(make_plan, today, lang)
    server.start_io(*streams)
    return session.ended
