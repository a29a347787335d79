"""One training: plan the sides, search all candidates, calibrate on unseen margins, judge once, fit on everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.ml import PipelineModel
from pyspark.ml.classification import LogisticRegressionModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import RiskBand
from spark_assets.estimators import candidates, require_explained
from spark_assets.estimators.base import Candidate
from spark_assets.features.registry import MODEL_FEATURES
from spark_assets.lake.schema import CUT_OFF, LABEL, USER_ID
from spark_assets.modelling.calibration import unseen
from spark_assets.modelling.evaluation import Judged, judge
from spark_assets.modelling.examples import Examples
from spark_assets.modelling.metrics import events_per_day, nobody_leaves
from spark_assets.modelling.pipeline import CALIBRATED, at_level, calibration
from spark_assets.modelling.reference_profile import Portrait, portrait, sample, single_aucs
from spark_assets.modelling.scored_outcomes import Outcomes, outcomes_of
from spark_assets.modelling.scoring import PROBABILITY, band_floors, with_probability
from spark_assets.modelling.search import Filled, Search, search, told
from spark_assets.modelling.splits import Count, Plan, Side, count, newest, plan


@dataclass(frozen=True)
class Recipe:
    """The settings of a training; meanings and bounds stand with the run's settings."""

    horizon_days: int = 14
    cut_off_every_days: int = 7
    validation_folds: int = 3
    choose_by: str = "pr_auc"
    tie_percent: float = 2
    bootstrap_replicates: int = 500
    band_high_lift: float = 2.0
    band_medium_lift: float = 1.0
    seed: int = 1

    def floors(self, base_rate: float) -> dict[str, float]:
        """Least probability of each band but the lowest, at a usual rate of leaving."""
        lifts = {RiskBand.HIGH.value: self.band_high_lift, RiskBand.MEDIUM.value: self.band_medium_lift}
        return band_floors(base_rate, lifts)


@dataclass(frozen=True)
class Trained:
    """A fitted version with what led to it."""

    model: PipelineModel
    """Of the chosen candidate, fitted on all labelled examples: what scores."""
    judged: PipelineModel
    """The same candidate and calibration, fitted without the judging window: what the figures speak of."""
    chosen: Candidate
    features: list[str]
    """What the model reads: features without a value in some fitting side are left out."""
    plan: Plan
    training: dict[str, float]
    """Examples, leavers and base rate of all labelled examples."""
    fitting: dict[str, float]
    """The same of those that the judged model is fitted on."""
    level: dict[str, Any]
    """The same of those that told the level of the calibration, and their cut-offs."""
    candidates: list[dict[str, Any]]
    search_seconds: float
    figures: Judged
    baselines: dict[str, Any]
    portrait: Portrait
    single_aucs: dict[str, float]
    drawn: Count
    """Examples and leavers of the sample that `single_aucs` and `portrait` are of."""


def train(table: DataFrame, recipe: Recipe, grid: Sequence[Candidate] | None = None) -> Trained:
    """Train on `training_examples`: a row per (`cut_off`, `user_id`) with features and `label`.

    Same examples, recipe and grid give the same model, whatever the order and partitions of the table.

    Raises:
        NotTrainableError: no complete horizon, or too few leavers or customers who leave.
        UnexplainedEstimatorError: a candidate's scores could not be explained.
    """
    examples = Examples.of_table(table)
    try:
        return _train(examples, recipe, grid)
    finally:
        examples.free()


def _train(examples: Examples, recipe: Recipe, grid: Sequence[Candidate] | None) -> Trained:
    counts = examples.counts()
    planned = plan(counts, recipe.horizon_days, recipe.validation_folds)
    everything = Side(tuple(sorted({cut_off for cut_off, _ in counts})))
    sides = [planned.fit, *(fold.fit for fold in planned.folds)]
    features = examples.known_in(sides, MODEL_FEATURES)
    grid = grid or candidates(recipe.seed, count(counts, planned.fit).leavers)
    require_explained(grid)
    found = search(examples, planned.folds, features, grid, recipe.choose_by, recipe.tie_percent)
    chosen = found.chosen.candidate
    fitting = Filled.of(examples.of(planned.fit), features)
    margins = unseen(planned, fitting, found)
    level = Side(newest(counts, planned.fit), planned.fit.groups)
    recent = margins.where(F.col(CUT_OFF).isin(list(level.cut_offs)))
    calibrator = at_level(calibration().fit(margins), recent)
    judged = fitting.fit(chosen, calibrator)
    fitting.free()
    window = examples.of(planned.judge)
    outcomes = outcomes_of(with_probability(judged, window, keep=(LABEL,)), PROBABILITY)
    drawn = sample(examples.rows, [USER_ID, LABEL, *features])
    whole = Filled.of(examples.rows, features)
    training = _shares(count(counts, everything))
    trained = Trained(
        model=whole.fit(chosen, calibrator),
        judged=judged,
        chosen=chosen,
        features=features,
        plan=planned,
        training=training,
        fitting=_shares(count(counts, planned.fit)),
        level={"cut_offs": [str(cut_off) for cut_off in level.cut_offs], **_shares(count(counts, level))},
        candidates=_told(found, planned),
        search_seconds=found.seconds,
        figures=judge(outcomes, _calibrated(calibrator, recent), recipe.floors(training["base_rate"]), recipe),
        baselines={
            "nobody leaves": nobody_leaves(outcomes),
            "events per day alone": events_per_day(examples.of(planned.fit), window),
        },
        portrait=portrait(drawn, features),
        single_aucs=single_aucs(drawn, features),
        drawn=Count(len(drawn), int(drawn[LABEL].sum())),
    )
    margins.unpersist()
    for kept in (found, whole):
        kept.free()
    return trained


def _calibrated(calibrator: LogisticRegressionModel, margins: DataFrame) -> Outcomes:
    probability = vector_to_array(F.col(CALIBRATED))[1].alias(PROBABILITY)
    return outcomes_of(calibrator.transform(margins).select(probability, LABEL), PROBABILITY)


def _shares(found: Count) -> dict[str, float]:
    return {"examples": found.examples, "leavers": found.leavers, "base_rate": found.leavers / found.examples}


def _told(found: Search, planned: Plan) -> list[dict[str, Any]]:
    return [told(item, planned.folds, item is found.chosen) for item in found.tried]
