"""Sentences about one feature of one customer, each whole and checked by a test for every feature."""

from spark_assets.features.registry.feature import Feature
from spark_assets.features.registry.formulas import Formula, Ratio, Repeated, Spread, Trend
from spark_assets.features.registry.wording import AS_USUAL, Flag, last

ASSUMED = "the model assumes what is typical"

_THINGS = {
    "days_active": "active days",
    "days_listened": "days with a song",
    "actions": "events",
    "thumbs_up": "thumbs up or down",
    "thumbs_down": "thumbs down",
    "adverts": "adverts",
    "sessions": "sessions",
    "songs": "songs",
}
_FACTS = {
    "account_age_days": "the logs hold no registration date",
    "gap_days": "active on one day only",
    "silence_against_gap": "active on one day only",
    "gender": "the logs hold no gender",
    "level": "the logs hold no level",
    "device": "the logs name no device",
}


def reason_sentence(feature: Feature, value: float | None, typical: float | None) -> str:
    """The customer's own number beside the typical one: `12 adverts in the last 7 days, more than usual; typical is 4`.

    An unknown value is said as such, with what the model does about it.
    """
    if value is None:
        return _sentence(f"{absence(feature)}; {ASSUMED}")
    phrase = feature.wording.phrase(value)
    if typical is None:
        return _sentence(phrase)
    against = feature.wording.against(value, typical)
    if isinstance(feature.wording, Flag) or against == AS_USUAL:
        return _sentence(f"{phrase}, {against}")
    return _sentence(f"{phrase}, {against}; typical is {feature.wording.shown(typical)}")


def change_sentence(feature: Feature, new: float | None, old: float | None) -> str:
    """The customer's number now and at the last snapshot: `12 adverts in the last 7 days; was 3`."""
    now = absence(feature) if new is None else feature.wording.phrase(new)
    if new is not None and old is not None and feature.wording.shown(new) == feature.wording.shown(old):
        return _sentence(f"{now}; unchanged")
    return _sentence(f"{now}; was {'unknown' if old is None else feature.wording.shown(old)}")


def beyond_sentence(feature: Feature, value: float, low: float, high: float) -> str:
    """A value outside of what the model was trained on: `312 adverts in the last 7 days; training saw 0 to 140`."""
    wording = feature.wording
    return _sentence(f"{wording.phrase(value)}; training saw {wording.shown(low)} to {wording.shown(high)}")


def absence(feature: Feature) -> str:
    """Why there is no value: what had to happen for one did not."""
    things = _counted(feature.formula)
    if things is None:
        return _FACTS.get(getattr(feature.formula, "fact", ""), "not known from the logs")
    return f"no {_THINGS[things]}{last(feature.formula.window) or ' in the logs'}"


def _counted(formula: Formula) -> str | None:
    """What the formula divides by."""
    if isinstance(formula, Ratio):
        return formula.under[0]
    if isinstance(formula, Trend | Spread):
        return formula.source
    return formula.counted if isinstance(formula, Repeated) else None


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
