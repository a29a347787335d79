"""The examples of one side with their gaps filled: prepared once for all that is fitted on them or on parts of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.ml import PipelineModel
from pyspark.ml.classification import LogisticRegressionModel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.estimators.base import FEATURES, Candidate
from spark_assets.lake.schema import CUT_OFF, LABEL
from spark_assets.modelling.examples import GROUP
from spark_assets.modelling.pipeline import assemble, margins_by, preparation
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
