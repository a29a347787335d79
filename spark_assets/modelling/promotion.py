"""Promotion: compares a challenger with the champion, and decides which of them scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.estimators import is_known
from spark_assets.lake.schema import LABEL, USER_ID
from spark_assets.modelling import model_store
from spark_assets.modelling.examples import within
from spark_assets.modelling.metrics import SMALLER_IS_BETTER, auc_error, figures
from spark_assets.modelling.reference_profile import has_ranges
from spark_assets.modelling.scored_outcomes import MOST_EXACT, ranked
from spark_assets.modelling.scoring import PROBABILITY, with_probability
from spark_assets.modelling.splits import BY_LISTENER, JUDGES, Side
from spark_assets.modelling.training import Recipe, Trained


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


_SURE = 2.0


@dataclass(frozen=True)
class Verdict:
    """Whether the challenger takes over; `why` is for people, `comparison` holds the figures if there was any."""

    promoted: bool
    why: str
    comparison: dict[str, Any] | None = None
    unchanged: bool = False
    """The same logs gave the same model again: nothing is wrong, and nothing new."""


def suspects(trained: Trained, max_feature_auc: float) -> dict[str, float]:
    """Features that alone surely rank who leaves better than any honest feature does, with their ROC AUC.

    Surely: by two standard errors, since the best of a hundred features looks good among few leavers.
    """
    # of the rows that the AUC is of: a sample, where the examples are many
    leavers, stayers = trained.drawn.leavers, trained.drawn.examples - trained.drawn.leavers
    least = {name: auc - _SURE * auc_error(auc, leavers, stayers) for name, auc in trained.single_aucs.items()}
    return {name: auc for name, auc in trained.single_aucs.items() if least[name] > max_feature_auc}


def decide(
    lake: str,
    table: DataFrame,
    trained: Trained,
    recipe: Recipe,
    as_of: str,
    confidence: float,
    leaks: dict[str, float],
) -> Verdict:
    """Compare with the champion on the newest window, by models that have not seen it.

    Args:
        lake: where the champion is.
        table: `training_examples`.
        trained: the challenger.
        recipe: what it was trained by; its `choose_by` decides.
        as_of: last date of the logs that it was trained on.
        confidence: share of bootstrap replicates in which it is worse, from which on it is refused.
        leaks: what `suspects` found.
    """
    if leaks:
        named = ", ".join(f"{name} (ROC AUC {auc:.2f})" for name, auc in leaks.items())
        return Verdict(False, f"Refused: a feature that alone tells who leaves is taken for a leak: {named}.")
    version = model_store.champion(lake)
    if version is None:
        gone = model_store.deleted_champion(lake)
        return Verdict(True, f"Replaces {gone}, whose folder is gone." if gone else "The first model.")
    card = model_store.load_card(lake, version)
    unlike = outdated(card, table.columns, recipe.horizon_days)
    if unlike:
        return Verdict(True, f"Replaces {version}, which {unlike}.")
    found = _compare(lake, version, card, table, trained, recipe)
    return _verdict(found, version, card["as_of"] == as_of, confidence)


def outdated(card: dict[str, Any], columns: Sequence[str], horizon_days: int) -> str | None:
    """Why the version of a card cannot go on scoring, if so: what follows its name in a sentence.

    Args:
        card: of the version.
        columns: that features are computed into.
        horizon_days: that the run asks for.
    """
    gone = [name for name in card["features"] if name not in columns]
    if gone:
        return f"reads features that are no longer computed: {', '.join(gone)}"
    if card["horizon_days"] != horizon_days:
        return f"looks {card['horizon_days']} days ahead instead of {horizon_days}"
    if not is_known(card["estimator"]):
        return f"is of the estimator {card['estimator']}, which this Encore does not know"
    if not has_ranges(card):
        return "was trained by an earlier Encore, whose card does not say how far its training reached"
    return None


def _compare(
    lake: str, version: str, card: dict[str, Any], table: DataFrame, trained: Trained, recipe: Recipe
) -> Comparison | None:
    apart = BY_LISTENER in (card["judging"], trained.plan.judging)
    # Whoever was fitted on some listeners only is judged on the others, as its labels may reach into the window.
    side = Side(trained.plan.judge.cut_offs, JUDGES) if apart else trained.plan.judge
    window = within(table, side)
    theirs = with_probability(model_store.load_judged(lake, version), window).withColumnRenamed(PROBABILITY, "champion")
    both = with_probability(trained.judged, theirs).withColumnRenamed(PROBABILITY, "challenger")
    return compare(both, recipe.choose_by, recipe.bootstrap_replicates, recipe.seed)


def _verdict(found: Comparison | None, version: str, same_logs: bool, confidence: float) -> Verdict:
    if found is None:
        return Verdict(False, f"{version} stays: nobody, or everybody, of the newest window left, so none is better.")
    figures = (
        f"{found.figure} {found.challenger:.4f} against {found.champion:.4f} on {found.examples} customers, worse in "
        f"{found.worse:.0%} of bootstrap replicates"
    )
    if found.same and same_logs:
        return Verdict(False, f"{version} stays: the same logs gave the same model.", found.as_dict(), True)
    if found.worse >= confidence:
        return Verdict(False, f"{version} stays: the new model is worse ({figures}).", found.as_dict())
    return Verdict(True, f"Replaces {version}: not worse ({figures}).", found.as_dict())
