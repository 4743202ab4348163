"""How much of a file has been met: what is too much for a report ends the reading."""

from linter.errors import Phrase, ReadError

MAX_OBJECTS = 500_000
"""The most page objects and path segments of a file; some programs make an object of every character."""

MAX_CHARS = 500_000
"""The most characters of a file; real reports have below 30,000."""


class Tally:
    """What has been met in the file so far."""

    def __init__(self) -> None:
        self._objects = 0
        self._chars = 0

    def add(self, *, objects: int = 0, chars: int = 0) -> None:
        """Count what comes next, before it is looked at. Raises ReadError when it is too much."""
        self._objects += objects
        self._chars += chars
        if self._objects > MAX_OBJECTS:
            raise too_much(f"有超过 {MAX_OBJECTS} 个图形对象", f"it has more than {MAX_OBJECTS} graphic objects")
        if self._chars > MAX_CHARS:
            raise too_much(f"有超过 {MAX_CHARS} 个字符", f"it has more than {MAX_CHARS} characters")


def too_much(zh: str, en: str) -> ReadError:
    """The error for a file with more of something than any report has."""
    return ReadError(
        Phrase(zh=f"PDF {zh}，不像一份年报", en=f"the PDF is no report: {en}"),
        Phrase(zh="请检查是否选对文件，或提供 Word 原件", en="is this the right file? Or use the original Word file"),
    )
