"""A real portal and a real browser for tests: plain context managers, so that any test folder can use them."""

import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import psycopg2
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, ViewportSize, sync_playwright
from psycopg2.errors import InsufficientPrivilege

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = os.environ.get("ENCORE_CHROMIUM", "/usr/bin/chromium")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 60
DROP_SECONDS = 60
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
_TOKEN = re.compile(r'csrfmiddlewaretoken" value="([^"]+)"')
PHONE: ViewportSize = {"width": 360, "height": 740}


def portal_environment(database_url: str) -> dict[str, str]:
    """Return the environment of a portal on the database at `database_url`, with settings as `make up` has them."""
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SECRET_KEY": secrets.token_urlsafe(48),
        "DJANGO_SETTINGS_MODULE": "webportal.config.settings.dev",
        "ENCORE_ALLOWED_HOSTS": "127.0.0.1",
    }


def url_of(database: Mapping[str, Any]) -> str:
    """Return the URL of a database of Django's settings."""
    user, password = quote(database["USER"], safe=""), quote(database["PASSWORD"] or "", safe="")
    port = f":{database['PORT']}" if database["PORT"] else ""
    query = urlencode({"host": database["HOST"]}) if str(database["HOST"]).startswith("/") else ""
    host = "" if query else database["HOST"]
    return urlunsplit(("postgresql", f"{user}:{password}@{host}{port}", f"/{database['NAME']}", query, ""))


def drop_database(server_url: str, name: str) -> None:
    """Drop a database with all its sessions; autovacuum, which only a superuser may end, is waited for."""
    until = time.monotonic() + DROP_SECONDS
    with closing(psycopg2.connect(server_url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        while True:
            try:
                cursor.execute(f"drop database {name} with (force)")
            except InsufficientPrivilege:
                assert time.monotonic() < until, f"autovacuum does not leave {name}"
                time.sleep(0.5)
            else:
                return


@contextmanager
def scratch_database(server_url: str) -> Iterator[str]:
    """Yield the URL of a fresh, empty database on the server of `server_url`; drop it afterwards."""
    name = f"encore_browser_{secrets.token_hex(4)}"
    with closing(psycopg2.connect(server_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"create database {name}")
        try:
            yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        finally:
            drop_database(server_url, name)


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run `manage.py` with `arguments` and return what it printed; its errors are shown when it fails."""
    command = [sys.executable, str(ROOT / "webportal" / "manage.py"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def first_users(environment: dict[str, str]) -> dict[str, str]:
    """Create the first users and return their passwords by name."""
    return dict(line.split() for line in manage(environment, "create_first_users").splitlines())


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """Start gunicorn on a free port of 127.0.0.1, yield its address once it answers, and stop it afterwards."""
    with gunicorn(environment) as (address, _):
        yield address


@contextmanager
def gunicorn(environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Do as `serving`, and yield the process too; it may have ended by itself."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:webportal.config.gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    server = subprocess.Popen([*command, "webportal.config.wsgi:application"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}{environment.get('SCRIPT_NAME', '')}"
    try:
        _wait_until(lambda: answers(f"{address}/healthz"), lambda: server.poll() is None)
        yield address, server
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a headless Chromium: the machine's own, nothing is fetched."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class PageWatch:
    """What a page did that it must not do."""

    home: str
    console_errors: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)
    failed_responses: list[str] = field(default_factory=list)

    @classmethod
    def on(cls, page: Page, home: str) -> "PageWatch":
        """Begin to watch `page`, whose requests may all go to `home` (scheme, host and port) alone."""
        watch = cls(home)
        page.on("console", watch._heard)
        page.on("pageerror", lambda error: watch.console_errors.append(str(error)))
        page.on("request", watch._asked)
        page.on("response", watch._answered)
        return watch

    def assert_clean(self) -> None:
        """Fail when there was a console error, a request to another host, or a failed response."""
        assert self.console_errors == [], self.console_errors
        assert self.foreign_requests == []
        assert self.failed_responses == []

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.console_errors.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.home}/", "data:", "blob:", "about:")):
            self.foreign_requests.append(request.url)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.failed_responses.append(f"{response.status} {response.url}")


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    """Log in through the login page; the browser lands where the login leads."""
    page.goto(f"{address}/login/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def signed_in(address: str, username: str, password: str) -> urllib.request.OpenerDirector:
    """Log in without a browser; what it returns opens pages as this user."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(f"{address}/login/") as page:
        token = _TOKEN.findall(page.read().decode())[0]
    fields = {"csrfmiddlewaretoken": token, "login": username, "password": password}
    with opener.open(f"{address}/login/", urlencode(fields).encode()) as page:
        assert "/login/" not in page.url
    return opener


def without_cache(page: Page) -> None:
    """Let each file be fetched anew, as on the first visit."""
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})


def scrolls_sideways(page: Page) -> bool:
    """Tell whether the page is wider than its window."""
    wide: bool = page.locator("html").evaluate("page => page.scrollWidth > page.clientWidth")  # waits for a page
    return wide


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own server on 127.0.0.1
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _wait_until(ready: Callable[[], bool], alive: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        assert alive(), "gunicorn ended before it answered"
        assert time.monotonic() < deadline, f"gunicorn did not answer within {START_SECONDS} s"
        time.sleep(0.1)
