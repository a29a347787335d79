"""Every feature that the model reads is put into words here, and the words are read back."""

import re
from itertools import product

import pytest

from spark_assets.contracts.explanations import FIGURE, Topic
from spark_assets.features.registry import FEATURE, FEATURES, MODEL_FEATURES, Feature
from spark_assets.features.registry.formulas import Trend
from spark_assets.features.registry.sentences import (
    ASSUMED,
    absence,
    beyond_sentence,
    change_sentence,
    reason_sentence,
)
from spark_assets.features.registry.wording import Amount, Course, Flag, Share

EVERY = pytest.mark.parametrize("feature", [FEATURE[name] for name in MODEL_FEATURES], ids=lambda each: each.name)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TYPICAL = "; typical is "
UPWARDS = {"more", "longer"}
DOWNWARDS = {"fewer", "less", "shorter"}

VALUES: dict[type, tuple[float, ...]] = {
    Amount: (0, 0.0042, 0.13, 1, 3.5, 12, 99.6, 1_234.4),
    Share: (0, 0.0042, 0.09, 0.353, 0.5, 1),
    Course: (-1, -0.9, -0.25, -0.004, 0, 0.1, 0.332, 0.5, 0.98, 1),
    Flag: (0, 1),
}


def values_of(feature: Feature) -> tuple[float, ...]:
    return VALUES[type(feature.wording)]


def first_number(text: str) -> float:
    found = NUMBER.search(text)
    assert found, text
    return float(found[0].replace(",", ""))


def read_back(feature: Feature, text: str) -> float:
    """Return the value that a phrase, or what stands after "typical is", speaks of."""
    wording = feature.wording
    if isinstance(wording, Amount):
        return first_number(text) / wording.scale
    if isinstance(wording, Share):
        assert re.search(r"\d %", text), text
        return first_number(text) / 100
    if isinstance(wording, Course):
        return read_course(text.lower())
    assert isinstance(wording, Flag)
    return float(text.lower().startswith(wording.yes.lower()))


def read_course(text: str) -> float:
    """Return the trend that a change from before to now comes to."""
    if text.startswith("no ") or text == "none at all":
        return -1.0
    if "but none" in text or text == "a new beginning":
        return 1.0
    if text.startswith("as many"):
        return 0.0
    factor = first_number(text)
    if " times as many" not in text:
        factor = 1 + factor / 100 if re.match(r"[\d.]+ % more", text) else 1 - factor / 100
    return (factor - 1) / (factor + 1)


def shown_as(feature: Feature, value: float) -> object:
    """Return how near the number read back must come: within half a unit of the last digit shown."""
    if isinstance(feature.wording, Amount):
        return pytest.approx(value, rel=0.0051)
    if isinstance(feature.wording, Share):
        return pytest.approx(value, rel=0.051, abs=0.0005)
    return pytest.approx(value, abs=0.006)


@EVERY
def test_sentence_number_and_direction_agree(feature: Feature) -> None:
    for value, typical in product(values_of(feature), repeat=2):
        sentence = reason_sentence(feature, value, typical)
        phrase, _, shown = sentence.partition(TYPICAL)
        assert read_back(feature, phrase) == shown_as(feature, value), sentence
        if isinstance(feature.wording, Flag):
            assert phrase.endswith(", like most customers" if value == typical else ", unlike most customers")
        elif value == typical:
            assert phrase.endswith(", as usual")
            assert not shown
        else:
            against = re.search(r", (\w+) than usual$", phrase)
            assert against, sentence
            assert against[1] in (UPWARDS if value > typical else DOWNWARDS), sentence
            assert read_back(feature, shown) == shown_as(feature, typical), sentence


@EVERY
def test_the_window_is_named_and_no_other(feature: Feature) -> None:
    window = feature.formula.window
    for value in values_of(feature):
        sentence = reason_sentence(feature, value, None)
        named = set(re.findall(r"in the last (\d+) days", sentence))
        if isinstance(feature.formula, Trend):
            assert named == {str(feature.formula.days)}
            assert f"in the {feature.formula.days} before" in sentence
        else:
            assert named == ({str(window)} if isinstance(window, int) else set())


@EVERY
def test_the_sentence_names_what_it_counts(feature: Feature) -> None:
    """The unit's first word stands in it, in singular or plural, or the percent sign of a share."""
    for value in values_of(feature):
        sentence = reason_sentence(feature, value, None).lower()
        if isinstance(feature.wording, Amount):
            assert feature.unit.split()[0].removesuffix("s") in sentence
            assert "{" not in sentence
            counted = re.search(r"(?<![\d.,])1 ([a-z]+)", sentence)
            assert not counted or not counted[1].endswith("s"), sentence
        elif isinstance(feature.wording, Share):
            assert feature.unit.split()[0] == "share"


