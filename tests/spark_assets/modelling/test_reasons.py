import math

import numpy as np
import pytest

from spark_assets.modelling.reasons import Before, DoubtLimits, Teller, Topics
from spark_assets.modelling.reference_profile import FeatureReference

NAMES = ("adverts_7d", "songs_7d", "thumbs_down_share_30d", "days_known")
NAN = math.nan
ENOUGH = np.array([[60.0, 30.0]])


def known(low: float, high: float) -> FeatureReference:
    """Training examples spread evenly from low to high."""
    return FeatureReference(tuple(np.linspace(low, high, 101).tolist()), (low + high) / 2, (low + high) / 2)


TELLER = Teller(
    Topics(NAMES),
    (known(0, 8), known(0, 500), known(0, 1), known(10, 70)),
    DoubtLimits(days_known=14, days_listened=3, outside_percent=25),
)


def values(*row: float) -> np.ndarray:
    return np.array([row])


def test_reasons_come_by_weight_with_the_customers_own_numbers() -> None:
    ((adverts, thumbs, songs),) = TELLER.reasons(np.array([[0.61234, -0.25, 0.4, 0.0]]), values(6, 400, NAN, 30))
    assert adverts == {
        "f": "adverts_7d",
        "c": 0.612,
        "v": 6,
        "q": 75,
        "s": "6 adverts in the last 7 days, more than usual; typical is 4",
    }
    assert (thumbs["f"], thumbs["v"], thumbs["q"]) == ("thumbs_down_share_30d", None, None)
    assert thumbs["s"] == "No thumbs up or down in the last 30 days; the model assumes what is typical"
    assert (songs["f"], songs["c"]) == ("songs_7d", -0.25)


def test_what_changed_is_told_with_old_and_new() -> None:
    before = Before(np.array([0.2]), np.array([[0.1, -0.25, 0.4, 0.0]]), values(1, 400, NAN, 23))
    (change,) = TELLER.changes(np.array([[0.6, -0.3, 0.4, 0.0]]), values(6, 300, NAN, 30), before)
    assert change == {
        "p": 0.2,
        "m": [
            {"f": "adverts_7d", "o": 0.1, "n": 0.6, "s": "6 adverts in the last 7 days; was 1"},
            {"f": "songs_7d", "o": -0.25, "n": -0.3, "s": "300 songs in the last 7 days; was 400"},
        ],
    }


def test_a_customer_without_a_score_before_has_no_change() -> None:
    before = Before(np.array([NAN]), np.full((1, 4), NAN), np.full((1, 4), NAN))
    assert TELLER.changes(np.ones((1, 4)), values(1, 2, 3, 4), before) == [None]


def test_an_ordinary_customer_is_not_doubted() -> None:
    assert TELLER.doubts(np.array([[0.5, 0.2, 0.0, 0.0]]), values(4, 100, NAN, 60), ENOUGH) == [[]]


@pytest.mark.parametrize(
    ("days", "code", "words"),
    [
        ((13, 9), "new", "Known from the logs for 13 days only; below 14 says little."),
        ((1, 1), "new", "Known from the logs for 1 day only; below 14 says little."),
        ((14, 2), "few", "Music on 2 days only; below 3 says little."),
        ((NAN, 0), "new", "Known from the logs for 0 days only; below 14 says little."),
    ],
)
def test_too_little_history(days: tuple[float, float], code: str, words: str) -> None:
    assert TELLER.doubts(np.zeros((1, 4)), values(4, 100, NAN, 60), np.array([days])) == [[{"c": code, "s": words}]]


def test_a_leading_feature_beyond_the_trained_range() -> None:
    contributions = np.array([[0.05, 0.9, 0.9, 0.9]])
    told = TELLER.doubts(contributions, values(31, 100, NAN, 60), ENOUGH)
    assert told == [[{"c": "beyond", "s": "31 adverts in the last 7 days; training saw 0 to 8."}]]


def test_a_feature_beyond_that_weighs_nothing_is_no_doubt() -> None:
    assert TELLER.doubts(np.array([[0.0, 0.9, 0.9, 0.9]]), values(31, 100, NAN, 60), ENOUGH) == [[]]


def test_much_of_the_weight_beyond_the_range_without_leading() -> None:
    """Adverts lead nothing, as the two of the topic cancel out, but half of all weight lies beyond."""
    teller = Teller(
        Topics(("adverts_7d", "adverts_30d", "songs_7d")), (known(0, 8), known(0, 30), known(0, 500)), TELLER.limits
    )
    told = teller.doubts(np.array([[0.5, -0.5, 0.4]]), values(31, 20, 100), ENOUGH)
    assert [each["c"] for each in told[0]] == ["beyond"]
