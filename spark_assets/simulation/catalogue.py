"""The made-up world: songs, names, places and browsers, built from syllables, the same in every run.

Strings are kept as ready JSON text, because a log line is assembled from them millions of times.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

CATALOGUE_SEED = 20_181_001
ARTISTS = 12_000
SONGS = 40_000
PLACES = 350

_SYLLABLES = tuple(
    re.findall(
        r"\w+",
        "ba be bo bra ca ché co da de dro el en fa fé fi ga go gri ha hol ja jo ka ki la le lo lu ma mé mi mo na ni "
        "nor o pa pe pi qua ra ri ro sa sé sha si so sta ta te ti to tri u va vé vi wa wen xi ya zo zu ñe ø å",
    )
)
_FIRST_ENDINGS = {
    "F": ("a", "ia", "elle", "ine", "e", "ya", "ë"),
    "M": ("n", "s", "rd", "o", "k", "el", "ús"),
}
_LAST_ENDINGS = ("son", "man", "ley", "ter", "well", "ford", "ez", "ski", "sen", "ng", "ão")
_PLACE_ENDINGS = ("ton", "ville", "burg", "field", "haven", " Falls", " City", " Springs", "port", "mouth")
_STATES = ("CA", "NY", "TX", "FL", "IL", "OH", "GA", "NC", "WA", "CO", "MN", "OR")
_WORDS_AFTER = ("", "", "", " (Live)", " (Album Version)", ' "Remix"', " feat. ", " & ", " - ")


@dataclass(frozen=True)
class Catalogue:
    """All that listeners and lines are made of.

    Attributes:
        song_bounds: Cumulative popularity of the songs, shape (SONGS,), ending at 1; Zipf-like.
        song_seconds: Whole seconds that each song plays, shape (SONGS,).
        song_json: End of a log line for each song: `,"artist":…,"song":…,"length":…}`.
        first_names: JSON strings by gender.
        last_names: JSON strings.
        places: JSON strings, the most crowded first.
        place_bounds: Cumulative shares of the places, shape (PLACES,).
        agents: JSON strings; some are in quotes of their own, as browsers are logged.
    """

    song_bounds: NDArray[np.float64]
    song_seconds: NDArray[np.int64]
    song_json: list[str]
    first_names: dict[str, list[str]]
    last_names: list[str]
    places: list[str]
    place_bounds: NDArray[np.float64]
    agents: list[str]


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """Build the catalogue, once in each process."""
    rng = np.random.default_rng(CATALOGUE_SEED)
    seconds, song_json = _songs(rng)
    return Catalogue(
        song_bounds=_zipf_bounds(SONGS, 0.9, 20.0),
        song_seconds=seconds,
        song_json=song_json,
        first_names={gender: _names(rng, 400, endings) for gender, endings in _FIRST_ENDINGS.items()},
        last_names=_names(rng, 900, _LAST_ENDINGS),
        places=_places(rng),
        place_bounds=_zipf_bounds(PLACES, 0.9, 3.0),
        agents=_agents(),
    )


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _zipf_bounds(count: int, exponent: float, offset: float) -> NDArray[np.float64]:
    """Cumulative shares of `count` ranks whose popularity falls as (rank + offset) to the -exponent."""
    shares = (np.arange(1, count + 1) + offset) ** -exponent
    bounds = np.cumsum(shares / shares.sum())
    bounds[-1] = 1.0
    return bounds


def _words(rng: np.random.Generator, count: int, most: int = 4) -> list[str]:
    """Words of two to `most` syllables, capitalised."""
    lengths = rng.integers(2, most + 1, count)
    picks = iter(rng.integers(0, len(_SYLLABLES), int(lengths.sum())).tolist())
    return ["".join(_SYLLABLES[next(picks)] for _ in range(length)).capitalize() for length in lengths.tolist()]


def _names(rng: np.random.Generator, count: int, endings: tuple[str, ...]) -> list[str]:
    stems, picks = _words(rng, count, 2), rng.integers(0, len(endings), count).tolist()
    return [_text(stem + endings[pick]) for stem, pick in zip(stems, picks, strict=True)]


def _places(rng: np.random.Generator) -> list[str]:
    stems, neighbours = _words(rng, PLACES, 3), _words(rng, PLACES, 3)
    endings = rng.integers(0, len(_PLACE_ENDINGS), PLACES).tolist()
    states = rng.integers(0, len(_STATES), PLACES).tolist()
    return [
        _text(f"{stem}{_PLACE_ENDINGS[ending]}{'-' + neighbour if rank % 3 == 0 else ''}, {_STATES[state]}")
        for rank, (stem, neighbour, ending, state) in enumerate(zip(stems, neighbours, endings, states, strict=True))
    ]


def _songs(rng: np.random.Generator) -> tuple[NDArray[np.int64], list[str]]:
    """Return whole seconds and line endings of all songs; most last near four minutes, a few very long."""
    artists = [" ".join(pair) for pair in zip(_words(rng, ARTISTS), _words(rng, ARTISTS), strict=True)]
    owners = np.searchsorted(_zipf_bounds(ARTISTS, 0.8, 30.0), rng.random(SONGS)).tolist()
    lengths = np.clip(np.exp(5.45 + 0.24 * rng.standard_t(4, SONGS)), 15.0, 2700.0).round(5)
    heads, tails = _words(rng, SONGS), _words(rng, SONGS, 3)
    suffixes = rng.integers(0, len(_WORDS_AFTER), SONGS).tolist()
    lines = [
        f',"artist":{_text(artists[owners[i]])},"song":{_text(_title(heads[i], _WORDS_AFTER[suffixes[i]], tails[i]))}'
        f',"length":{length}}}'
        for i, length in enumerate(lengths.tolist())
    ]
    return np.floor(lengths).astype(np.int64), lines


def _title(head: str, suffix: str, tail: str) -> str:
    """Join a song's words; a suffix that ends in a blank wants another word."""
    return f"{head}{suffix}{tail}" if suffix.endswith(" ") else f"{head} {tail}{suffix}"


def _agents() -> list[str]:
    """Browsers by system: quoted when of the WebKit family, plain when of the Gecko one."""
    webkit = "AppleWebKit/537.36 (KHTML, like Gecko)"
    desktops = (
        "Windows NT 6.1; WOW64",
        "Windows NT 6.3; WOW64",
        "Macintosh; Intel Mac OS X 10_9_4",
        "X11; Linux x86_64",
    )
    chromes = [
        f'"Mozilla/5.0 ({system}) {webkit} Chrome/{major}.0.{build}.125 Safari/537.36"'
        for system in desktops
        for major, build in ((35, 1916), (36, 1985), (37, 2062))
    ]
    foxes = [f"Mozilla/5.0 ({system}; rv:{v}.0) Gecko/20100101 Firefox/{v}.0" for system in desktops for v in (30, 31)]
    hand_helds = [
        f'"Mozilla/5.0 ({device}; CPU {device} OS 7_1_{minor} like Mac OS X) {webkit} Mobile Safari/9537"'
        for device in ("iPhone", "iPad")
        for minor in (1, 2)
    ]
    return [_text(agent) for agent in (*chromes, *foxes, *hand_helds)]
