"""The training examples of one feature, as the card's portrait keeps them: what is typical, and how far they reach."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spark_assets.errors import MissingTableError
from spark_assets.estimators.trees import Floats


@dataclass(frozen=True)
class FeatureReference:
    """One feature in the training examples: its quantiles at `portrait.GRID`, its median and its mean.

    Without any known value the quantiles are empty and `typical` is None.
    """

    quantiles: tuple[float, ...]
    typical: float | None
    mean: float

    @property
    def low(self) -> float:
        """The 0.1 percentile, where the trained range begins."""
        return self.quantiles[0] if self.quantiles else -np.inf

    @property
    def high(self) -> float:
        """The 99.9 percentile, where the trained range ends."""
        return self.quantiles[-1] if self.quantiles else np.inf

    def percentile(self, value: float) -> int | None:
        """Of 100 training examples, how many lie below the value; those that share it count half."""
        if not self.quantiles:
            return None
        below, upto = bisect_left(self.quantiles, value), bisect_right(self.quantiles, value)
        return min((below + upto) // 2, 100)


def references_of(version: str, card: Mapping[str, Any]) -> tuple[FeatureReference, ...]:
    """The features of a model in its order.

    Raises:
        MissingTableError: the card is of an Encore that kept no portrait with ranges.
    """
    if not has_ranges(card):
        raise MissingTableError(
            f"The card of model {version} does not say how far its training reached: an earlier Encore wrote it. "
            "Materialize trained_model for a new one."
        )
    described = (card["portrait"][name] for name in card["features"])
    return tuple(FeatureReference(tuple(each["quantiles"]), each["typical"], each["mean"]) for each in described)


def has_ranges(card: Mapping[str, Any]) -> bool:
    """Whether a card says of each feature how far its training reached; those of the first releases do not."""
    portrait = card.get("portrait", {})
    return all("quantiles" in portrait.get(name, {}) for name in card["features"])


def means_of(references: Sequence[FeatureReference]) -> Floats:
    """Means, shape (features,)."""
    return np.array([each.mean for each in references])
