"""The tags of HTML text, each with its offset, and what their names and attributes mean for what a page shows.

The tokenizer is one regular expression: lxml and selectolax give no columns, and html.parser alone takes as long as the
whole reader here, and quadratic time on hostile input. Possessive quantifiers keep this one linear.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from linter.document import MAX_SPAN

_TAG = re.compile(
    r"""<(?:
        !--(?:-?>|.*?(?:--!?>|\Z))                          # comment, conditional comment
      | (?=[!?])[^>]*+(?:>|\Z)                              # doctype, <?xml …>, <![if …]>
      | /(?:(?P<end>[a-zA-Z][^\s/>]*+)[^>]*+|[^>]*+)(?:>|\Z)
      | (?P<start>[a-zA-Z][^\s/>]*+)
        (?P<attributes>(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+))?+)*+)(?:>|\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|((?!["'])[^\s>]*+)))?+""",
)
_COUNT = re.compile(r"\s*\+?0*([0-9]{1,5})")  # more digits change nothing: a span is cut to MAX_SPAN
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MAYBE_HIDDEN = re.compile("none|hidden", re.IGNORECASE)

# elements that hold no markup and are not shown → their end tag
RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])[^>]*+(?:>|\Z)", re.IGNORECASE)
    for name in ("iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title")
}
NOT_SHOWN = frozenset({"del", "s", "strike", "template"})  # deleted text too: <s>5</s>6 is 6 and not 56
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
# the parts of a table: each ends those of its own and of higher rank
RANKS = {"table": 0, "tbody": 1, "thead": 1, "tfoot": 1, "caption": 1, "tr": 2, "td": 3, "th": 3}
CELLS = frozenset({"td", "th"})
_ITEMS = frozenset({"li", "dd", "dt", "option"})
_LISTS = frozenset({"ul", "ol", "dl", "menu", "select"})
# elements that part paragraphs
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "details",
        "dialog",
        "dir",
        "div",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "main",
        "nav",
        "optgroup",
        "p",
        "pre",
        "search",
        "section",
        "summary",
    ]
) | frozenset(HEADINGS).union(RANKS, _ITEMS, _LISTS)


_USUAL = 2_000
"""Characters up to which a tag is looked for among those seen before."""


class Tag(NamedTuple):
    """What a tag says; a comment is one without a name."""

    name: str = ""  # in lower case
    is_end: bool = False
    is_inline: bool = True  # it leaves no trace where it is shown
    is_hidden: bool = False  # the element is not shown
    is_raw: bool = False  # what follows, to the end tag, holds no markup
    rowspan: int = 1  # of a cell; 0: to the end of its row group
    colspan: int = 1


def tags(text: str) -> Iterator[tuple[Tag, int, int]]:
    """(tag or comment, its start, its end) in order; a script, style, title, … is one from its tag to its end tag."""
    # A page pasted from Word has thousands of tags and hardly a hundred different ones. What is said up to `>` says the
    # same again: only a quote that never closes might reach further, and where it is found again, it does.
    known: dict[str, Tag] = {}
    start = text.find("<")
    while start >= 0:
        end = text.find(">", start, start + _USUAL) + 1
        tag = known.get(text[start:end])
        if tag is None:
            match = _TAG.search(text, start)
            if match is None:
                return
            tag = _tag(match)
            if match.span() == (start, end):
                known[match[0]] = tag
            start, end = match.span()
        if tag.is_raw:
            closed = RAW[tag.name].search(text, end)
            end = closed.end() if closed else len(text)
        yield tag, start, end
        start = text.find("<", end)


def _tag(match: re.Match[str]) -> Tag:
    if end := match["end"]:
        name = end.lower()
        return Tag(name, is_end=True, is_inline=name not in BLOCKS)
    if not match["start"]:
        return Tag()
    name, attributes = match["start"].lower(), match["attributes"]
    is_hidden = name in NOT_SHOWN or _is_hidden(attributes)
    return Tag(
        name,
        is_inline=not is_hidden and name not in BLOCKS and name not in {"br", "sup"},
        is_hidden=is_hidden,
        is_raw=name in RAW,
        rowspan=min(_span(attributes, "rowspan"), MAX_SPAN) if name in CELLS else 1,
        colspan=max(1, min(_span(attributes, "colspan"), MAX_SPAN)) if name in CELLS else 1,
    )


def _is_hidden(attributes: str) -> bool:
    """Whether the element is not shown: the attribute hidden, or display: none in its style."""
    if not _MAYBE_HIDDEN.search(attributes):
        return False
    return _attribute(attributes, "hidden") is not None or bool(
        _NO_DISPLAY.search(_attribute(attributes, "style") or "")
    )


def _span(attributes: str, name: str) -> int:
    """A span's number, 1 where there is none."""
    match = _COUNT.match(_attribute(attributes, name) or "")
    return int(match[1]) if match else 1


def _attribute(attributes: str, name: str) -> str | None:
    """The value of the first attribute of that name, "" where it has none; None if there is no such attribute."""
    for match in _ATTRIBUTE.finditer(attributes):
        if match[1].lower() == name:
            return match[2] or match[3] or match[4] or ""
    return None


class Hidden:
    """An element that does not show, and what is open inside it."""

    def __init__(self, name: str, *, in_paragraph: bool) -> None:
        self.name = name
        self._in_paragraph = in_paragraph or name == "p"
        self._rank = RANKS.get(name, 4)
        self._open: Counter[str] = Counter()

    def ended_by_start(self, name: str) -> bool:
        """Whether a start tag ends the element, because it cannot be inside."""
        if self._open["table"]:
            ends = False
        elif name != "table" and name in RANKS:
            ends = RANKS[name] <= self._rank
        elif self.name in _ITEMS and name in _ITEMS:
            ends = not any(self._open[kind] for kind in _LISTS)
        else:
            ends = self._in_paragraph and name in BLOCKS
        self._open[name] += not ends
        return ends

    def ended_by_end(self, name: str) -> bool:
        """Whether an end tag ends the element: its own, or that of an element around it."""
        if self._open[name]:
            self._open[name] -= 1
            return False
        if name == self.name:
            return True
        if self._open["table"] or name not in BLOCKS or RANKS.get(name, 0) > self._rank:
            return False
        return name != "p" or self._in_paragraph
