"""Training examples small enough to know what can be learned from them."""

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from pyspark.sql import DataFrame, SparkSession

from spark_assets.features.registry import MODEL_FEATURES
from tests.spark_assets.features.frames import Row, frame

HORIZON = 14
NEWEST = date(2018, 11, 18)
CUT_OFFS = [NEWEST - timedelta(days=HORIZON * step) for step in range(4)]
SIGNAL, NOISE, GAPS, SILENT = FEW = MODEL_FEATURES[:4]
SCHEMA = ", ".join(
    ["cut_off date, user_id string, label double, events_per_day double", *(f"{name} double" for name in FEW)]
)

Label = Callable[[random.Random, Row], bool]


def planted(dice: random.Random, row: Row) -> bool:
    """Who has more of the signal leaves more often: AUC of the best possible model about 0.9."""
    return dice.random() < (0.75 if row[SIGNAL] > 0.7 else 0.05)


def rare(dice: random.Random, row: Row) -> bool:
    """Few leave, and nobody for certain: 35 of 100 at most."""
    return dice.random() < (0.35 if row[SIGNAL] > 0.85 else 0.04)


def at_random(dice: random.Random, row: Row) -> bool:
    return dice.random() < 0.3


def examples(
    spark: SparkSession, label: Label, users: int = 150, cut_offs: Sequence[date] = CUT_OFFS, seed: int = 11
) -> DataFrame:
    """Return examples with a signal, noise, a feature with gaps and one without any value."""
    dice = random.Random(seed)  # noqa: S311 - sample data
    rows: list[Row] = []
    for cut_off in cut_offs:
        for user in range(users):
            gap = dice.choice((None, dice.random()))
            row: Row = {SIGNAL: dice.random(), NOISE: dice.random(), GAPS: gap, SILENT: None}
            row |= {"cut_off": cut_off, "user_id": str(user), "events_per_day": dice.random()}
            rows.append(row | {"label": float(label(dice, row))})
    return frame(spark, rows, SCHEMA)
