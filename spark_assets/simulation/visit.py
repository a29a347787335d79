"""One visit: from the first page to the last, written line by line as the service would log it."""

import math
from bisect import bisect
from collections import Counter
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from spark_assets.simulation import pages as p
from spark_assets.simulation.catalogue import Catalogue
from spark_assets.simulation.profile import Profile
from spark_assets.simulation.settings import Draws

MEDIAN_PAUSE, PAUSE_SPREAD, LONGEST_PAUSE = 32.0, 1.4, 900
"""Seconds before a page is opened: median, sigma of its logarithm, most."""
HURRIED_PAUSE = 60
"""Most seconds between pages of a visit that ends in a cancellation, so that it ends on its day."""
STAYS_OUT_SHARE = 0.18
"""Share of logouts after which the visit is over."""
SKIP_AFTER_THUMBS_DOWN = 0.5
SIGNED_OUT_START, HOME_START = 0.18, 0.33

_REASONS = {
    p.FREE: p.Choice({p.ADVERT: 0.50, p.SETTINGS: 0.28, p.THUMBS_DOWN: 0.22}),
    p.PAID: p.Choice({p.DOWNGRADE: 0.62, p.ADVERT: 0.12, p.SETTINGS: 0.18, p.THUMBS_DOWN: 0.08}),
}


class Log:
    """Lines of one listener in order of time: `seconds[i]` (Unix seconds) belongs to `lines[i]`."""

    def __init__(self) -> None:
        self.seconds: list[int] = []
        self.lines: list[str] = []


