"""What checking a file will take, guessed from its name and size: whether more processes, or a cache, are worth it."""

import os

from linter.readers import OLD_WORD, READERS

_COSTS = {"text": (1.0, 0.6), "markdown": (2.0, 1.0), "html": (2.0, 0.1), "docx": (5.0, 0.1), "pdf": (20.0, 0.5)}
"""Reader → (milliseconds a file, milliseconds a kilobyte), measured once; only their order of magnitude matters."""

_CONVERSION = 1000.0
"""Milliseconds that LibreOffice takes for a file."""

POOL_PAYS = 0.5
"""Seconds of work from which on starting more processes, which takes some 0.05 s, is worth it."""

CACHE_PAYS = 0.1
"""Seconds of work from which on opening the cache, which takes some 0.02 s, is worth it."""


def seconds(path: str) -> float:
    """What reading and checking the file takes; nothing where it cannot be looked at."""
    try:
        size = os.stat(path).st_size
    except (OSError, ValueError):
        return 0.0
    suffix = os.path.splitext(path)[1].lower()
    fixed, per_kilobyte = _COSTS.get(READERS.get(suffix, ""), (0.0, 0.0))
    return (fixed + per_kilobyte * size / 1000 + (_CONVERSION if suffix in OLD_WORD else 0)) / 1000
