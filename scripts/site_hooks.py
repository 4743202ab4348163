"""What mkdocs does besides to each page of the site."""

import re

_LITERAL = re.compile(r"(<pre.*?</pre>)", re.DOTALL)
_CJK = "\u2014\u2018-\u201d\u2026\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_BREAK = re.compile(rf"(?<=[{_CJK}])\n(?=[{_CJK}])")


def on_page_content(html: str, **_: object) -> str:
    """The page without line breaks between Chinese characters, which browsers show as blanks."""
    return "".join(part if _LITERAL.match(part) else _BREAK.sub("", part) for part in _LITERAL.split(html))