@EVERY
def test_an_unknown_value_says_why_and_what_the_model_does(feature: Feature) -> None:
    sentence = reason_sentence(feature, None, 4.0)
    assert sentence.endswith(f"; {ASSUMED}")
    assert "typical is" not in sentence
    assert not NUMBER.search(sentence) or isinstance(feature.formula.window, int)


@EVERY
def test_a_change_tells_now_and_then(feature: Feature) -> None:
    for new, old in product(values_of(feature), repeat=2):
        now, _, then = change_sentence(feature, new, old).partition("; ")
        assert read_back(feature, now) == shown_as(feature, new)
        if new == old:
            assert then == "unchanged"
        else:
            assert read_back(feature, then.removeprefix("was ")) == shown_as(feature, old)
    assert change_sentence(feature, values_of(feature)[0], None).endswith("; was unknown")
    assert change_sentence(feature, None, values_of(feature)[1]).lower().startswith(absence(feature))


@EVERY
def test_beyond_the_trained_range_tells_the_range(feature: Feature) -> None:
    value, (low, high) = values_of(feature)[0], values_of(feature)[-2:]
    phrase, _, saw = beyond_sentence(feature, value, low, high).partition("; training saw ")
    assert read_back(feature, phrase) == shown_as(feature, value)
    assert saw == f"{feature.wording.shown(low)} to {feature.wording.shown(high)}"


@EVERY
def test_nothing_but_numbers_reads_like_a_number(feature: Feature) -> None:
    """A portal writes figures for its reader's region, and has only the contract to tell them by."""
    for value, other in product(values_of(feature), repeat=2):
        wording = feature.wording
        shown = {number for each in (value, other) for number in FIGURE.findall(wording.shown(each))}
        for sentence in (
            reason_sentence(feature, value, other),
            change_sentence(feature, value, other),
            beyond_sentence(feature, value, other, other),
        ):
            assert set(FIGURE.findall(sentence)) <= shown, sentence
            assert not re.search(r"\d[.,]\d", FIGURE.sub("", sentence)), sentence


def test_no_topic_is_without_features_and_no_feature_without_one() -> None:
    assert {feature.topic for feature in FEATURES if feature.for_model} == set(Topic)


def test_sentences_as_people_read_them() -> None:
    said = {
        ("adverts_7d", 12.0, 4.0): "12 adverts in the last 7 days, more than usual; typical is 4",
        ("adverts_7d", 1.0, 4.0): "1 advert in the last 7 days, fewer than usual; typical is 4",
        ("adverts_7d", None, 4.0): f"Not known from the logs; {ASSUMED}",
        ("adverts_per_song", 0.123, 0.04): "12.3 adverts per 100 songs, more than usual; typical is 4",
        ("night_share_30d", 0.353, 0.2): "35 % of songs heard at night (UTC) in the last 30 days, more than usual; "
        "typical is 20 %",
        ("thumbs_down_share_30d", None, 0.2): f"No thumbs up or down in the last 30 days; {ASSUMED}",
        ("songs_trend_7d", -0.25, 0.0): "40 % fewer songs in the last 7 days than in the 7 before, fewer than usual; "
        "typical is as many",
        ("songs_trend_7d", 0.5, -1.0): "3 times as many songs in the last 7 days as in the 7 before, more than usual; "
        "typical is none at all",
        ("songs_trend_7d", -1.0, 0.5): "No songs in the last 7 days, but some in the 7 before, fewer than usual; "
        "typical is 3 times as many",
        ("days_since_error", 0.0, 9.0): "An error 0 days ago, shorter than usual; typical is 9",
        ("days_since_error", 12.0, 9.0): "No error for 12 days, longer than usual; typical is 9",
        ("gap_days", None, 2.0): f"Active on one day only; {ASSUMED}",
        ("is_paid", 0.0, 1.0): "On the free level, unlike most customers",
        ("is_female", None, 1.0): f"The logs hold no gender; {ASSUMED}",
        ("account_age_days", 1_204.0, 1_199.9): "Registered 1,204 days ago, longer than usual; typical is 1,200",
    }
    assert {key: reason_sentence(FEATURE[key[0]], *key[1:]) for key in said} == said
