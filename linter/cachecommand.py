"""`nianbao cache`: what is kept between runs, and its removal."""

import os
from collections.abc import Iterator
from glob import escape, glob

from linter.cachefolder import cache_folder
from linter.errors import Phrase
from linter.resultcache import FILE_NAME, count

NAMES = ("rules*.cache", f"{FILE_NAME}*", os.path.join("converted", "*"))
"""The files that this program keeps in the folder; what else may lie there is not ours."""


def info(lang: str) -> Iterator[str]:
    """Where the cache is, what it holds, and how large it is."""
    folder = cache_folder()
    files = _files(folder)
    size = sum(map(os.path.getsize, files)) / 1e6
    results = count(os.path.join(folder, FILE_NAME))
    converted = sum(os.path.basename(os.path.dirname(path)) == "converted" for path in files)
    yield Phrase(
        zh=f"{folder}\n{results} 份检查结果，{converted} 份转换好的旧版 Word 文件；共 {size:.1f} MB\n",
        en=f"{folder}\n{results} result(s), {converted} converted old Word file(s); {size:.1f} MB in all\n",
    ).say(lang)


def clear(lang: str) -> Iterator[str]:
    """Removes what is kept, and says how much that was; what another run has open stays."""
    files = _files(cache_folder())
    removed = sum(_remove(path) for path in files)
    left = len(files) - removed
    said = Phrase(zh=f"已删除 {removed} 个文件", en=f"{removed} file(s) removed")
    if left:
        said = Phrase(zh=f"{said.zh}，{left} 个无法删除", en=f"{said.en}, {left} could not be removed")
    yield f"{said.say(lang)}\n"


ACTIONS = {"info": info, "clear": clear}
"""The actions of the command."""


def _files(folder: str) -> list[str]:
    return sorted(path for name in NAMES for path in glob(os.path.join(escape(folder), name)))


def _remove(path: str) -> bool:
    try:
        os.remove(path)
    except OSError:
        return False
    return True
