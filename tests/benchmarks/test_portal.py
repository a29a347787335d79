"""The portal with ten million customers (`BENCH_CUSTOMERS`): each page over HTTP, from gunicorn with two workers."""

import http.cookiejar
import os
import random
import re
import statistics
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psycopg2
from django.conf import settings

from tests.benchmarks.crowd import TOLD_EVERY, Crowd, load
from tests.benchmarks.measuring import table
from tests.webportal.browser import harness

ROUNDS = 60
WARM = 10


def test_pages_with_a_crowd() -> None:
    """Goals: p95 under 50 ms for every page, under 30 ms for suggestions."""
    customers = int(os.environ.get("BENCH_CUSTOMERS", "10000000"))
    with harness.scratch_database(harness.url_of(settings.DATABASES["default"])) as url:
        environment = {**harness.portal_environment(url), "WEB_CONCURRENCY": "2"}
        harness.manage(environment, "migrate", "-v", "0")
        password = harness.first_users(environment)["agent"]
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                crowd = load(cursor, customers)
        table(f"{customers:,} customers in Postgres", _sizes(crowd))
        with harness.serving(environment) as address:
            desk = Desk(address, password)
            rows = [("page", "p50, ms", "p95, ms", "slowest, ms")]
            for name, path in _paths(customers).items():
                rows.append((name, *(f"{value:.1f}" for value in desk.timed(path))))
        table("Pages, warm, one reader", rows)


def _sizes(crowd: Crowd) -> list[tuple[str, ...]]:
    rows = [("what", "seconds or bytes a customer"), ("rows in, s", f"{crowd.fill_seconds:.0f}")]
    rows += [("indexes, s", f"{crowd.index_seconds:.0f}"), ("rows, bytes", f"{crowd.heap_bytes / crowd.customers:.0f}")]
    rows += [(f"index {name[:60]}", f"{size / crowd.customers:.0f}") for name, size in crowd.index_bytes.items()]
    return rows


@dataclass(frozen=True)
class Varied:
    """An address of which each request asks for another one."""

    template: str
    values: tuple[str, ...] = ("",)

    def draw(self, dice: random.Random) -> str:
        """Return an address."""
        return self.template.replace("*", urllib.parse.quote(dice.choice(self.values)))


def _paths(customers: int) -> dict[str, Varied]:
    dice = random.Random(5)  # noqa: S311 - sample data
    told = tuple(str(1 + TOLD_EVERY * dice.randrange(customers // TOLD_EVERY)) for _ in range(200))
    suggest = "/search/suggest/?q=*"
    return {
        "overview": Varied("/"),
        "model": Varied("/model/"),
        "customer": Varied("/customers/*/", told),
        "worklist": Varied("/worklist/"),
        "list, by risk": Varied("/customers/"),
        "list, high and free": Varied("/customers/?band=high&level=free"),
        "list, by last visit": Varied("/customers/?sort=seen"),
        "list, by name": Varied("/customers/?sort=name"),
        "list, women, over 30 days ago": Varied("/customers/?gender=F&seen=over"),
        "list, risen": Varied("/customers/?risen=on"),
        "suggest, number's beginning": Varied(suggest, tuple(number[:3] for number in told)),
        "suggest, whole number": Varied(suggest, told),
        "suggest, one letter": Varied(suggest, tuple("abcdjklmrst")),
        "suggest, three letters": Varied(suggest, ("mar", "jon", "ale", "kat", "ste")),
        "suggest, two beginnings": Varied(suggest, ("ma be", "jo sa", "al ro", "da ch")),
        "suggest, two longer beginnings": Varied(suggest, ("mari bera", "joan sali", "kata roma")),
        "suggest, nobody": Varied(suggest, ("qqqzz", "zzxq vvw")),
    }


class Desk:
    """A signed-in agent without a browser."""

    def __init__(self, address: str, password: str) -> None:
        """Log in through the form."""
        self._address = address
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        form = self._read("/login/").decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token is not None
        data = {"csrfmiddlewaretoken": token[1], "login": "agent", "password": password}
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{address}/login/", urllib.parse.urlencode(data).encode(), {"Referer": f"{address}/login/"}
        )
        with self._opener.open(request) as answer:
            assert "/login/" not in answer.url

    def timed(self, varied: Varied) -> tuple[float, float, float]:
        """Return the median, the 95th percentile and the slowest of `ROUNDS` requests, in milliseconds."""
        dice = random.Random(6)  # noqa: S311 - sample data
        found = []
        for turn in range(WARM + ROUNDS):
            path = varied.draw(dice)
            with _clock() as taken:
                self._read(path)
            if turn >= WARM:
                found.append(1000 * taken[0])
        return statistics.median(found), statistics.quantiles(found, n=20)[-1], max(found)

    def _read(self, path: str) -> bytes:
        with self._opener.open(self._address + path) as answer:
            body: bytes = answer.read()
            assert answer.status == 200
            return body


@contextmanager
def _clock() -> Iterator[list[float]]:
    taken: list[float] = []
    started = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - started)
