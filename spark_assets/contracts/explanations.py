"""Documents of the snapshot that explain a customer: reasons, change, warnings, and moments of the past."""

import math
import re
from enum import StrEnum
from typing import NotRequired, TypedDict

FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+", re.ASCII)
"""A number within a sentence whose writing depends on the reader: commas between thousands, a point before decimals.

Numbers of sentences with either sign read so, and nothing else in them does: the tests of the registry hold both. So a
reader may write them another way without knowing what a sentence says.
"""


LEAST_LEAVERS_TO_JUDGE = 8
"""Leavers, and as many stayers, in the window that judges a model: fewer tell nothing of how well it ranks."""


class Topic(StrEnum):
    """What contributions of features are summed under, so that a person understands them; the portal names them."""

    SONGS = "songs"
    COURSE = "course"
    SILENCE = "silence"
    VARIETY = "variety"
    RHYTHM = "rhythm"
    VISITS = "visits"
    LENGTH = "length"
    THUMBS = "thumbs"
    SOCIAL = "social"
    ADVERTS = "adverts"
    ERRORS = "errors"
    HELP = "help"
    AGE = "age"
    PLAN = "plan"
    PERSON = "person"
    DEVICE = "device"


class DoubtCode(StrEnum):
    """Why not to trust the score of a customer; what doubts a whole snapshot follows from its `ModelFacts`."""

    NEW = "new"
    FEW = "few"
    BEYOND = "beyond"


class Reason(TypedDict):
    """One topic's part in a score. Keys are short and nothing stands twice: there are five in every row."""

    f: str
    """The feature that leads within its topic; the topic and the typical value stand in `ModelFacts.features`."""
    c: float
    """Contribution of the topic to the log-odds of leaving: above 0 raises, below lowers. `points` says how far."""
    v: float | None
    """Value of the feature for this customer; null is unknown."""
    q: int | None
    """Of 100 training examples, so many have less of it."""
    s: str
    """The finished sentence; its numbers as `FIGURE` says."""


class Move(TypedDict):
    """A topic whose contribution moved since the last snapshot.

    Its leading feature, the topic's log-odds then and now, and the sentence of the feature's old and new value.
    """

    f: str
    o: float
    n: float
    s: str


class Change(TypedDict):
    """The score at the as-of date before (`ModelFacts.previous`), by the same model; at most three moves."""

    p: float
    """The probability then."""
    m: list[Move]


class Doubt(TypedDict):
    """A reason not to trust this customer's score: a `DoubtCode` and the sentence."""

    c: str
    s: str


class PreviousScores(TypedDict):
    """The as-of date that `Change` compares with (ISO), and whether the same model version scored then and now."""

    as_of: str
    same_model: bool


class FeatureFacts(TypedDict):
    """Of a feature: its `Topic`, and the median of the training examples; null where none had a value."""

    topic: str
    typical: float | None


class JudgedOn(TypedDict):
    """The customers of the window that judged a model, and how many of them left."""

    examples: int
    leavers: int


def is_judged(judged_on: JudgedOn) -> bool:
    """Whether enough left, and enough stayed, to tell how well a model ranks."""
    leavers = judged_on["leavers"]
    return LEAST_LEAVERS_TO_JUDGE <= leavers <= judged_on["examples"] - LEAST_LEAVERS_TO_JUDGE


class ModelFacts(TypedDict):
    """What the scores of a snapshot rest on, once per snapshot rather than in every row.

    `base` is the log-odds that all contributions start from. `features` are those of the model. `of_a_hundred` is the
    card's table of scores and what came of them: rows with `least` and `greatest` score, `examples`, `leavers`, `rate`
    and its interval `low` to `high`. `shifted` holds the stability index (PSI) of features above the limit, by their
    meaning in words, the largest first. `stale_after_days` and `old_after_days` are limits on the age of the logs and
    of the model, judged when shown. `judged_on` is None where the card holds no figures. `flattened` says that the
    model showed no skill, so that all get about the usual rate. Snapshots of before lack both.
    """

    estimator: str
    made_on: str
    base: float
    features: dict[str, FeatureFacts]
    of_a_hundred: list[dict[str, float]]
    previous: PreviousScores | None
    shifted: dict[str, float]
    stale_after_days: int
    old_after_days: int
    judged_on: NotRequired[JudgedOn | None]
    flattened: NotRequired[bool]


def points(log_odds: float, contribution: float) -> float:
    """About how many percentage points a contribution makes of a probability: with it minus without it."""
    return 100 * (_probability(log_odds) - _probability(log_odds - contribution))


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


ACTIVITY_DAYS = 60
"""So many UTC days, the last of them the as-of date, stand in `activity`."""

MOST_MOMENTS = 40
"""So many stand in `moments` at most: cancellations first, by which the portal counts who left, then the newest."""

HOLD_OUT_DRAWS = 10_000
"""`hold_out_draw` lies in [0, this): a share of s percent holds the draws below 100 s."""


class MomentKind(StrEnum):
    """What matters in the life of a customer."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    ERROR = "error"
    HELP = "help"
    CANCEL = "cancel"


class Moment(TypedDict):
    """One kind on one UTC day: the date (ISO), a `MomentKind`, and how many times."""

    d: str
    k: str
    n: int
