"""Metrics of scores: curves, calibration, bootstrap intervals, and what baselines without a model reach."""

from collections.abc import Mapping

import numpy as np
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts.explanations import JudgedOn, is_judged
from spark_assets.estimators.base import FEATURES
from spark_assets.lake.schema import LABEL
from spark_assets.modelling.pipeline import preparation
from spark_assets.modelling.scored_outcomes import Counts, Floats, Outcomes, outcomes_of

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


TOP_SHARE = 0.1
BINS = 10
RANKING = ("roc_auc", "pr_auc", "lift_top_tenth")
"""Figures of the order alone: None where a window holds only one class."""
_LEAST_PROBABILITY = 1e-12

Figures = dict[str, float | None]


def figures(outcomes: Outcomes) -> Figures:
    """All figures of one window; those of ranking are None where it holds only one class, all are without rows.

    | figure | is | no skill |
    |---|---|---|
    | `roc_auc` | share of (leaver, stayer) pairs in the right order | 0.5 |
    | `pr_auc` | average precision | `base_rate` |
    | `lift_top_tenth` | share of leavers in the tenth with the highest scores over `base_rate` | 1 |
    | `brier` | mean squared error of the probability | `brier_no_skill` |
    | `log_loss` | mean negative log-likelihood (nats) | `log_loss_no_skill` |
    | `ece` | mean distance of probability and share of leavers over ten bins of equal mass | 0 for the base rate |
    | `weighted_f1` | F1 of both classes by size, cut at 0.5; misleads alone | `weighted_f1_no_skill` |
    """
    leavers, stayers = outcomes.leavers, outcomes.stayers
    examples, left = outcomes.examples, int(leavers.sum())
    if not examples:
        return {}
    rate = left / examples
    judged = 0 < left < examples
    ranking: Figures = dict.fromkeys(RANKING)
    if judged:
        ranking = {
            "roc_auc": roc_auc(leavers, stayers),
            "pr_auc": pr_auc(leavers, stayers),
            "lift_top_tenth": lift(leavers, stayers),
        }
    return {
        **ranking,
        **_probability_figures(outcomes),
        "brier_no_skill": rate * (1 - rate),
        "log_loss_no_skill": _entropy(rate),
        "weighted_f1_no_skill": 2 * (1 - rate) ** 2 / (2 - rate),
    }


def roc_auc(leavers: Counts, stayers: Counts) -> float:
    """Area under the ROC curve of counts by falling score."""
    below = stayers.sum() - np.cumsum(stayers)
    return float((leavers * (below + stayers / 2)).sum() / (leavers.sum() * stayers.sum()))


def auc_error(auc: float, leavers: float, stayers: float) -> float:
    """Standard error of a ROC AUC (Hanley and McNeil, Radiology 143, 1982)."""
    by_leaver, by_stayer = auc / (2 - auc) - auc**2, 2 * auc**2 / (1 + auc) - auc**2
    spread = auc * (1 - auc) + (leavers - 1) * by_leaver + (stayers - 1) * by_stayer
    return float(np.sqrt(max(spread, 0.0) / (leavers * stayers)))


def pr_auc(leavers: Counts, stayers: Counts) -> float:
    """Average precision of counts by falling score: precision at each score, weighted by the recall it adds."""
    found = np.cumsum(leavers)
    precision = found / np.maximum(np.cumsum(leavers + stayers), 1)
    return float((leavers * precision).sum() / found[-1])


def lift(leavers: Counts, stayers: Counts, share: float = TOP_SHARE) -> float:
    """Share of leavers among the top `share` over that among all; rows of one score at its edge count in part."""
    sizes = leavers + stayers
    room = max(sizes.sum() * share, 1.0)
    before = np.cumsum(sizes) - sizes
    taken = np.clip((room - before) / np.maximum(sizes, 1), 0.0, 1.0)
    return float((leavers * taken).sum() / room / (leavers.sum() / sizes.sum()))


def calibration_error(outcomes: Outcomes) -> float:
    """Expected calibration error over bins of equal mass."""
    sizes = outcomes.leavers + outcomes.stayers
    bins = equal_mass(sizes, BINS)
    surplus = np.bincount(bins, outcomes.scores * sizes - outcomes.leavers)
    return float(np.abs(surplus).sum() / sizes.sum())


