"""How sure a figure is: percentile intervals and paired comparison by bootstrap, on counts, with a seed."""

import numpy as np

from spark_assets.contracts.explanations import JudgedOn, is_judged
from spark_assets.modelling.figures import RANKING, figures
from spark_assets.modelling.outcomes import Floats, Outcomes

INTERVAL = (2.5, 97.5)
"""Percentiles: intervals of 95 %."""


def intervals(outcomes: Outcomes, replicates: int, seed: int) -> dict[str, list[float] | None]:
    """For each figure its interval `[low, high]` over windows drawn anew; None where it cannot be judged.

    Every replicate draws as many customers as there are, with replacement: counts of a multinomial draw. Ranking has no
    interval with few leavers or stayers: drawing two leavers anew shows their two ranks, and says nothing of others.
    """
    if not outcomes.examples:
        return {}
    dice = np.random.default_rng(seed)
    cells = np.concatenate([outcomes.leavers, outcomes.stayers])
    size = len(outcomes.scores)
    found: dict[str, list[float]] = {name: [] for name in figures(outcomes)}
    for _ in range(replicates):
        drawn = dice.multinomial(outcomes.examples, cells / outcomes.examples)
        for name, number in figures(Outcomes(outcomes.scores, drawn[:size], drawn[size:])).items():
            if number is not None:
                found[name].append(number)
    judged = is_judged(JudgedOn(examples=outcomes.examples, leavers=int(outcomes.leavers.sum())))
    return {
        name: _interval(np.array(numbers)) if judged or name not in RANKING else None for name, numbers in found.items()
    }


def _interval(numbers: Floats) -> list[float] | None:
    if not len(numbers):
        return None
    low, high = np.percentile(numbers, INTERVAL)
    return [float(low), float(high)]
