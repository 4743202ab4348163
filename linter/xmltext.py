"""Text that XML 1.0 can hold."""

import re

_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str) -> str:
    """The text with what XML cannot hold made visible: a control character as its picture (␀), the rest as �."""
    return _IMPOSSIBLE.sub(lambda found: chr(0x2400 + ord(found[0])) if ord(found[0]) < 0x20 else "\ufffd", text)
