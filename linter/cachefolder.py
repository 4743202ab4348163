"""The user's folder for what can be made again, and files written to it whole or not at all."""

import os
import sys

VARIABLE = "NIANBAO_CACHE_DIR"
"""The environment variable that names another folder; `--cache-dir` sets it for the processes of a run."""


def cache_folder() -> str:
    """The folder: as VARIABLE says, else by the conventions of XDG, macOS or Windows; it need not exist."""
    if chosen := os.environ.get(VARIABLE):
        return chosen
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(base, "nianbao-lint")


def write_whole(path: str, content: bytes) -> None:
    """Writes the file, and its folder where there is none; a place that cannot be written leaves the run without it."""
    unfinished = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(unfinished, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except OSError:
        return
