"""Who operates a clone by the commands of the docs, looks at its pages, and is told of what happens."""

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.webportal.browser import harness

KEPT = ("HOME", "LANG", "PATH", "USER", *(f"{each}_proxy" for each in ("http", "https", "no")), "SSL_CERT_FILE")
PATIENCE_SECONDS = 600
WINDOW = {"width": 1280, "height": 800}


class Operator:
    """A clone, its inbox, and who works with it."""

    def __init__(
        self, folder: Path, hook: str, notices: list[dict[str, Any]], browser: Browser, pictures: Path
    ) -> None:
        self.clone, self.inbox, self.later = folder / "encore", folder / "logs", folder / "later"
        self.backup = folder / "backup"
        self.notices, self.browser, self.pictures = notices, browser, pictures
        self.passwords: dict[str, str] = {}
        self.addresses: dict[str, str] = {}
        self.portal: urllib.request.OpenerDirector | None = None
        self.environ = {name: value for name, value in os.environ.items() if name in KEPT} | {
            "ENCORE_LOGS": str(self.inbox),
            "ENCORE_NOTICE_WEBHOOK": f"http://{hook}/",
        }

    @property
    def told(self) -> list[str]:
        """Texts of the notices that came so far."""
        return [notice["text"] for notice in self.notices]

    def run(self, command: str, *said: str, code: int = 0) -> str:
        """Run a command of the docs in the clone; it must end with `code` and print every one of `said`."""
        began = time.monotonic()
        if command == "make up":
            self.addresses, self.portal = {}, None
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.clone, env=self.environ, capture_output=True, text=True, check=False
        )  # fmt: skip
        print(f"$ {command}  ({time.monotonic() - began:.0f} s)", flush=True)  # noqa: T201 - a command's output
        printed = done.stdout + done.stderr
        assert done.returncode == code, f"ended with {done.returncode}:\n{printed}"
        for words in said:
            assert words in printed, f"does not say {words!r}:\n{printed}"
        assert "Traceback" not in printed, printed
        return printed

    def serve(self, command: str, path: str) -> None:
        """Run a server of the docs in the foreground until it answers, then end it as Ctrl-C does."""
        port = harness.free_port()
        command = f"{command} PORT={port}"
        with (
            (self.clone / "served.log").open("w") as log,
            subprocess.Popen(
                ["sh", "-c", f"exec {command}"],
                cwd=self.clone,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            ) as server,
        ):
            try:
                address = f"http://127.0.0.1:{port}{path}"
                self.awaited(f"$ {command} answers", lambda: harness.answers(address))
            finally:
                os.killpg(server.pid, signal.SIGINT)

    def drop(self, name: str) -> Path:
        """Bring one of the later days into the inbox, whole at once."""
        target = self.inbox / name
        (self.later / name).rename(target)
        return target

    def address(self, server: str) -> str:
        """Return where a server is, as `make status` said it after the last `make up`."""
        if server not in self.addresses:
            found = re.search(rf"{server.title()}\s.*?(http://127\.0\.0\.1:\d+)", self.run("make status"))
            assert found
            self.addresses[server] = found[1]
        return self.addresses[server]

    @contextmanager
    def page(self, server: str, path: str) -> Iterator[Page]:
        """Open a page of a server; the portal's as its administrator."""
        address = self.address(server)
        with self.browser.new_context(viewport=WINDOW, locale="en-GB") as context:
            page = context.new_page()
            if server == "portal":
                harness.sign_in(page, address, "admin", self.passwords["admin"])
            page.goto(f"{address}{path}", wait_until="networkidle")
            yield page

    def picture(self, name: str, server: str, path: str, shown: str) -> None:
        """Picture a page once it shows some words."""
        with self.page(server, path) as page:
            self.shoot(page, name, shown)

    def shoot(self, page: Page, name: str, shown: str) -> None:
        """Picture an open page once it shows some words."""
        page.get_by_text(shown).filter(visible=True).first.wait_for(timeout=60_000)
        page.wait_for_timeout(2_000)  # Dagster moves what it draws into its place
        file = self.pictures / f"{name}.png"
        page.screenshot(path=file)
        print(f"  {file}  {file.stat().st_size / 1_000:.0f} kB", flush=True)  # noqa: T201 - a command's output

    def as_of(self) -> str:
        """Return the day that the portal says its scores are as of."""
        (shown,) = re.findall(r'<time datetime="(\d{4}-\d\d-\d\d)">', self.front_page())[:1]
        return str(shown)

    def front_page(self) -> str:
        """Return the portal's first page, as its administrator sees it."""
        address = self.address("portal")
        if self.portal is None:
            self.portal = harness.signed_in(address, "admin", self.passwords["admin"])
        with self.portal.open(f"{address}/") as page:
            return str(page.read().decode())

    def awaited(self, what: str, condition: Callable[[], bool]) -> None:
        """Wait for what Encore does by itself."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < PATIENCE_SECONDS, f"{what}: not within {PATIENCE_SECONDS} s"
            time.sleep(5)
        print(f"  {what}, after {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201 - a command's output
