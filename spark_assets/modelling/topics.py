"""Contributions of features summed by topic, and which feature speaks for a topic."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spark_assets.contracts.explanations import Topic
from spark_assets.estimators.trees import Floats
from spark_assets.features.registry import FEATURE, Feature

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
