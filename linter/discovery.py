"""Which files to check: the paths given, and the reports in the folders among them, in a stable order."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from linter.engine import Source, file_source
from linter.errors import Phrase, ReadError
from linter.readers import READERS

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

PASSED_OVER = frozenset({"node_modules", "__pycache__"})
"""Folders that hold no drafts; so are those whose name begins with a dot."""


def find_sources(paths: Sequence[str], excludes: Callable[[str], bool] | None = None) -> Iterator[Source]:
    """The files to check: files as given, folders walked by name for known suffixes, without what .gitignore names.

    `excludes` says whether the configuration leaves a file out, also one given by name. A folder without reports is a
    source that cannot be read, so that the other paths are still checked.
    """
    for path in paths:
        found = False
        for file in _files(path):
            if excludes is None or not excludes(file):
                found = True
                yield file_source(file)
        if not found and os.path.isdir(path):
            yield Source(path=path, load=_no_reports)


def _files(path: str) -> Iterator[str]:
    if os.path.isdir(path):
        yield from map(os.path.normpath, _walk(path, _ignored_above(path)))
    else:
        yield path


def _no_reports() -> bytes:
    known = " ".join(READERS)
    raise ReadError(
        Phrase(zh=f"文件夹里没有可以检查的文件（{known}）", en=f"no file to check in this folder ({known})"),
        Phrase(zh="请检查路径、.gitignore 和 include、exclude", en="check the path, .gitignore, include and exclude"),
    )


def _spec(lines: Sequence[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec  # not imported where nothing is ignored

    return GitIgnoreSpec.from_lines(lines)


def _read_ignore(folder: str) -> "list[tuple[str, GitIgnoreSpec]]":
    """(folder, patterns) of the folder's .gitignore; nothing where it has none or it cannot be read as text."""
    path = os.path.join(folder, ".gitignore")
    if not os.path.isfile(path):
        return []
    with open(path, encoding="utf-8", errors="replace") as file:
        return [(folder, _spec(file.read().splitlines()))]


def _ignored_above(path: str) -> "list[tuple[str, GitIgnoreSpec]]":
    """The patterns of the folders above `path`, up to the repository's root; nothing outside a repository."""
    specs: list[tuple[str, GitIgnoreSpec]] = []
    folder = os.path.abspath(path)
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return []
        folder = parent
        specs = [*_read_ignore(folder), *specs]
    return specs


def _walk(folder: str, specs: "list[tuple[str, GitIgnoreSpec]]") -> Iterator[str]:
    specs = [*specs, *_read_ignore(folder)]
    names: list[str] = []  # no entries: a folder may hold a hundred thousand reports
    folders: set[str] = set()
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if not name.startswith(".") and name not in PASSED_OVER:
                    names.append(name)
                    folders.add(name)
            elif os.path.splitext(name)[1].lower() in READERS and not name.startswith((".", "~$")):  # Word's lock files
                names.append(name)
    for name in sorted(names):
        path = os.path.join(folder, name)
        if _is_ignored(path, name in folders, specs):
            continue
        if name in folders:
            yield from _walk(path, specs)
        else:
            yield path


def _is_ignored(path: str, is_folder: bool, specs: "list[tuple[str, GitIgnoreSpec]]") -> bool:
    ignored = False
    for base, spec in specs:
        relative = os.path.relpath(path, base) + ("/" if is_folder else "")
        verdict = spec.check_file(relative).include
        ignored = ignored if verdict is None else verdict
    return ignored
