"""Names and places of a made-up crowd: tens of thousands, built from syllables, common ones far more common."""

import random

FIRST_NAMES = 24_000
LAST_NAMES = 60_000
PLACES = 920

_OPENING = [
    "ma",
    "ja",
    "jo",
    "da",
    "mi",
    "ka",
    "al",
    "an",
    "ch",
    "sa",
    "be",
    "ro",
    "le",
    "st",
    "th",
    "an",
    "er",
    "ri",
    "ca",
    "so",
    "ni",
    "to",
    "pa",
    "lu",
    "ha",
    "em",
    "gr",
    "wi",
    "fr",
    "ol",
    "zé",
    "iv",
]
_MIDDLE = [
    "ri",
    "na",
    "le",
    "li",
    "to",
    "ra",
    "mi",
    "de",
    "so",
    "va",
    "no",
    "be",
    "ta",
    "sha",
    "co",
    "ke",
    "do",
    "si",
    "lo",
    "ga",
    "me",
    "ci",
    "ro",
    "ve",
    "hé",
    "ste",
]
_FIRST_END = ["a", "e", "n", "s", "lyn", "na", "el", "ie", "o", "th", "y", "ia", "r", "ette", "us", "in"]
_LAST_END = [
    "son",
    "er",
    "ez",
    "man",
    "ski",
    "ton",
    "ley",
    "s",
    "berg",
    "ova",
    "field",
    "wood",
    "well",
    "sen",
    "as",
    "häuser",
    "",
]
_PREFIXES = ("van der ", "de la ", "O'", "Mc", "St. ")
_TOWN_END = ["ville", "ton", "burg", "field", "port", "ford", "haven", "dale", "bury", "mont"]
_REGIONS = [
    "AL",
    "AZ",
    "AR",
    "CA",
    "CO",
    "CT",
    "DE",
    "FL",
    "GA",
    "ID",
    "IL",
    "IN",
    "IA",
    "KS",
    "KY",
    "LA",
    "ME",
    "MD",
    "MA-NH",
    "MI",
    "MN",
    "MS",
    "MO",
    "MT",
    "NE",
    "NV",
    "NJ",
    "NM",
    "NY-NJ-PA",
    "NC-SC",
    "ND",
    "OH",
    "OK",
    "OR",
    "PA",
    "RI",
    "SC",
    "SD",
    "TN-MS",
    "TX",
    "UT",
    "VT",
    "VA",
    "WA",
    "WV",
    "WI",
    "WY",
    "DC-VA-MD",
    "HI",
    "AK",
]


def first_names(dice: random.Random) -> list[str]:
    """Return distinct first names; one in twenty has two words."""
    found: dict[str, None] = {}
    while len(found) < FIRST_NAMES:
        name = _word(dice, _FIRST_END)
        found[f"{name} {_word(dice, _FIRST_END)}" if len(found) % 20 == 19 else name] = None
    return list(found)


def last_names(dice: random.Random) -> list[str]:
    """Return distinct last names; one in twenty-five has a prefix."""
    found: dict[str, None] = {}
    while len(found) < LAST_NAMES:
        name = _word(dice, _LAST_END)
        found[dice.choice(_PREFIXES) + name if len(found) % 25 == 24 else name] = None
    return list(found)


def places(dice: random.Random) -> list[str]:
    """Return distinct places as the logs write them: towns joined by hyphens, a comma, a region."""
    found: dict[str, None] = {}
    while len(found) < PLACES:
        towns = "-".join(_word(dice, _TOWN_END) for _ in range(dice.choice((1, 1, 2, 3))))
        found[f"{towns}, {_REGIONS[min(int(dice.expovariate(1 / 12)), len(_REGIONS) - 1)]}"] = None
    return list(found)


def _word(dice: random.Random, ends: list[str]) -> str:
    # the earlier an opening stands in its list, the more names begin with it
    opening = _OPENING[int(len(_OPENING) * dice.random() ** 1.6)]
    middle = "".join(dice.choices(_MIDDLE, k=dice.choice((0, 1, 1, 1, 2))))
    return (opening + middle + dice.choice(ends)).title()
