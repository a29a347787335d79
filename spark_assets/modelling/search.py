"""The examples of one side with their gaps filled: prepared once for all that is fitted on them or on parts of them."""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.pool import ThreadPool
from typing import Any

from pyspark.ml import PipelineModel
from pyspark.ml.classification import LogisticRegressionModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.estimators.base import FEATURES, Candidate, Fitted
from spark_assets.lake.schema import CUT_OFF, LABEL
from spark_assets.modelling.examples import GROUP, Examples
from spark_assets.modelling.metrics import better, figures, value
from spark_assets.modelling.pipeline import assemble, margins_by, preparation
from spark_assets.modelling.scored_outcomes import Outcomes, outcomes_of, together
from spark_assets.modelling.splits import Fold


@dataclass(frozen=True)
class Filled:
    """`features`, `label`, `cut_off` and `listener_group` in memory, with the preparation that was fitted on them."""

    prepared: PipelineModel
    rows: DataFrame

    @classmethod
    def of(cls, rows: DataFrame, features: Sequence[str]) -> "Filled":
        """Fit the preparation on rows of `Examples` and apply it to them."""
        prepared = preparation(features).fit(rows)
        return cls(prepared, prepared.transform(rows).select(FEATURES, LABEL, CUT_OFF, GROUP).cache())

    def fit(self, candidate: Candidate, calibrator: LogisticRegressionModel) -> PipelineModel:
        """A version: the candidate fitted on all rows, with a calibration."""
        return assemble(self.prepared, candidate.fit(self.rows), calibrator)

    def margins(self, candidate: Candidate, fold: Fold) -> DataFrame:
        """`margin`, `label` and `cut_off` of the validating groups, by the candidate fitted on the fitting ones."""
        return margins_by(candidate.fit(self._of(fold.fit.groups)), self._of(fold.validate.groups))

    def free(self) -> None:
        """Let go of the memory."""
        self.rows.unpersist()

    def _of(self, groups: frozenset[int]) -> DataFrame:
        return self.rows.where(F.col(GROUP).isin(sorted(groups)))


AT_ONCE = 2
"""Fits under way at one time: small ones leave a core idle between their jobs."""

_PROBABILITY = "estimated"


@dataclass(frozen=True)
class PreparedFold:
    """A fold's two sides as (`features`, `label`), kept in memory; filled with what the fitting side knows."""

    fold: Fold
    fit: DataFrame
    validate: DataFrame

    def free(self) -> None:
        """Let go of the memory."""
        self.fit.unpersist()
        self.validate.unpersist()


@dataclass
class Tried:
    """A candidate with what came of it on each fold, in the order of the folds."""

    candidate: Candidate
    fitted: list[Fitted] = field(default_factory=list)
    outcomes: list[Outcomes] = field(default_factory=list)
    seconds: float = 0.0

    def mean(self, figure: str) -> float:
        """Mean of a figure over the folds."""
        return sum(value(figures(outcomes), figure) for outcomes in self.outcomes) / len(self.outcomes)


@dataclass(frozen=True)
class Search:
    """All candidates tried, and the best."""

    tried: list[Tried]
    chosen: Tried
    folds: list[PreparedFold]
    seconds: float

    def margins(self) -> list[DataFrame]:
        """`margin`, `label` and `cut_off` of each validating side, by the best candidate, which had not seen it."""
        return [margins_by(model, fold.validate) for model, fold in zip(self.chosen.fitted, self.folds, strict=True)]

    def free(self) -> None:
        """Let go of the folds in memory."""
        for fold in self.folds:
            fold.free()


def search(
    examples: Examples, folds: Sequence[Fold], features: Sequence[str], candidates: Sequence[Candidate],
    choose_by: str, tie_percent: float,
) -> Search:  # fmt: skip
    """Fit every candidate on every fold and choose.

    Args:
        examples: to fit and validate on.
        folds: of the plan.
        features: what the model reads.
        candidates: the simplest first.
        choose_by: figure whose mean over the folds decides.
        tie_percent: candidates within so many percent of the best count as equal; the first of them is chosen.
    """
    started = time.monotonic()
    with ThreadPool(AT_ONCE) as pool:
        prepared = pool.map(lambda fold: prepare(examples, fold, features), folds, chunksize=1)
        tried = _tried(pool, prepared, candidates)
    return Search(tried, choose(tried, choose_by, tie_percent), prepared, time.monotonic() - started)


def prepare(examples: Examples, fold: Fold, features: Sequence[str]) -> PreparedFold:
    """Fit the preparation on the fitting side, and apply it to both."""
    fit, validate = examples.of(fold.fit), examples.of(fold.validate)
    prepared = preparation(features).fit(fit)
    return PreparedFold(fold, _vectors(prepared, fit), _vectors(prepared, validate))


def choose(tried: Sequence[Tried], figure: str, tie_percent: float) -> Tried:
    """The first candidate whose mean is within `tie_percent` of the best."""
    means = [item.mean(figure) for item in tried]
    best = means[0]
    for mean in means[1:]:
        best = mean if better(figure, mean, best) else best
    room = abs(best) * tie_percent / 100
    return next(item for item, mean in zip(tried, means, strict=True) if abs(mean - best) <= room)


def told(tried: Tried, folds: Sequence[Fold], chosen: bool) -> dict[str, Any]:
    """A candidate's figures for the card: means over the folds, the figures of each fold, seconds of all its fits."""
    by_fold = {fold.name: figures(found) for fold, found in zip(folds, tried.outcomes, strict=True)}
    names = ("pr_auc", "roc_auc", "lift_top_tenth", "brier", "log_loss")
    pooled = tried.outcomes[0]
    for more in tried.outcomes[1:]:
        pooled = together(pooled, more)
    return {
        "estimator": tried.candidate.name,
        "settings": tried.candidate.settings,
        "chosen": chosen,
        **{name: tried.mean(name) for name in names},
        "base_rate": pooled.base_rate,
        "seconds": round(tried.seconds, 2),
        "folds": {name: {key: found[key] for key in names} for name, found in by_fold.items()},
    }


def _tried(pool: ThreadPool, folds: Sequence[PreparedFold], candidates: Sequence[Candidate]) -> list[Tried]:
    """Fit all on all, those that take longest first, so that no core waits for the last of them."""
    pairs = [(candidate, fold) for candidate in reversed(candidates) for fold in folds]
    fits = iter(pool.starmap(_try, pairs, chunksize=1))
    tried = [Tried(candidate) for candidate in candidates]
    for item in reversed(tried):
        for fitted, outcomes, seconds in itertools.islice(fits, len(folds)):
            item.fitted.append(fitted)
            item.outcomes.append(outcomes)
            item.seconds += seconds
    return tried


def _try(candidate: Candidate, fold: PreparedFold) -> tuple[Fitted, Outcomes, float]:
    started = time.monotonic()
    fitted = candidate.fit(fold.fit)
    estimated = vector_to_array(F.col("probability"))[1].alias(_PROBABILITY)
    scored = fitted.transform(fold.validate).select(estimated, LABEL)
    return fitted, outcomes_of(scored, _PROBABILITY), time.monotonic() - started


def _vectors(prepared: PipelineModel, examples: DataFrame) -> DataFrame:
    return prepared.transform(examples).select(FEATURES, LABEL, CUT_OFF).cache()
