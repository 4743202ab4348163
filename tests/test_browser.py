"""The HTML page in a real browser: filters, jumps, keyboard, a phone's width, print, and a hostile report.

Chromium and chromedriver (Debian: chromium, chromium-driver) are used where they are installed.
"""

import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from conftest import FIXTURES
from selenium.webdriver import ActionChains, Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from test_page import hostile, results_of

from linter.diagnostic import FileResult
from linter.formatters import Context, formatter
from linter.ruleset import Ruleset

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and chromedriver are not installed"),
]

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
SUMS = FIXTURES / "reports/交通局-2023.md"
BLANKS = FIXTURES / "reports/区政府办-2021.txt"
GOOD = FIXTURES / "reports/水务局-2023.txt"
CLAIMS = FIXTURES / "rules/claim-vs-cell/bad-count.txt"


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One browser for the tests of this module."""
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for option in (*OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=Service(executable_path=str(DRIVER)))
    yield driver
    driver.quit()


Opener = Callable[..., Chrome]


@pytest.fixture
def opened(chrome: Chrome, tmp_path: Path, ruleset: Ruleset) -> Iterator[Opener]:
    """Opens the page of files or results, at a desk's width and in light colours unless told otherwise."""

    def open_page(*files: Path | FileResult, width: int = 1280, dark: bool = False, scripts: bool = True) -> Chrome:
        paths = [file for file in files if isinstance(file, Path)]
        results = [*results_of(*paths, ruleset=ruleset), *(file for file in files if isinstance(file, FileResult))]
        context = Context("zh", rules=ruleset.rules, templates=ruleset.templates)
        page = tmp_path / "page.html"
        page.write_text("".join(formatter("html")(results, context)), encoding="utf-8")
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": [scheme]})
        chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        chrome.get("about:blank")
        chrome.get_log("browser")  # what other pages said
        chrome.get_log("performance")
        chrome.get(page.as_uri())
        return chrome

    yield open_page
    chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def shown(page: Chrome, selector: str) -> list[WebElement]:
    return [element for element in page.find_elements(By.CSS_SELECTOR, selector) if element.is_displayed()]


def one(page: Chrome, selector: str) -> WebElement:
    (element,) = shown(page, selector)
    return element


def ids(elements: list[WebElement]) -> list[str | None]:
    return [element.get_attribute("id") for element in elements]


def focused(page: Chrome) -> str:
    return page.switch_to.active_element.get_attribute("id") or ""


def press(page: Chrome, *keys: str) -> None:
    ActionChains(page).send_keys(*keys).perform()


def test_the_level_filter_hides_messages_entries_numbers_and_reports(opened: Opener) -> None:
    page = opened(SUMS, CLAIMS, BLANKS, GOOD)
    assert one(page, ".shown").text == "显示 11 条，共 11 条"
    assert ids(shown(page, ".report")) == ["f1", "f2", "f3"]
    one(page, "input[value=error]").click()
    assert one(page, ".shown").text == "显示 6 条，共 11 条"
    assert ids(shown(page, ".report")) == ["f2"]
    assert {row.get_attribute("data-file") for row in shown(page, ".files tbody tr")} == {"f2"}
    assert {entry.get_attribute("data-level") for entry in shown(page, ".index li")} == {"warning"}
    one(page, "input[value=error]").click()
    assert ids(shown(page, ".report")) == ["f1", "f2", "f3"]


def test_the_rule_and_file_filters_narrow_what_is_shown(opened: Opener) -> None:
    page = opened(SUMS, BLANKS, GOOD)
    Select(one(page, "select[name=rule]")).select_by_value("cell-blank")
    assert one(page, ".shown").text == "显示 2 条，共 5 条"
    assert ids(shown(page, ".report")) == ["f2"]
    Select(one(page, "select[name=rule]")).select_by_value("")
    one(page, "input[name=file]").send_keys("交通运输")
    assert ids(shown(page, ".report")) == ["f1"]
    assert len(shown(page, ".files tbody tr")) == 1


def test_a_message_leads_to_its_place_and_the_place_to_its_message(opened: Opener) -> None:
    page = opened(SUMS)
    shown(page, ".index a")[1].click()
    assert (focused(page), ids(shown(page, ".here"))) == ("f1-n2", ["f1-n2"])
    cell = one(page, ".pair:not(mark)")
    assert cell.get_attribute("id") == "f1-c-requests.handled.total"
    one(page, "#f1-n2 a.to").click()
    assert (focused(page), ids(shown(page, ".here"))) == (cell.get_attribute("id"), [cell.get_attribute("id")])
    assert ids(shown(page, ".pair")) == ["f1-n2"]
    shown(page, ".figures a.flag")[0].send_keys(Keys.ENTER)
    assert ids(shown(page, ".here")) == ["f1-n1"]
    page.back()
    assert ids(shown(page, ".here")) == [cell.get_attribute("id")]


def test_a_number_of_the_failing_equation_leads_to_its_cell(opened: Opener) -> None:
    page = opened(SUMS)
    shown(page, "#f1-n1 .sum .figure a")[1].click()
    assert ids(shown(page, ".here")) == ["f1-c-requests.partial.natural_person"]


def test_a_jump_unfolds_the_report_that_it_leads_into(opened: Opener) -> None:
    page = opened(SUMS, BLANKS)
    assert shown(page, "#f2 .note") == []
    shown(page, "#f2 .index a")[0].click()
    assert focused(page) == "f2-n1"
    assert len(shown(page, "#f2 .note")) == 3


def test_related_places_are_reachable(opened: Opener) -> None:
    page = opened(BLANKS)
    shown(page, ".related a")[0].click()
    assert ids(shown(page, ".here")) == ["f1-c-requests.carried_out.business"]


