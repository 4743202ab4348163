"""What mkdocs does besides to the site (`hooks` in mkdocs.yml)."""

import re
from pathlib import Path

_LITERAL = re.compile(r"(<pre.*?</pre>)", re.DOTALL)
_CJK = "\u2014\u2018-\u201d\u2026\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_BREAK = re.compile(rf"(?<=[{_CJK}])\n *(?=[{_CJK}])")


def on_page_content(html: str, **_: object) -> str:
    """The page without line breaks between Chinese characters, which browsers show as blanks."""
    return "".join(part if _LITERAL.match(part) else _BREAK.sub("", part) for part in _LITERAL.split(html))


def on_post_build(config: dict[str, str]) -> None:
    """No sitemap where the site has no address: its links would lead nowhere."""
    if not config["site_url"]:
        for path in Path(config["site_dir"]).glob("sitemap.xml*"):
            path.unlink()
