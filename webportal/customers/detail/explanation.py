"""The published explanation of a customer: reasons by topic, changes and warnings, ready to show."""

import json
import math
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts.explanations import Change, ModelFacts, Move, Reason, Topic, points
from webportal.common.localization import in_region
from webportal.customers.models import CustomerColumns, Snapshot

TOPIC_NAMES: dict[str, str | Promise] = {
    Topic.SONGS: _("Songs and days with music"),
    Topic.COURSE: _("Lately against before"),
    Topic.SILENCE: _("Time since last seen"),
    Topic.VARIETY: _("Variety of music"),
    Topic.RHYTHM: _("When music is heard"),
    Topic.VISITS: _("Number of sessions"),
    Topic.LENGTH: _("Length of sessions"),
    Topic.THUMBS: _("Thumbs up and down"),
    Topic.SOCIAL: _("Friends and playlists"),
    Topic.ADVERTS: _("Adverts"),
    Topic.ERRORS: _("Errors"),
    Topic.HELP: _("Help and settings"),
    Topic.AGE: _("Time as a customer"),
    Topic.PLAN: _("Free or paid"),
    Topic.PERSON: _("Gender"),
    Topic.DEVICE: _("Device"),
}


def topic_name(key: str) -> str | Promise:
    """Return the name of a topic; one that this portal does not know yet is shown as its key."""
    return TOPIC_NAMES.get(key, key)


_NEAR_ZERO = 1e-12


@dataclass(frozen=True)
class Part:
    """A topic's part in the probability: in percentage points without a sign, and in percent of the longest bar."""

    topic: str | Promise
    sentence: str
    raises: bool
    points: float
    length: float


@dataclass(frozen=True)
class Explanation:
    """The parts that are told of, and in log-odds what they start from and what all the others come to."""

    parts: tuple[Part, ...]
    base_percent: float
    others_raise: bool
    others_points: float


@dataclass(frozen=True)
class Moved:
    """A topic whose part moved since the date before, and whether that brought the probability up or down."""

    topic: str | Promise
    sentence: str
    up: bool


@dataclass(frozen=True)
class ChangeReading:
    """What changed since `since`; without `comparable` the model is another, and without `was` there was no score.

    Probabilities are in percent; `difference` is now minus then, as shown.
    """

    since: date
    comparable: bool
    was: float | None
    difference: float
    moved: tuple[Moved, ...]

    @property
    def size(self) -> float:
        """The difference without its sign."""
        return abs(self.difference)


def facts_of(snapshot: Snapshot) -> ModelFacts | None:
    """Return what the scores of a snapshot rest on; None when nothing was scored."""
    return cast(ModelFacts | None, snapshot.model_facts)


def read_explanation(customer: CustomerColumns, snapshot: Snapshot) -> Explanation | None:
    """Return the reasons of a scored customer, or None where there are none."""
    facts = facts_of(snapshot)
    if facts is None or customer.reasons is None or customer.churn_probability is None:
        return None
    reasons: list[Reason] = json.loads(customer.reasons)
    log_odds = _log_odds(customer.churn_probability)
    sizes = [abs(points(log_odds, reason["c"])) for reason in reasons]
    longest = max(sizes, default=0) or 1
    others = log_odds - facts["base"] - sum(reason["c"] for reason in reasons)
    return Explanation(
        parts=tuple(_part(facts, reason, size, longest) for reason, size in zip(reasons, sizes, strict=True)),
        base_percent=100 / (1 + math.exp(-facts["base"])),
        others_raise=others > 0,
        others_points=abs(points(log_odds, others)),
    )


def read_change(customer: CustomerColumns, snapshot: Snapshot) -> ChangeReading | None:
    """Return what changed since the as-of date before, or None when there was none, or no score now."""
    facts = facts_of(snapshot)
    if facts is None or facts["previous"] is None or customer.churn_probability is None:
        return None
    since, comparable = date.fromisoformat(facts["previous"]["as_of"]), facts["previous"]["same_model"]
    if not comparable or customer.change is None:
        return ChangeReading(since, comparable, was=None, difference=0.0, moved=())
    change: Change = json.loads(customer.change)
    was = 100 * change["p"]
    difference = round(100 * customer.churn_probability, 1) - round(was, 1)
    return ChangeReading(
        since, comparable, was, round(difference, 1), tuple(_moved(facts, move) for move in change["m"])
    )


def _part(facts: ModelFacts, reason: Reason, size: float, longest: float) -> Part:
    return Part(
        topic=_topic(facts, reason["f"]),
        sentence=in_region(reason["s"]),
        raises=reason["c"] > 0,
        points=size,
        length=100 * size / longest,
    )


def _moved(facts: ModelFacts, move: Move) -> Moved:
    return Moved(_topic(facts, move["f"]), in_region(move["s"]), up=move["n"] > move["o"])


def _topic(facts: ModelFacts, feature: str) -> str | Promise:
    return topic_name(facts["features"][feature]["topic"])


def _log_odds(probability: float) -> float:
    """Return finite log-odds also for a probability that is published as 0 or 1."""
    within = min(max(probability, _NEAR_ZERO), 1 - _NEAR_ZERO)
    return math.log(within / (1 - within))
