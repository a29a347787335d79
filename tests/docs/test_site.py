"""The documentation site: it builds strictly, links lead somewhere, and readers need no other host."""

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.webportal.browser import harness

ROOT = Path(__file__).parents[2]


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "zensical"), "build", "--strict", "--clean"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    shutil.copytree(ROOT / "docs", folder / "docs")
    return folder


@pytest.fixture(scope="module")
def site(sources: Path) -> Path:
    done = build(sources)
    assert done.returncode == 0, done.stdout + done.stderr
    return sources / "site"


class Links(HTMLParser):
    """The anchors of a page, and the addresses that it leads to or loads."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.anchors |= {values.get("id") or "", values.get("name") or ""}
        if tag == "a":
            self.links.append(values.get("href") or "")
        elif tag in ("link", "script", "img", "iframe", "source"):
            self.loaded += [value for key in ("src", "href") if (value := values.get(key))]


def pages(site: Path) -> dict[Path, Links]:
    return {page: Links(page) for page in sorted(site.rglob("*.html")) if page.name != "404.html"}


def test_links_lead_to_files_and_anchors_of_the_site(site: Path) -> None:
    read = pages(site)
    assert len(read) > 40
    broken = []
    for page, found in read.items():
        for address in (*found.links, *found.loaded):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            target = target / "index.html" if target.is_dir() else target
            known = target.is_relative_to(site) and target.is_file()
            anchors = read[target].anchors if target in read else set()
            if not known or (parts.fragment and unquote(parts.fragment) not in anchors):
                broken.append(f"{page.name}: {address}")
    assert broken == []


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    loaded = {address for found in pages(site).values() for address in found.loaded}
    assert {address for address in loaded if urlsplit(address).netloc} == set()


def test_a_broken_link_ends_the_build(sources: Path, site: Path, tmp_path: Path) -> None:
    shutil.copy(sources / "zensical.toml", tmp_path)
    shutil.copytree(sources / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("*.png"))
    page = tmp_path / "docs" / "backup.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n[a page](no-such-page.md)\n", encoding="utf-8")
    assert build(tmp_path).returncode != 0


def test_every_page_is_in_the_navigation() -> None:
    listed = re.findall(r'= "([\w/-]+\.md)"', (ROOT / "zensical.toml").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(["adr/index.md", *(page.name for page in (ROOT / "docs").glob("*.md"))])


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "index.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(page.name for page in folder.glob("0*.md"))


def test_every_page_opens_with_its_use() -> None:
    for page in [*(ROOT / "docs").glob("*.md"), ROOT / "docs" / "adr" / "index.md"]:
        heading, _, opening = page.read_text(encoding="utf-8").split("\n")[:3]
        assert heading.startswith("# "), page.name
        assert re.fullmatch(r"After this page, you (can|know|have) .*[.]", opening), f"{page.name}: {opening}"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with harness.chromium() as running:
        yield running


@pytest.mark.browser
def test_pages_fit_a_phone_and_ask_no_other_host(site: Path, address: str, browser: Browser) -> None:
    with browser.new_context(viewport=harness.PHONE, color_scheme="dark") as context, context.new_page() as page:
        watch = harness.PageWatch.on(page, address)
        for file in sorted(site.glob("*.html")):
            page.goto(f"{address}/{file.name}", wait_until="load")
            assert not harness.scrolls_sideways(page), file.name
        watch.assert_clean()


@pytest.mark.browser
def test_the_search_finds_a_page(address: str, browser: Browser) -> None:
    with browser.new_context(viewport=harness.DESKTOP) as context, context.new_page() as page:
        watch = harness.PageWatch.on(page, address)
        page.goto(f"{address}/operating.html", wait_until="load")
        page.keyboard.press("/")
        page.keyboard.type("pseudonymous_customer", delay=20)
        page.get_by_text(re.compile(r"^[1-9]\d* results?$")).wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("accounts"))
        watch.assert_clean()
