"""Old Word formats → .docx, by LibreOffice without a window, where it is installed.

Each start has a private profile and folder that are removed with it: no macro runs, no link is followed, nothing is
fetched, and the user's own LibreOffice may be open. What has been converted is kept by its content between runs.
"""

import os
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from glob import glob
from hashlib import sha256
from itertools import chain
from pathlib import Path
from shutil import which
from typing import NamedTuple

from linter.cachefolder import cache_folder, write_whole
from linter.errors import Phrase, ReadError

TIME_LIMIT = 60
"""Seconds for one start of LibreOffice; it takes 1.3, and real reports some 0.1 each."""

MEMORY_LIMIT = 3_000_000_000
"""Bytes of address space that a process of LibreOffice may take (Linux); a real report needs less than 1.5e9."""

MAX_OUTPUT = 100_000_000
"""The largest file that a conversion may leave, in bytes."""

MAX_KEPT = 1000
"""How many converted files are kept between runs, of some 15 KB each."""

PLACES = (
    "/opt/libreoffice*/program/soffice",
    "/usr/lib*/libreoffice/program/soffice",
    "/usr/local/bin/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files*/LibreOffice/program/soffice.com",  # soffice.exe does not wait for its end
)
"""Where LibreOffice is looked for if it is not in PATH."""

_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_PROXY = "/org.openoffice.Inet/Settings"
_SETTINGS = (
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),  # never
    ("/org.openoffice.Office.Writer/Content/Update", "Field", "false"),
    # The pictures of a .doc are fetched all the same: so the proxy, for all addresses, is a port where nobody listens.
    (_PROXY, "ooInetProxyType", "2"),
    (_PROXY, "ooInetNoProxy", ""),
    *((_PROXY, f"ooInet{scheme}ProxyName", "127.0.0.1") for scheme in ("HTTP", "HTTPS", "FTP")),
    *((_PROXY, f"ooInet{scheme}ProxyPort", "9") for scheme in ("HTTP", "HTTPS", "FTP")),
)
"""(node, property, value) of LibreOffice's registry."""

_SAVE_AS_DOCX = Phrase(
    zh="请用 Word 或 WPS 打开，取消密码，另存为 .docx；如果这类文件都不能转换，请检查 LibreOffice 是否装有 Writer",
    en="open it in Word or WPS, remove any password, save it as .docx; if no such file can be converted, "
    "see whether LibreOffice has its Writer",
)
_DIGEST = sha256().digest_size


class Input(NamedTuple):
    """A file to convert; LibreOffice goes by the content first, then by the suffix."""

    data: bytes
    suffix: str


def convert(source: Input) -> bytes:
    """The document as .docx. Raises ReadError where LibreOffice is missing, fails or takes too long."""
    soffice = find_soffice()
    if soffice is None:
        raise ReadError(
            Phrase(
                zh=f"读取这种文件（{source.suffix} 格式）需要 LibreOffice，没有找到它",
                en=f"a file of this kind ({source.suffix}) needs LibreOffice, which was not found",
            ),
            Phrase(
                zh="请安装 LibreOffice（libreoffice.org；Debian、Ubuntu：apt install libreoffice-writer），"
                "或用 Word、WPS 另存为 .docx",
                en="install LibreOffice (libreoffice.org; Debian, Ubuntu: apt install libreoffice-writer), "
                "or save the file as .docx",
            ),
        )
    (converted,) = _convert(soffice, [source])
    if isinstance(converted, ReadError):
        raise converted
    return converted


def convert_ahead(sources: Sequence[Input]) -> list[bytes]:
    """Each document as .docx, by one start of LibreOffice; as it was where that does not succeed."""
    soffice = find_soffice()
    if soffice is None:
        return [source.data for source in sources]
    return [
        source.data if isinstance(result, ReadError) else result
        for source, result in zip(sources, _convert(soffice, sources), strict=True)
    ]


def find_soffice() -> str | None:
    """The path of LibreOffice's program; never one in the working folder, which may hold strangers' files."""
    names = (which(name) for name in ("soffice", "libreoffice"))
    places = (path for pattern in PLACES for path in sorted(glob(pattern)))
    return next((path for path in chain(names, places) if path and os.path.isabs(path)), None)


