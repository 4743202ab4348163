"""Text compared as people read it: width, white space and punctuation do not tell two labels apart.

What is compared is folded, what is shown is the original: `unfold` leads back.
"""

import re
import unicodedata

from linter.remember import remembered

_SPACES = dict.fromkeys(
    code
    for code in (*range(0x2000, 0x2010), *map(ord, " \t\n\r\x0b\x0c\x85\xa0\u3000\u2028\u2029\u202f\u2060\ufeff\xad"))
)
_WIDTHS = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_FOLDS: dict[int, int | None] = _SPACES | _WIDTHS
_PUNCTUATION = dict.fromkeys(map(ord, "，、。．.·：:；;“”\"'‘’()（）《》〈〉<>〔〕[]【】{}|_…—-/\\*#`,!?"))

_ENUMERATOR = re.compile(
    r"[lI1|]?\(?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:\)[、.,:]?|[、.,:])|[①-⑳㈠-㈩]|第[一二三四五六七八九十]+(?:部分|章)[、:]?"
)


SEPARATOR = "\0\0"
"""What parts folded texts that are searched together."""

SENTENCE_ENDS = "。;!?"
"""What ends a sentence of a folded text."""


@remembered(512)
def fold(text: str) -> str:
    """`text` without white space, and with full-width forms as ASCII; every character that stays is one character."""
    return text.translate(_FOLDS)


def unfold(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets in `text` of `fold(text)[start:end]`, which must not be empty."""
    kept = [offset for offset, char in enumerate(text) if ord(char) not in _SPACES]
    return kept[start], kept[end - 1] + 1


def sentence(folded: str, start: int, end: int) -> tuple[int, int]:
    """(start, end) of the sentence that `folded[start:end]` stands in, without the mark that ends it."""
    first = max(folded.rfind(mark, 0, start) for mark in SENTENCE_ENDS) + 1
    last = min((at for mark in SENTENCE_ENDS if (at := folded.find(mark, end)) >= 0), default=len(folded))
    return first, last


@remembered(1024)
def label_key(text: str) -> str:
    """What two printed forms of one label have in common: its characters without width, white space and punctuation."""
    return unicodedata.normalize("NFKC", text).translate(_SPACES).translate(_PUNCTUATION)


@remembered(1024)
def label_core(text: str) -> str:
    """The label's key without its number, sound or broken: （六）, 1., l六、."""
    folded = unicodedata.normalize("NFKC", text.lstrip()).translate(_SPACES)
    return label_key(folded[numeral_end(folded) :]) or label_key(folded)


def numeral_end(folded: str) -> int:
    """Where the number in front of a folded label ends; 0 where it has none."""
    match = _ENUMERATOR.match(folded)
    return match.end() if match else 0
