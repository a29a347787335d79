"""Does a new model take the place of the champion? Both are judged on the newest window, customer by customer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.lake.schema import LABEL, USER_ID
from spark_assets.modelling.figures import SMALLER_IS_BETTER, figures
from spark_assets.modelling.outcomes import MOST_EXACT, ranked


@dataclass(frozen=True)
class Comparison:
    """Two models on one window by one figure.

    `worse` is the share of bootstrap replicates in which the challenger is worse; `same` says that both gave every
    customer the same probability.
    """

    figure: str
    challenger: float
    champion: float
    worse: float
    same: bool
    examples: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return dict(vars(self))


def compare(window: DataFrame, figure: str, replicates: int, seed: int) -> Comparison | None:
    """Paired bootstrap over customers; None when the window holds only one class, and nothing can be judged.

    Args:
        window: `user_id`, `label`, `challenger` and `champion`: a row per customer. Of more than 200,000 rows about
            as many are drawn by a hash of the customer.
        figure: name of the figure that decides.
        replicates: of the bootstrap.
        seed: of the bootstrap.
    """
    pairs = _sample(window).toPandas().sort_values(USER_ID)
    labels = pairs[LABEL].to_numpy(np.int64)
    if len(np.unique(labels)) < 2:
        return None
    challenger = ranked(pairs["challenger"].to_numpy(np.float64), labels)
    champion = ranked(pairs["champion"].to_numpy(np.float64), labels)
    once = np.ones(len(labels), np.int64)
    dice = np.random.default_rng(seed)
    worse = 0.0
    for _ in range(replicates):
        drawn = dice.multinomial(len(labels), np.full(len(labels), 1 / len(labels)))
        worse += _worse(figures(challenger(drawn))[figure], figures(champion(drawn))[figure], figure)
    same = bool((pairs["challenger"] == pairs["champion"]).all())
    mine, theirs = figures(challenger(once))[figure], figures(champion(once))[figure]
    assert mine is not None and theirs is not None, "both classes are there"  # noqa: S101, PT018 - narrows the type
    return Comparison(figure, mine, theirs, worse / replicates, same, len(labels))


def _worse(challenger: float | None, champion: float | None, figure: str) -> float:
    """1 when the challenger is worse, 0 when it is better, a half when they are equal or cannot be judged."""
    if challenger is None or champion is None or challenger == champion:
        return 0.5
    return float((challenger > champion) == (figure in SMALLER_IS_BETTER))


def _sample(window: DataFrame) -> DataFrame:
    rows = window.select(USER_ID, LABEL, "challenger", "champion")
    parts = -(-window.count() // MOST_EXACT)
    return rows.where(F.pmod(F.xxhash64(USER_ID), F.lit(parts)) == 0) if parts > 1 else rows
