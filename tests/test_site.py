"""The documentation site as mkdocs builds it: strict, in both languages, without anything from other hosts."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import manual
import pytest
from conftest import ROOT
from lxml import html

pytestmark = pytest.mark.slow

BY_THE_THEME = {
    "api.github.com": "//*[@data-md-component='source']",
    "unpkg.com": "//*[contains(@class, 'mermaid')]",  # also by browsers of before 2020, which lack ResizeObserver
}
"""Hosts that the theme's scripts can ask, with what a page must have that makes them do so."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. Who asks for the network while it is built meets a closed door."""
    folder = tmp_path_factory.mktemp("site")
    closed = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
    own = {"TMPDIR": str(tmp_path_factory.mktemp("words")), "NO_MKDOCS_2_WARNING": "1", "SITE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | closed | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, html.HtmlElement]:
    """The built pages by their paths in the site."""
    return {
        path.relative_to(site).as_posix(): html.fromstring(path.read_bytes()) for path in sorted(site.glob("**/*.html"))
    }


def addresses(lang: str) -> set[str]:
    """Where the pages in a language should be."""
    names = (path.relative_to(manual.DOCS).as_posix() for path in manual.DOCS.glob("**/*.md"))
    chinese = (name.removesuffix(".md") for name in names if not name.endswith(".en.md"))
    return {f"{'' if lang == 'zh' else f'{lang}/'}{re.sub('README$', 'index', name)}.html" for name in chinese}


def test_every_page_is_there_in_both_languages(pages: dict[str, html.HtmlElement]) -> None:
    assert set(pages) == {"404.html", *addresses("zh"), *addresses("en")}
    assert {pages[name].get("lang") for name in addresses("zh")} == {"zh"}
    assert {pages[name].get("lang") for name in addresses("en")} == {"en"}


def test_the_pages_load_nothing_from_other_hosts(pages: dict[str, html.HtmlElement]) -> None:
    loaded = [
        (name, value)
        for name, page in pages.items()
        for element in page.iter()
        for attribute, value in element.items()
        if re.match(r"(?:https?:)?//", value)
        and (element.tag, attribute) != ("a", "href")
        and attribute not in {"xmlns", "content"}
    ]
    assert loaded == []
    styles = [text for page in pages.values() for text in page.xpath("//style/text() | //@style")]
    assert [text for text in styles if "//" in text] == []


def test_the_assets_load_nothing_from_other_hosts(site: Path, pages: dict[str, html.HtmlElement]) -> None:
    styles = [path.read_text("utf-8") for path in site.glob("**/*.css")]
    assert [found for text in styles for found in re.findall(r"(?:@import|url\()[^;)]*//[^;)]*", text)] == []
    scripts = [path.read_text("utf-8") for path in site.glob("**/*.js")]
    hosts = {host for text in scripts for host in re.findall(r"[\"'`](?:https?:)?//([\w-]+\.[\w.-]+)", text)}
    assert hosts <= {*BY_THE_THEME, "www.w3.org"}  # the last names formats
    for asked_for in BY_THE_THEME.values():
        assert [name for name, page in pages.items() if page.xpath(asked_for)] == []


def test_both_languages_can_be_searched(site: Path) -> None:
    index = json.loads((site / "search/search_index.json").read_text("utf-8"))
    found = {entry["location"].partition("#")[0] for entry in index["docs"]}
    assert found == addresses("zh") | addresses("en")
    titles = {entry["location"]: entry["title"] for entry in index["docs"]}
    assert titles["rules/requests-balance.html"] == titles["en/rules/requests-balance.html"] == "requests-balance"
    assert titles["outputs.html"].strip("\u200b") == "输出\u200b格式"  # words, told apart by jieba
    assert titles["en/outputs.html"] == "Output formats"


def test_lines_of_chinese_are_joined(pages: dict[str, html.HtmlElement]) -> None:
    texts = [text for page in pages.values() for text in page.xpath("//article//*[not(ancestor-or-self::pre)]/text()")]
    assert [text for text in texts if re.search(r"[\u3000-\u303f\u4e00-\u9fff]\n *[\u4e00-\u9fff]", text)] == []


def test_without_an_address_there_is_no_sitemap(site: Path) -> None:
    assert list(site.glob("sitemap*")) == []
