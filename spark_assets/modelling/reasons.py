"""Contributions of features summed by topic, and which feature speaks for a topic."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spark_assets.contracts.explanations import Change, Doubt, DoubtCode, Move, Reason, Topic
from spark_assets.estimators.trees import Floats
from spark_assets.features.registry import FEATURE, Feature
from spark_assets.features.registry.sentences import beyond_sentence, change_sentence, reason_sentence
from spark_assets.modelling.reference_profile import FeatureReference

LEAST = 1e-3
"""A smaller contribution, in log-odds, is not worth a sentence: at most 0.025 percentage points."""


@dataclass(frozen=True)
class Spoken:
    """One topic of one customer: its sum, and the index of the feature that leads in the sum's direction."""

    topic: Topic
    total: float
    leader: int


@dataclass(frozen=True)
class Topics:
    """The topics of a model's features, in the order that its contributions come in."""

    names: tuple[str, ...]

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """The registry's entry of each."""
        return tuple(FEATURE[name] for name in self.names)

    @cached_property
    def _members(self) -> dict[Topic, list[int]]:
        members: dict[Topic, list[int]] = {}
        for index, feature in enumerate(self.features):
            members.setdefault(feature.topic, []).append(index)
        return members

    def weightiest(self, contributions: Floats, most: int) -> list[list[Spoken]]:
        """For each row of contributions, at most so many topics of `LEAST` and more, by size; equal ones in order."""
        topics = list(self._members)
        sums = np.column_stack([contributions[:, self._members[topic]].sum(axis=1) for topic in topics])
        leaders = np.column_stack([self._leaders(contributions, topic) for topic in topics])
        order = np.argsort(-np.abs(sums), axis=1, kind="stable")[:, :most]
        return [
            [
                Spoken(topics[place], float(sums[row, place]), int(leaders[row, place]))
                for place in places
                if abs(sums[row, place]) >= LEAST
            ]
            for row, places in enumerate(order)
        ]

    def total(self, contributions: Floats, topic: Topic) -> float:
        """Sum of one topic in one row of contributions, shape (features,)."""
        return float(contributions[self._members[topic]].sum())

    def _leaders(self, contributions: Floats, topic: Topic) -> NDArray[np.int64]:
        """Index of the feature with the largest part in the direction of the sum, so that its sentence fits it."""
        members = np.array(self._members[topic])
        parts = contributions[:, members]
        leading: NDArray[np.int64] = members[np.argmax(parts * np.sign(parts.sum(axis=1, keepdims=True)), axis=1)]
        return leading


REASONS = 5
MOVES = 3

_DECIMALS = 3
"""Of published log-odds; the lake keeps contributions whole."""


@dataclass(frozen=True)
class DoubtLimits:
    """From where on a score is doubted: days known, days with music, and percent of contributions from beyond."""

    days_known: int
    days_listened: int
    outside_percent: int


@dataclass(frozen=True)
class Before:
    """The scores at the as-of date before, of the same model: NaN in rows of customers who had none.

    `probabilities` has shape (rows,), `contributions` and `values` (rows, features).
    """

    probabilities: Floats
    contributions: Floats
    values: Floats


@dataclass(frozen=True)
class Teller:
    """Tells of customers whose features and contributions come in the order of `topics`."""

    topics: Topics
    known: tuple[FeatureReference, ...]
    limits: DoubtLimits

    def reasons(self, contributions: Floats, values: Floats) -> list[list[Reason]]:
        """The weightiest topics of each row."""
        spoken = self.topics.weightiest(contributions, REASONS)
        return [[self._reason(each, values[row]) for each in topics] for row, topics in enumerate(spoken)]

    def changes(self, contributions: Floats, values: Floats, before: Before) -> list[Change | None]:
        """The topics that moved most since the as-of date before; None for a customer who had no score then."""
        moved = self.topics.weightiest(np.nan_to_num(contributions - before.contributions), MOVES)
        return [
            None
            if np.isnan(before.probabilities[row])
            else Change(
                p=round(float(before.probabilities[row]), 5),
                m=[self._move(each, contributions[row], values[row], before, row) for each in topics],
            )
            for row, topics in enumerate(moved)
        ]

    def doubts(self, contributions: Floats, values: Floats, days: Floats) -> list[list[Doubt]]:
        """Why not to trust the score of each row.

        Args:
            contributions: shape (rows, features).
            values: of the same shape; NaN is unknown.
            days: shape (rows, 2): days known and days with music.
        """
        weights = np.abs(contributions)
        outside = self._outside(values)
        mass = (weights * outside).sum(axis=1) / np.maximum(weights.sum(axis=1), np.finfo(np.float64).tiny)
        spoken = self.topics.weightiest(contributions, REASONS)
        told: list[list[Doubt]] = []
        for row, topics in enumerate(spoken):
            found = self._too_little(days[row])
            if 100 * mass[row] >= self.limits.outside_percent or any(outside[row, each.leader] for each in topics):
                found.append(self._beyond(int(np.argmax(weights[row] * outside[row])), values[row]))
            told.append(found)
        return told

    def _reason(self, spoken: Spoken, values: Floats) -> Reason:
        feature, known = self.topics.features[spoken.leader], self.known[spoken.leader]
        value = _known(values[spoken.leader])
        return Reason(
            f=feature.name,
            c=round(spoken.total, _DECIMALS),
            v=None if value is None else _short(value),
            q=None if value is None else known.percentile(value),
            s=reason_sentence(feature, value, known.typical),
        )

    def _move(self, spoken: Spoken, contributions: Floats, values: Floats, before: Before, row: int) -> Move:
        feature = self.topics.features[spoken.leader]
        new, old = (_known(each[spoken.leader]) for each in (values, before.values[row]))
        return Move(
            f=feature.name,
            o=round(self.topics.total(before.contributions[row], spoken.topic), _DECIMALS),
            n=round(self.topics.total(contributions, spoken.topic), _DECIMALS),
            s=change_sentence(feature, new, old),
        )

    def _outside(self, values: Floats) -> Floats:
        """1 where a value is known and outside of the trained range, 0 elsewhere."""
        low, high = (np.array(ends) for ends in zip(*((known.low, known.high) for known in self.known), strict=True))
        return ((values < low) | (values > high)).astype(np.float64)

    def _too_little(self, days: Floats) -> list[Doubt]:
        known, listened = (int(day) for day in np.nan_to_num(days))
        if known < self.limits.days_known:
            words = f"Known from the logs for {known} {_days(known)} only; below {self.limits.days_known} says little."
            return [Doubt(c=DoubtCode.NEW.value, s=words)]
        if listened < self.limits.days_listened:
            words = f"Music on {listened} {_days(listened)} only; below {self.limits.days_listened} says little."
            return [Doubt(c=DoubtCode.FEW.value, s=words)]
        return []

    def _beyond(self, leader: int, values: Floats) -> Doubt:
        known = self.known[leader]
        sentence = beyond_sentence(self.topics.features[leader], values[leader], known.low, known.high)
        return Doubt(c=DoubtCode.BEYOND.value, s=f"{sentence}.")


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _short(value: float) -> float:
    """A value with four significant digits, whole where it is: rows are many, and nobody reads more."""
    return int(value) if value == int(value) else float(f"{value:.4g}")


def _days(count: int) -> str:
    return "day" if count == 1 else "days"