def test_the_steps_go_through_the_messages_that_the_filter_leaves(opened: Opener) -> None:
    page = opened(BLANKS, SUMS)
    Select(one(page, "select[name=rule]")).select_by_value("requests-outcome-sum")
    visited = []
    for step in ("1", "1", "1", "-1"):
        one(page, f"[data-step='{step}']").click()
        visited += ids(shown(page, ".here"))
    assert visited == ["f2-n1", "f2-n2", "f2-n1", "f2-n2"]


def test_the_summary_can_be_sorted_by_what_was_found(opened: Opener) -> None:
    page = opened(GOOD, SUMS, BLANKS)

    def order() -> list[str]:
        return [row.text.split("\n")[0][:3] for row in shown(page, ".files tbody th")]

    assert order() == ["青川县", "青川县", "临河区"]
    shown(page, ".files thead button")[2].click()
    assert order() == ["临河区", "青川县", "青川县"]
    assert shown(page, ".files thead th")[2].get_attribute("aria-sort") == "descending"


def test_everything_can_be_reached_by_keyboard_in_reading_order(opened: Opener) -> None:
    page = opened(BLANKS, SUMS)
    press(page, Keys.TAB)
    skip = page.switch_to.active_element
    assert (skip.get_attribute("class"), skip.rect["y"] >= 0) == ("skip", True)
    order = []
    for _ in range(60):
        press(page, Keys.TAB)
        element = page.switch_to.active_element
        if element.tag_name == "body":  # behind the last one
            break
        outline = page.execute_script("return getComputedStyle(arguments[0]).outlineStyle", element)
        assert outline == "solid", element.get_attribute("outerHTML")
        inside = page.execute_script("return arguments[0].closest('#summary, #filters, article').id", element)
        order += [inside] * (inside not in order[-1:])
    assert order == ["summary", "filters", "f1", "f2"]
    page.find_element(By.CSS_SELECTOR, ".index a").send_keys(Keys.ENTER)
    assert focused(page) == "f1-n1"
    press(page, Keys.TAB, Keys.ENTER)  # its first link leads to the place
    assert focused(page) == "f1-p1"


def test_the_skip_link_leads_to_the_reports(opened: Opener) -> None:
    page = opened(BLANKS)
    press(page, Keys.TAB, Keys.ENTER)
    assert focused(page) == "reports"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_page_is_never_wider_than_the_screen(width: int, opened: Opener) -> None:
    page = opened(SUMS, BLANKS, CLAIMS, hostile(), width=width)
    for box in page.find_elements(By.CSS_SELECTOR, "details"):
        page.execute_script("arguments[0].open = true", box)
    assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    table = shown(page, ".figures")[4]
    label = table.find_element(By.CSS_SELECTOR, "tbody th")
    left = page.execute_script("arguments[0].parentElement.scrollLeft = 9999; return 0", table) or label.rect["x"]
    assert 0 <= left < width


@pytest.mark.parametrize(("dark", "light"), [(False, True), (True, False)])
def test_the_colours_follow_the_system(dark: bool, light: bool, opened: Opener) -> None:
    page = opened(SUMS, dark=dark)
    red = "return Number(getComputedStyle(arguments[0]).{}.match(/\\d+/)[0]) > 128"
    body = page.find_element(By.TAG_NAME, "body")
    assert page.execute_script(red.format("backgroundColor"), body) is light
    assert page.execute_script(red.format("color"), body) is dark


def test_print_leaves_out_the_filters_and_unfolds_everything(opened: Opener) -> None:
    page = opened(BLANKS, SUMS)
    printed = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    document = pypdfium2.PdfDocument(b64decode(printed))
    sizes = {tuple(round(side / 72 * 25.4) for side in leaf.get_size()) for leaf in document}
    text = "".join("".join(leaf.get_textpage().get_text_range().split()) for leaf in document)
    document.close()
    assert sizes == {(210, 297)}
    assert "全部规则" not in text
    assert "上一条" not in text
    for there in ("三、收到和处理政府信息公开申请情况", "没有发生的请填0", "两边应当相等相差6", "未能检查5"):
        assert there in text
    assert [box.get_attribute("open") for box in page.find_elements(By.CSS_SELECTOR, ".body")] == ["true", None]


def test_without_scripts_all_can_be_read_and_links_lead_to_their_places(opened: Opener) -> None:
    page = opened(SUMS, scripts=False)
    assert shown(page, "#filters") == []
    assert one(page, "#summary").rect["y"] < one(page, "#reports").rect["y"]
    shown(page, ".index a")[1].click()
    assert ids(page.find_elements(By.CSS_SELECTOR, ":target")) == ["f1-n2"]
    assert shown(page, "#unfinished") == []


def test_a_page_that_was_cut_off_says_so(opened: Opener, tmp_path: Path) -> None:
    page = opened(SUMS)
    assert shown(page, "#unfinished") == []
    whole = (tmp_path / "page.html").read_text("utf-8")
    (tmp_path / "page.html").write_text(whole[: whole.index('<section id="summary"')], encoding="utf-8")
    page.refresh()
    assert one(page, "#unfinished").text == "检查没有全部完成：这里只有中断之前查完的文件，没有汇总。"


def test_a_hostile_report_runs_and_loads_nothing(opened: Opener) -> None:
    page = opened(hostile(), SUMS)
    assert page.execute_script("return window.pwned === undefined")
    assert page.get_log("browser") == []
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0
    for entry in shown(page, "#f1 .index a"):
        entry.send_keys(Keys.ENTER)
    assert page.execute_script("return window.pwned === undefined")
    assert len(shown(page, "#f1 .note")) == 2