def _convert(soffice: str, sources: Sequence[Input]) -> list[bytes | ReadError]:
    kept = [_kept_path(soffice, source) for source in sources]
    results: list[bytes | ReadError | None] = [_load(path) for path in kept]
    missing = [number for number, result in enumerate(results) if result is None]
    if missing:
        for number, result in zip(missing, _run(soffice, [sources[number] for number in missing]), strict=True):
            results[number] = result
            if isinstance(result, bytes):
                write_whole(kept[number], sha256(result).digest() + result)
        _prune(os.path.dirname(kept[0]))
    return [result for result in results if result is not None]


def _kept_path(soffice: str, source: Input) -> str:
    """Where the converted file is kept: named by all that it is made of."""
    program = os.path.realpath(soffice)
    version = os.stat(program)
    made_of = sha256(repr((program, version.st_size, version.st_mtime_ns, _SETTINGS, source.suffix)).encode())
    made_of.update(source.data)
    return os.path.join(cache_folder(), "converted", made_of.hexdigest())


def _load(path: str) -> bytes | None:
    """The converted file kept at `path`; None where there is none or it has been damaged."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return None
    return content[_DIGEST:] if sha256(content[_DIGEST:]).digest() == content[:_DIGEST] else None


def _prune(folder: str) -> None:
    """Removes the oldest files beyond MAX_KEPT."""
    try:
        with os.scandir(folder) as entries:
            files = sorted(entries, key=lambda entry: entry.stat().st_mtime)
        for entry in files[:-MAX_KEPT]:
            os.remove(entry.path)
    except OSError:  # another run was at it
        return


def _run(soffice: str, sources: Sequence[Input]) -> list[bytes | ReadError]:
    """Each document as .docx, or why not."""
    with tempfile.TemporaryDirectory(prefix="nianbao-", ignore_cleanup_errors=True) as folder:
        names = []
        for number, source in enumerate(sources):
            names.append(f"{number}{source.suffix}")
            Path(folder, names[-1]).write_bytes(source.data)
        profile = Path(folder, "profile")
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text("".join(_registry()), encoding="utf-8")
        error = _finish(
            [
                soffice,
                f"-env:UserInstallation={profile.as_uri()}",
                *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
                *("--convert-to", "docx:MS Word 2007 XML", "--outdir", "out"),
                *names,
            ],
            folder,
        )
        return [_output(os.path.join(folder, "out", f"{number}.docx")) or error for number in range(len(sources))]


def _registry() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
    for node, name, value in _SETTINGS:
        prop = f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
        yield f'<item oor:path="{node}">{prop}</item>\n'
    yield "</oor:items>\n"


def _finish(command: list[str], folder: str) -> ReadError:
    """Runs the command in the folder, its temporary files too; what is to be said of a document that it did not write.

    What has not ended in time is killed with all that it started.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the names are ours
            command,
            cwd=folder,
            env=os.environ | {"TMPDIR": folder, "TEMP": folder, "TMP": folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a group of its own: soffice is a script that starts the program
        )
    except OSError:  # not executable, or no longer there
        return _failed()
    try:
        _limit(process.pid)
        process.wait(TIME_LIMIT)
    except subprocess.TimeoutExpired:
        return _timed_out()
    finally:
        if process.returncode is None:  # also at Ctrl-C, which does not reach another group
            _kill(process)
    return _failed()


def _limit(pid: int) -> None:
    """Bounds the memory and the files of a process and of those it will start, where the system can."""
    if sys.platform == "linux":
        import resource

        try:
            resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (MAX_OUTPUT, MAX_OUTPUT))
        except (OSError, ValueError):  # it has ended already, or the system allows less
            return


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _output(path: str) -> bytes | None:
    """The converted file; None where it was not written to its end."""
    try:
        if os.path.getsize(path) > MAX_OUTPUT or not zipfile.is_zipfile(path):
            return None
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _failed() -> ReadError:
    return ReadError(
        Phrase(
            zh="LibreOffice 无法转换这个文件：文件可能已损坏、加了密码或过大",
            en="LibreOffice cannot convert this file: it may be damaged, encrypted or too large",
        ),
        _SAVE_AS_DOCX,
    )


def _timed_out() -> ReadError:
    return ReadError(
        Phrase(
            zh=f"LibreOffice 在 {TIME_LIMIT} 秒内没有完成转换",
            en=f"LibreOffice did not finish the conversion in {TIME_LIMIT} seconds",
        ),
        _SAVE_AS_DOCX,
    )
