"""Pages of the service: how each is logged, and which page a listener opens after which.

The shares are of the size met in logs of such a service; what is missing to 1 returns to the music.
"""

from collections.abc import Mapping
from itertools import accumulate, product

FREE, PAID = "free", "paid"
LOGGED_IN, LOGGED_OUT, GUEST, CANCELLED = "Logged In", "Logged Out", "Guest", "Cancelled"

NEXT_SONG, HOME, LOGIN, LOGOUT = "NextSong", "Home", "Login", "Logout"
THUMBS_UP, THUMBS_DOWN = "Thumbs Up", "Thumbs Down"
ADD_FRIEND, ADD_TO_PLAYLIST = "Add Friend", "Add to Playlist"
ADVERT, ERROR, HELP, ABOUT = "Roll Advert", "Error", "Help", "About"
SETTINGS, SAVE_SETTINGS = "Settings", "Save Settings"
UPGRADE, SUBMIT_UPGRADE = "Upgrade", "Submit Upgrade"
DOWNGRADE, SUBMIT_DOWNGRADE = "Downgrade", "Submit Downgrade"
CANCEL, CONFIRMATION = "Cancel", "Cancellation Confirmation"
REGISTER, SUBMIT_REGISTRATION = "Register", "Submit Registration"

METHOD_AND_STATUS = {
    NEXT_SONG: ("PUT", 200),
    ADD_TO_PLAYLIST: ("PUT", 200),
    ERROR: ("GET", 404),
    **dict.fromkeys((HOME, ADVERT, HELP, ABOUT, SETTINGS, UPGRADE, DOWNGRADE, CONFIRMATION, REGISTER), ("GET", 200)),
    **dict.fromkeys((THUMBS_UP, THUMBS_DOWN, ADD_FRIEND, LOGIN, LOGOUT, SAVE_SETTINGS), ("PUT", 307)),
    **dict.fromkeys((SUBMIT_UPGRADE, SUBMIT_DOWNGRADE, CANCEL, SUBMIT_REGISTRATION), ("PUT", 307)),
}
"""How a page is requested and answered."""

IMMEDIATE = frozenset(page for page, (method, _) in METHOD_AND_STATUS.items() if method == "PUT")
"""Clicks that follow the page before within a second; the others are opened after a while."""

Shares = Mapping[str, float]

AFTER_SONG: Mapping[str, Shares] = {
    FREE: {
        ADVERT: 0.0871, THUMBS_UP: 0.0507, ADD_TO_PLAYLIST: 0.0250, LOGOUT: 0.0150, HOME: 0.0195, THUMBS_DOWN: 0.0133,
        ADD_FRIEND: 0.0102, UPGRADE: 0.0101, SETTINGS: 0.0051, HELP: 0.0048, ABOUT: 0.0022, ERROR: 0.0017,
    },
    PAID: {
        THUMBS_UP: 0.0531, ADD_TO_PLAYLIST: 0.0250, HOME: 0.0200, THUMBS_DOWN: 0.0106, ADD_FRIEND: 0.0100,
        DOWNGRADE: 0.0100, LOGOUT: 0.0092, SETTINGS: 0.0051, HELP: 0.0049, ABOUT: 0.0020, ADVERT: 0.0015, ERROR: 0.0012,
    },
}  # fmt: skip
"""By level: the page opened during a song."""

_AFTER_PAGE: Mapping[str, Shares] = {
    ABOUT: {HOME: 0.20, ADD_FRIEND: 0.055, ABOUT: 0.055, HELP: 0.014, LOGOUT: 0.012},
    ADD_FRIEND: {ADD_FRIEND: 0.30, HOME: 0.025, LOGOUT: 0.012, SETTINGS: 0.012, HELP: 0.002, ABOUT: 0.002},
    ADD_TO_PLAYLIST: {THUMBS_UP: 0.011, HELP: 0.002},
    ADVERT: {ADVERT: 0.028, LOGOUT: 0.015, ERROR: 0.002},
    DOWNGRADE: {HOME: 0.099, LOGOUT: 0.099, DOWNGRADE: 0.073, SUBMIT_DOWNGRADE: 0.04, HELP: 0.005, CANCEL: 0.0006},
    ERROR: {HOME: 0.195, LOGOUT: 0.02, HELP: 0.008, ERROR: 0.002},
    HELP: {HOME: 0.12, HELP: 0.045, ADD_FRIEND: 0.045, SETTINGS: 0.028, LOGOUT: 0.013, ABOUT: 0.002},
    HOME: {ADD_FRIEND: 0.051, SETTINGS: 0.02, LOGOUT: 0.011, HOME: 0.011, ABOUT: 0.002, HELP: 0.002, ERROR: 0.001},
    SAVE_SETTINGS: {HOME: 0.89, SETTINGS: 0.11},
    SETTINGS: {SAVE_SETTINGS: 0.20, SETTINGS: 0.066, HOME: 0.06, HELP: 0.055, ADD_FRIEND: 0.02, LOGOUT: 0.01,
               CANCEL: 0.0006},
    SUBMIT_DOWNGRADE: {HOME: 1.0},
    SUBMIT_UPGRADE: {HOME: 1.0},
    THUMBS_DOWN: {HELP: 0.022, SETTINGS: 0.018, LOGOUT: 0.016},
    THUMBS_UP: {ADD_TO_PLAYLIST: 0.066, ERROR: 0.001},
    UPGRADE: {SUBMIT_UPGRADE: 0.297, HOME: 0.102, UPGRADE: 0.06, ADD_FRIEND: 0.052, LOGOUT: 0.016, ABOUT: 0.004},
    CANCEL: {ERROR: 0.5, HOME: 0.5},
}  # fmt: skip
# `Cancel` here is the change of mind: only the hazard ever leads to a `Cancellation Confirmation`.

_SIGNED_OUT: Mapping[str, Shares] = {
    LOGOUT: {HOME: 0.995, ERROR: 0.005},
    HOME: {LOGIN: 0.66, HOME: 0.15, ABOUT: 0.12, HELP: 0.066, ERROR: 0.004},
    ABOUT: {LOGIN: 0.53, HOME: 0.37, ABOUT: 0.05, HELP: 0.05},
    HELP: {LOGIN: 0.50, HOME: 0.38, HELP: 0.12},
    ERROR: {HOME: 0.66, HELP: 0.20, LOGIN: 0.14},
}

_CLOSING: Shares = {LOGOUT: 0.19, HOME: 0.15, THUMBS_UP: 0.09, ADD_TO_PLAYLIST: 0.05, ADD_FRIEND: 0.03, ABOUT: 0.018}


class Choice:
    """A weighted choice of the next page; `None` is a return to the music."""

    def __init__(self, shares: Shares) -> None:
        self.pages: list[str | None] = [*shares, None]
        self.bounds = list(accumulate(shares.values()))


AFTER_PAGE = {page: Choice(shares) for page, shares in _AFTER_PAGE.items()}
SIGNED_OUT = {page: Choice(shares) for page, shares in _SIGNED_OUT.items()}
CLOSING = Choice(_CLOSING)


def _fragment(page: str, auth: str, level: str) -> str:
    method, status = METHOD_AND_STATUS[page]
    return f',"page":"{page}","auth":"{auth}","method":"{method}","status":{status},"level":"{level}","itemInSession":'


FRAGMENTS = {
    key: _fragment(*key) for key in product(METHOD_AND_STATUS, (LOGGED_IN, LOGGED_OUT, GUEST, CANCELLED), (FREE, PAID))
}
"""By page, auth and level: the middle of a log line, from `page` up to the value of `itemInSession`."""