def confusion(outcomes: Outcomes, floor: float) -> dict[str, int]:
    """What calling everybody with a score of `floor` or above meets.

    `hits` are called and leave, `false_alarms` are called and stay, `misses` are not called and leave, `rest` neither.
    """
    called = outcomes.scores >= floor
    hits, false_alarms = int(outcomes.leavers[called].sum()), int(outcomes.stayers[called].sum())
    return {
        "hits": hits,
        "false_alarms": false_alarms,
        "misses": int(outcomes.leavers.sum()) - hits,
        "rest": int(outcomes.stayers.sum()) - false_alarms,
    }


def equal_mass(sizes: Counts, bins: int) -> Counts:
    """Bin of each score, 0 for the highest: the middle of its rows decides, so that one score is in one bin."""
    middle = np.cumsum(sizes) - sizes / 2
    numbers: Counts = np.minimum((middle * bins / max(sizes.sum(), 1)).astype(np.int64), bins - 1)
    return numbers


def _probability_figures(outcomes: Outcomes) -> Figures:
    scores, leavers, stayers = outcomes.scores, outcomes.leavers, outcomes.stayers
    examples = outcomes.examples
    safe: Floats = np.clip(scores, _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
    return {
        "mean_probability": float((scores * (leavers + stayers)).sum() / examples),
        "brier": float((leavers * (1 - scores) ** 2 + stayers * scores**2).sum() / examples),
        "log_loss": float(-(leavers * np.log(safe) + stayers * np.log1p(-safe)).sum() / examples),
        "ece": calibration_error(outcomes),
        "weighted_f1": _weighted_f1(outcomes),
    }


def _weighted_f1(outcomes: Outcomes) -> float:
    called = outcomes.scores >= 0.5
    left, stayed = int(outcomes.leavers.sum()), int(outcomes.stayers.sum())
    hits, false = int(outcomes.leavers[called].sum()), int(outcomes.stayers[called].sum())
    f1_leavers = 2 * hits / max(hits + false + left, 1)
    f1_stayers = 2 * (stayed - false) / max(2 * (stayed - false) + false + left - hits, 1)
    return (left * f1_leavers + stayed * f1_stayers) / (left + stayed)


def _entropy(rate: float) -> float:
    return float(-sum(share * np.log(share) for share in (rate, 1 - rate) if share > 0))


def nobody_leaves(outcomes: Outcomes) -> Figures:
    """Figures of the baseline that gives everybody probability 0; its log-loss has no bound and is None."""
    everyone = Outcomes(np.zeros(1), np.array([outcomes.leavers.sum()]), np.array([outcomes.stayers.sum()]))
    return {**figures(everyone), "log_loss": None}


def better(name: str, first: float, second: float) -> bool:
    """Whether the first value of a figure is better than the second."""
    return first < second if name in SMALLER_IS_BETTER else first > second


SMALLER_IS_BETTER = ("brier", "log_loss", "ece")


def value(found: Mapping[str, float | None], name: str) -> float:
    """A figure as a number for comparing: one that could not be judged is worse than any other."""
    number = found.get(name)
    if number is not None:
        return number
    return np.inf if name in SMALLER_IS_BETTER else -np.inf


EVENTS_PER_DAY = "events_per_day"


def events_per_day(fit: DataFrame, judge: DataFrame) -> Figures:
    """Figures of a logistic regression on `events_per_day` alone; without a value of it to fit on, there are none."""
    # of the hundred columns, which every plan below would carry along
    fit, judge = (side.select(EVENTS_PER_DAY, LABEL) for side in (fit, judge))
    if fit.where(F.col(EVENTS_PER_DAY).isNotNull()).isEmpty():
        return {}
    prepared = preparation([EVENTS_PER_DAY]).fit(fit)
    model = LogisticRegression(featuresCol=FEATURES, labelCol=LABEL).fit(prepared.transform(fit))
    scored = model.transform(prepared.transform(judge))
    return figures(outcomes_of(scored.select(vector_to_array(F.col("probability"))[1].alias("p"), LABEL), "p"))
