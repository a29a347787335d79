"""Agents who click: each a thread with a session of its own that does what the desk is for, again and again."""

import html
import random
import re
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

from tests.webportal.browser import harness

THINKING_SECONDS = 8.0
"""Mean of the exponentially distributed time between two clicks."""

TYPING_SECONDS = 0.25
_CALL_SECONDS = 20.0
_FIELD = re.compile(r'name="(csrfmiddlewaretoken|token)" value="([^"]+)"')
_CONTACT = re.compile(r'action="(/desk/[^/]+/contact/)"')
_CUSTOMER = re.compile(r'href="(/customers/[^/?"]+/)"')
_FOLLOWING = re.compile(r'rel="next" href="([^"]+)"')
_OUTCOMES = ("kept", "will leave", "wrong alarm", "not reached")
_TYPED = ("mar", "jon", "ale sm", "kat", "30", "12", "ste b", "q")


@dataclass
class Clicks:
    """Milliseconds of each click by its kind, and what went wrong; threads share it."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, milliseconds: float) -> None:
        """Count a click that was answered."""
        with self._lock:
            self.milliseconds[kind].append(milliseconds)

    def failed(self, kind: str, why: str) -> None:
        """Count a click that was not."""
        with self._lock:
            self.errors.append(f"{kind}: {why}")


@dataclass
class Agent:
    """One person at the desk until `until` (of `time.monotonic`)."""

    address: str
    name: str
    password: str
    clicks: Clicks
    until: float
    dice: random.Random
    opener: urllib.request.OpenerDirector | None = None

    def work(self) -> None:
        """Log in and click until the time is up; an answer that is an error is noted, and the next click follows."""
        try:
            self.opener = harness.signed_in(self.address, self.name, self.password)
        except (urllib.error.URLError, OSError, AssertionError, IndexError) as error:
            self.clicks.failed("log in", repr(error))
            return
        for seconds in self._day():
            if time.monotonic() + seconds > self.until:
                return
            time.sleep(seconds)

    def _day(self) -> Iterator[float]:
        """Click, and yield how long to think before the next click."""
        while True:
            yield self._think()
            page = self._click("worklist", "/worklist/")
            yield self._think()
            page = self._click("next customer", "/worklist/next/", _fields(page))
            if form := _CONTACT.search(page):
                yield self.dice.expovariate(1 / _CALL_SECONDS)
                told = {"channel": "we called", "offered": "half price", "outcome": self.dice.choice(_OUTCOMES)}
                self._click("record outcome", form[1], {**_fields(page[form.start() :]), **told})
            yield self._think()
            typed = self.dice.choice(_TYPED)
            for length in range(1, len(typed) + 1):
                self._click("suggestions", f"/search/suggest/?q={quote(typed[:length])}")
                yield TYPING_SECONDS
            page = self._click("search", f"/search/?q={quote(typed)}")
            yield self._think()
            page = self._click("list", f"/customers/?{self.dice.choice(('', 'sort=name', 'sort=seen', 'band=high'))}")
            if more := _FOLLOWING.search(page):
                yield self._think()
                page = self._click("list, further", html.unescape(more[1]))
            if found := _CUSTOMER.findall(page):
                yield self._think()
                self._click("customer", self.dice.choice(found))
            yield self._think()
            self._click("overview", "/") if self.dice.random() < 0.5 else self._click("model", "/model/")

    def _think(self) -> float:
        return self.dice.expovariate(1 / THINKING_SECONDS)

    def _click(self, kind: str, path: str, fields: dict[str, str] | None = None) -> str:
        """Return the page to which the click leads, or nothing after an error."""
        assert self.opener
        request = urllib.request.Request(self.address + path, headers={"Referer": self.address})  # noqa: S310 - our own server
        started = time.perf_counter()
        try:
            with self.opener.open(request, urlencode(fields).encode() if fields else None, timeout=30) as answer:
                page: str = answer.read().decode()
                landed = urlsplit(answer.url).path
        except urllib.error.HTTPError as error:
            with error:
                page, landed = error.read().decode(), path
            if (kind, error.code) != ("search", 404):  # nobody has this name
                self.clicks.failed(kind, f"{path}: {error!r}")
                return ""
        except (urllib.error.URLError, OSError) as error:
            self.clicks.failed(kind, f"{path}: {error!r}")
            return ""
        if landed.startswith("/login/"):
            self.clicks.failed(kind, f"{path}: logged out")
            return ""
        self.clicks.add(kind, 1_000 * (time.perf_counter() - started))
        return page


def _fields(page: str) -> dict[str, str]:
    """Hidden fields as they first appear: the guard against forgery, and the token of a form that counts once."""
    found: dict[str, str] = {}
    for name, value in _FIELD.findall(page):
        found.setdefault(name, value)
    return found
