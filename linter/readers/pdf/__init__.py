"""PDF: the text layer's characters and the ruled lines around them → paragraphs and tables.

pypdfium2 gives characters with their boxes and paths with their points (`pages`, `drawing`); what is a line, a cell, a
paragraph or a table over several pages is found from geometry alone (`lines`, `lattice`, `tables`, `layout`, `flow`).

pdfium follows a drawing that contains itself for ever, unpacks without limit, and cannot be interrupted. So one process
beside this one reads all PDF files: it can be stopped, and what makes pdfium fail does not make the run fail.
"""

import atexit
import os
import pickle
import subprocess
import sys
import traceback
from contextlib import suppress
from threading import Lock, Timer
from time import monotonic

from linter.document import Document, typeset
from linter.errors import Phrase, ReadError

MAX_SECONDS = 20.0
"""The longest time that one file may take; real reports take 0.05 s."""

MAX_MEMORY = 2_000_000_000
"""Bytes of address space that reading may take, where the system can limit it; real reports take 0.1 GB."""

GRACE = 1.0
"""Seconds after MAX_SECONDS in which the process that reads ends itself, if the one that asks is no longer there to."""

_Answer = Document | tuple[Phrase, Phrase] | str
"""The document; or what is wrong with the file and the remedy; or the traceback of a bug of ours."""

_SERVER = "import sys; sys.path.insert(0, sys.argv[1]); from linter.readers.pdf import serve; serve()"
# By the process that asks: a fork starts its own, and its lock is not held by a thread that it does not have.
_locks: dict[int, Lock] = {}
_servers: dict[int, subprocess.Popen[bytes]] = {}


def read(data: bytes, path: str) -> Document:
    """The PDF file `data` as paragraphs and tables, with their pages. Raises ReadError."""
    with _locks.setdefault(os.getpid(), Lock()):
        answer = _ask(data, path)
    if isinstance(answer, Document):
        return answer
    if isinstance(answer, str):
        raise RuntimeError(answer)  # noqa: TRY004  # no wrong type: a bug of ours
    raise ReadError(*answer)


def read_here(data: bytes, path: str) -> Document:
    """What `read` returns, read in this process: without its limits of time and memory. Raises ReadError."""
    # Here and not above: the process that only asks would pay 60 ms for pypdfium2.
    from linter.readers.pdf.flow import blocks
    from linter.readers.pdf.pages import sheets

    lines, placed = typeset(blocks(sheets(data)))
    if not placed:
        raise ReadError(
            Phrase(zh="PDF 没有文字层（可能是扫描件）", en="the PDF has no text layer; it seems to be scanned"),
            Phrase(zh="请先做文字识别（OCR），或用 Word 原件", en="run OCR on it, or use the original Word file"),
        )
    return Document(path=path, lines=lines, blocks=placed)


# The process that asks


def _ask(data: bytes, path: str) -> _Answer:
    server = _server()
    started = monotonic()
    timer = Timer(MAX_SECONDS, server.kill)
    timer.daemon = True
    timer.start()
    try:
        pickle.dump((data, path, MAX_SECONDS), server.stdin, pickle.HIGHEST_PROTOCOL)  # type: ignore[arg-type]  # a pipe, as asked for
        server.stdin.flush()  # type: ignore[union-attr]
        answer: _Answer = pickle.load(server.stdout)  # type: ignore[arg-type]  # noqa: S301  # our own process
    except (EOFError, OSError, pickle.UnpicklingError):
        _stop()
        return (
            Phrase(
                zh=f"PDF 结构异常：读取超过 {MAX_SECONDS:.0f} 秒、占用内存过多或使程序出错",
                en=f"the PDF is malformed: reading it takes over {MAX_SECONDS:.0f} s, too much memory, or fails",
            ),
            Phrase(zh="请用 Word 原件，或重新导出 PDF", en="use the original Word file, or export the PDF again"),
        )
    except BaseException:
        _stop()  # an answer that nobody waits for must not meet the next request
        raise
    finally:
        timer.cancel()
        if monotonic() - started > MAX_SECONDS - 0.1:
            _stop()  # it may be ending already: the next file must not be blamed for that
    return answer


def _server() -> subprocess.Popen[bytes]:
    server = _servers.get(os.getpid())
    if server is None or server.poll() is not None:
        _stop()
        root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
        # -P: no module is taken from the current folder, which may hold anything.
        command = [sys.executable, "-P", "-c", _SERVER, root]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        server = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing)  # noqa: S603  # our own program
        _servers[os.getpid()] = server
        atexit.register(_stop)
    return server


def _stop() -> None:
    atexit.unregister(_stop)
    server = _servers.pop(os.getpid(), None)
    if server:
        server.kill()
        with suppress(OSError), server:
            pass  # waits, and closes the pipes


# The process that reads


def serve() -> None:
    """Answer requests on standard input until it ends: (data, path, seconds that it may take) → _Answer."""
    _limit_memory()
    while True:
        try:
            data, path, seconds = pickle.load(sys.stdin.buffer)  # noqa: S301  # from our own process
        except EOFError:
            return
        _limit_time(seconds + GRACE)
        pickle.dump(_answer(data, path), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()
        _limit_time(0)


def _answer(data: bytes, path: str) -> _Answer:
    try:
        return read_here(data, path)
    except ReadError as error:
        return error.phrase, error.remedy
    except MemoryError:
        raise  # the file's fault: this process ends, as when pdfium finds no memory
    except Exception:
        return traceback.format_exc()


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _limit_time(seconds: float) -> None:
    """Ends this process after so many seconds from now, also in the midst of pdfium; 0 is never."""
    if sys.platform != "win32":
        import signal  # has no timers on Windows

        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
