"""What a calibration is fitted on: every example once, seen by nobody, and in one order."""

import random
from dataclasses import dataclass

import pytest
from pyspark.ml.classification import LogisticRegressionModel
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.estimators.base import MARGIN, Candidate, Fitted
from spark_assets.estimators.logistic_regression import logistic
from spark_assets.modelling.calibration import in_one_order, unseen
from spark_assets.modelling.examples import Examples
from spark_assets.modelling.pipeline import calibration
from spark_assets.modelling.search import Filled, search
from spark_assets.modelling.splits import BY_LISTENER, FORWARD, GROUPS, Plan, plan
from tests.spark_assets.modelling.frames import CUT_OFFS, GAPS, HORIZON, NOISE, SIGNAL, examples, planted

FEATURES = [SIGNAL, NOISE, GAPS]


@dataclass(frozen=True)
class Aside:
    """What was set aside of some examples, and how many each fit before and after the search had learned from."""

    planned: Plan
    fitting: DataFrame
    margins: DataFrame
    searching: list[int]
    calibrating: list[int]


def set_aside(table: DataFrame) -> Aside:
    kept = Examples.of_table(table)
    planned = plan(kept.counts(), HORIZON, 3)
    sizes: list[int] = []

    def fit(rows: DataFrame) -> Fitted:
        sizes.append(rows.count())
        return logistic(0.1).fit(rows)

    candidate = Candidate("counted", {}, fit, LogisticRegressionModel)
    found = search(kept, planned.folds, FEATURES, [candidate], "pr_auc", 0)
    searched = len(sizes)
    fitting = kept.of(planned.fit)
    margins = unseen(planned, Filled.of(fitting, FEATURES), found)
    return Aside(planned, fitting, margins, sizes[:searched], sizes[searched:])


def test_every_example_of_the_fitting_side_is_seen_once_by_a_model_of_other_listeners(spark: SparkSession) -> None:
    aside = set_aside(examples(spark, planted, users=60))
    assert aside.planned.searching == FORWARD
    size = 60 * (len(CUT_OFFS) - 1)
    assert aside.margins.count() == aside.fitting.count() == size
    assert aside.margins.agg(F.sum("label")).first() == aside.fitting.agg(F.sum("label")).first()
    assert len(aside.calibrating) == len(aside.planned.calibrate) == GROUPS
    assert sum(aside.calibrating) == (GROUPS - 1) * size
    assert min(aside.calibrating) >= size / 2


def test_a_search_by_listeners_is_not_fitted_again(spark: SparkSession) -> None:
    aside = set_aside(examples(spark, planted, cut_offs=CUT_OFFS[:1]))
    assert aside.planned.searching == BY_LISTENER
    assert (len(aside.searching), aside.calibrating) == (len(aside.planned.folds), [])
    assert aside.margins.count() == aside.fitting.count()


@pytest.fixture
def parts(spark: SparkSession) -> list[DataFrame]:
    """Margins of several folds, of different sizes."""
    dice = random.Random(1)  # noqa: S311 - sample data
    made = []
    for size in (311, 40, 173, 92, 256):
        rows = [
            (value, float(dice.random() < 0.1 + 0.6 * value)) for value in (dice.random() ** 3 for _ in range(size))
        ]
        frame = spark.createDataFrame(rows, "m double, label double")
        made.append(
            frame.select(array_to_vector(F.array("m")).alias(MARGIN), "label", F.lit(CUT_OFFS[0]).alias("cut_off"))
        )
    return made


def test_a_calibration_is_the_same_to_the_last_bit_whatever_the_order_and_partitions(parts: list[DataFrame]) -> None:
    """Sums over several partitions come in the order in which tasks end, and those of floats differ by it."""
    dealt = [part.repartition(3) for part in reversed(parts)]
    fitted = [calibration().fit(in_one_order(frames)) for frames in (parts, dealt)]
    assert in_one_order(dealt).rdd.getNumPartitions() == 1
    assert fitted[0].coefficients == fitted[1].coefficients
    assert fitted[0].intercept == fitted[1].intercept