class Visit:
    """The state of one visit: who (signed in or out), on which level, at which item, and what was met so far."""

    def __init__(
        self, profile: Profile, catalogue: Catalogue, draws: Draws, log: Log, session_id: int, level: str
    ) -> None:
        self.level = level
        self.over = False
        self.final = False
        self.counts: Counter[str] = Counter()
        self.music_seconds = 0
        self._profile, self._catalogue, self._draws, self._log = profile, catalogue, draws, log
        self._item = 0
        self._known = f'000,"userId":"{profile.user_id}","sessionId":{session_id}'
        self._unknown = f'000,"userId":"","sessionId":{session_id}'
        self._ending = profile.person + "}"

    def register(self, at: int) -> int:
        """Look around as a guest and submit the registration at second `at`; return when Home is open."""
        wandering = [p.HOME, *(page for page in (p.ABOUT, p.HOME, p.HELP) if self._draws.uniform() < 0.5), p.REGISTER]
        while self._draws.uniform() < 0.55:  # a try that was not sent
            wandering = [p.HOME, p.REGISTER, *wandering]
        for step, page in enumerate(wandering):
            self._write_unknown(page, p.GUEST, at - 17 * (len(wandering) - step))
        self._write_unknown(p.SUBMIT_REGISTRATION, p.GUEST, at)
        self._write(p.HOME, at + 2)
        return at + 4

    def open(self, at: int) -> int:
        """Arrive at second `at`: signed out, at Home, or straight at the music; return when the music can start."""
        draw = self._draws.uniform()
        if draw < SIGNED_OUT_START:
            self._write_unknown(p.HOME, p.LOGGED_OUT, at)
            return self._browse(p.HOME, self._sign_in(p.HOME, at)) + 2
        if draw < SIGNED_OUT_START + HOME_START:
            return self._browse(p.HOME, at) + 2
        return at

    def play(self, at: int, songs: int, dislike: float, until: int) -> int:
        """Play up to `songs` songs, no new one after second `until`; return when the last one ends.

        `dislike` is a factor on the share of Thumbs Down.
        """
        if self.over:  # signed out again before the first song
            return at
        catalogue, rng = self._catalogue, self._draws.rng
        picks = np.searchsorted(catalogue.song_bounds, rng.random(songs), side="right")
        moods = rng.random(songs)
        heard = self._heard(catalogue.song_seconds[picks], moods)
        add_second, add_line, json = self._log.seconds.append, self._log.lines.append, catalogue.song_json
        bounds, choices, middle = self._during_song(dislike)
        start, person, level, played = self._known, self._profile.person, self.level, 0
        for pick, seconds, mood in zip(picks.tolist(), heard.tolist(), moods.tolist(), strict=True):
            add_second(at)
            add_line(f'{{"ts":{at}{start}{middle}{self._item}{person}{json[pick]}')
            self._item += 1
            played += seconds
            then = at + seconds
            if mood < bounds[-1]:
                page = choices[bisect(bounds, mood)]
                browsed = self._browse(page, at)
                skips = page == p.THUMBS_DOWN and self._draws.uniform() < SKIP_AFTER_THUMBS_DOWN
                then = browsed + 2 if skips else max(then, browsed + 2)
                if self.level != level:
                    level = self.level
                    bounds, choices, middle = self._during_song(dislike)
            at = then
            if at >= until or self.over:
                break
        self.music_seconds += played
        return at

    def close(self, at: int) -> int:
        """Leave: often without a trace, at times with a last page or a logout; return the last second."""
        page = _pick(p.CLOSING, self._draws.uniform())
        if page is None:
            return at
        at = self._write(page, at + 1)
        return self._sign_out(at) if page == p.LOGOUT else at

    def cancel(self, at: int) -> int:
        """Cancel the account: a reason's page, Cancel, Cancellation Confirmation; return the last second."""
        reason = _pick(_REASONS[self.level], self._draws.uniform())
        if reason is not None:
            at = self._write(reason, at + self._pause())
        at = self._write(p.CANCEL, at + 1)
        return self._write(p.CONFIRMATION, at + self._pause(), p.CANCELLED)

    def _during_song(self, dislike: float) -> tuple[list[float], list[str], str]:
        """Cumulative shares of the pages opened during a song, these pages, and the middle of a song's line."""
        me = self._profile
        scales = {
            p.ADVERT: me.advert_scale,
            p.ERROR: me.error_scale,
            p.THUMBS_DOWN: me.dislike_scale * dislike,
            p.ADD_FRIEND: me.social_scale,
            p.ADD_TO_PLAYLIST: me.playlist_scale,
        }
        shares = {page: share * scales.get(page, 1.0) for page, share in p.AFTER_SONG[self.level].items()}
        return list(accumulate(shares.values())), list(shares), p.FRAGMENTS[p.NEXT_SONG, p.LOGGED_IN, self.level]

    def _heard(self, seconds: NDArray[np.int64], moods: NDArray[np.float64]) -> NDArray[np.int64]:
        """Seconds of each song until the next; the highest moods skip it, after a part that is uniform."""
        skip = self._profile.skip_share
        part = np.where(moods > 1.0 - skip, (moods - (1.0 - skip)) / skip, 1.0)
        heard: NDArray[np.int64] = np.maximum((seconds * part).astype(np.int64), 2)
        return heard

    def _browse(self, page: str | None, at: int) -> int:
        """Open `page` and those that follow from it, until the music goes on; return the last second."""
        while page is not None:
            at += 1 if page in p.IMMEDIATE else self._pause()
            self._write(page, at)
            if page == p.LOGOUT:
                if not self.final and self._draws.uniform() < STAYS_OUT_SHARE:
                    self.over = True
                    return self._sign_out(at)
                at, page = self._sign_in(p.LOGOUT, at), p.HOME
                continue
            if page == p.SUBMIT_UPGRADE:
                self.level = p.PAID
            elif page == p.SUBMIT_DOWNGRADE:
                self.level = p.FREE
            page = _pick(p.AFTER_PAGE[page], self._draws.uniform())
        return at

    def _sign_in(self, page: str, at: int) -> int:
        """Wander from `page` through signed-out pages up to the Login; return its second."""
        while page != p.LOGIN:
            page = _pick(p.SIGNED_OUT[page], self._draws.uniform()) or p.HOME
            at += 1 if page == p.LOGIN else self._pause()
            self._write_unknown(page, p.LOGGED_OUT, at)
        return at

    def _sign_out(self, at: int) -> int:
        """See up to two signed-out pages after the logout and leave."""
        for page in (p.HOME, p.HOME):
            if self._draws.uniform() < 0.5:
                return at
            at += self._pause()
            self._write_unknown(page, p.LOGGED_OUT, at)
        return at

    def _write(self, page: str, at: int, auth: str = p.LOGGED_IN) -> int:
        self.counts[page] += 1
        self._append(at, f"{self._known}{p.FRAGMENTS[page, auth, self.level]}{self._item}{self._ending}")
        return at

    def _write_unknown(self, page: str, auth: str, at: int) -> None:
        """Write a line without the personal keys: nobody is signed in."""
        self._append(at, f"{self._unknown}{p.FRAGMENTS[page, auth, self.level]}{self._item}}}")

    def _append(self, at: int, rest: str) -> None:
        self._log.seconds.append(at)
        self._log.lines.append(f'{{"ts":{at}{rest}')
        self._item += 1

    def _pause(self) -> int:
        """Seconds before a page that is opened at leisure."""
        seconds = int(MEDIAN_PAUSE * math.exp(PAUSE_SPREAD * self._draws.normal()))
        return min(max(seconds, 2), HURRIED_PAUSE if self.final else LONGEST_PAUSE)


def _pick(choice: p.Choice, draw: float) -> str | None:
    """Return the page that `draw` (0 to 1) falls on."""
    return choice.pages[bisect(choice.bounds, draw)]
