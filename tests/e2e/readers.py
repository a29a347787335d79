"""Readers who keep asking the portal while something is done to it: what they saw, and how long they waited."""

import re
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

MOST_LOOKS = 5_000
PAUSE_SECONDS = 0.05
_NAME = re.compile(r'class="customer-name">([^<]*)<')


@dataclass
class Seen:
    """What the pages showed, each as sorted (name, how often), and the seconds of each answer."""

    pages: set[tuple[tuple[str, int], ...]] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        longest, typical = 1_000 * max(self.seconds), 1_000 * median(self.seconds)
        return f"{len(self.seconds)} looks at the list, typically {typical:.0f} ms, the longest {longest:.0f} ms"


@contextmanager
def reading(opener: urllib.request.OpenerDirector, url: str) -> Iterator[Seen]:
    """Look at a list of customers every few milliseconds until the block ends, at most `MOST_LOOKS` times."""
    seen, over = Seen(), threading.Event()
    thread = threading.Thread(target=_look, args=(opener, url, seen, over))
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join(timeout=60)


def _look(opener: urllib.request.OpenerDirector, url: str, seen: Seen, over: threading.Event) -> None:
    while len(seen.seconds) < MOST_LOOKS and not over.wait(PAUSE_SECONDS):
        began = time.monotonic()
        try:
            with opener.open(url, timeout=30) as page:
                names = Counter(_NAME.findall(page.read().decode()))
            seen.pages.add(tuple(sorted(names.items())))
        except OSError as error:
            seen.failures.append(repr(error))
        seen.seconds.append(time.monotonic() - began)
