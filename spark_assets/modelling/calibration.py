"""Margins of a candidate on examples that the models behind them had not seen: what its calibration is fitted on.

By groups of listeners: each model learns from all groups but one at all cut-offs, hence from nearly as many examples as
the model that the calibration is for. A fold forward in time learns from the first cut-offs alone; a forest fitted on
so few hardly leaves the usual rate, and the slope that mends this sends the forest fitted on everything far beyond what
comes true.
"""

from collections.abc import Sequence
from functools import reduce
from multiprocessing.pool import ThreadPool

from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.estimators.base import MARGIN
from spark_assets.lake.schema import CUT_OFF, LABEL
from spark_assets.modelling.search import AT_ONCE, Filled, Search
from spark_assets.modelling.splits import Plan


def unseen(planned: Plan, fitting: Filled, found: Search) -> DataFrame:
    """`margin`, `label` and `cut_off` of every example of the fitting side, kept in memory.

    The chosen candidate is fitted on the calibrating folds, and nothing again where the search has done so.
    """
    if planned.folds == planned.calibrate:
        return in_one_order(found.margins())
    with ThreadPool(AT_ONCE) as pool:
        margins = pool.map(lambda fold: fitting.margins(found.chosen.candidate, fold), planned.calibrate, chunksize=1)
    return in_one_order(margins)


def in_one_order(margins: Sequence[DataFrame]) -> DataFrame:
    """All of them in one sorted partition.

    Spark adds the sums of partitions up in the order in which their tasks end: over several of them the last bits of a
    calibration, and with them the scores, would differ from run to run.
    """
    together = reduce(DataFrame.union, margins).repartition(1)
    return together.sortWithinPartitions(vector_to_array(F.col(MARGIN))[0], LABEL, CUT_OFF).cache()
