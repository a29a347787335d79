"""The training examples in a fixed order, each with its group of listeners."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.lake.schema import CUT_OFF, LABEL, USER_ID
from spark_assets.modelling.splits import GROUPS, Count, Counts, Side

GROUP = "listener_group"
"""Column of `Examples` beside those of the table: the group of the listener."""

_EXAMPLES, _LEAVERS = "all_examples", "all_leavers"
_ROWS_A_PARTITION = 50_000


@dataclass(frozen=True)
class Examples:
    """Labelled examples in partitions and an order that depend on the data alone, kept in memory.

    Trees draw rows by partition and position: without this, a second run or another cluster grows other trees.
    """

    rows: DataFrame

    @classmethod
    def of_table(cls, table: DataFrame) -> "Examples":
        """Deal the listeners of `training_examples` into groups and put the rows in order."""
        partitions = max(table.count() // _ROWS_A_PARTITION, 1)
        # Always a shuffle: XGBoost's barrier stages refuse a lineage that was coalesced.
        placed = table.withColumn(GROUP, _group()).repartition(partitions, USER_ID)
        return cls(placed.sortWithinPartitions(USER_ID, CUT_OFF).cache())

    def counts(self) -> Counts:
        """Examples and leavers by cut-off and group."""
        return {(row[CUT_OFF], row[GROUP]): Count(row[_EXAMPLES], row[_LEAVERS]) for row in self._census}

    def of(self, side: Side) -> DataFrame:
        """Examples of one side."""
        return within(self.rows, side)

    def known_in(self, sides: Sequence[Side], features: Sequence[str]) -> list[str]:
        """Features with a value in every side: Spark's imputer stops at a column that has none."""
        kept = list(features)
        for side in sides:
            within = [row for row in self._census if row[CUT_OFF] in side.cut_offs and row[GROUP] in side.groups]
            kept = [name for name in kept if any(row[name] for row in within)]
        return kept

    @cached_property
    def _census(self) -> list[Row]:
        """Counted in one pass by cut-off and group: examples, leavers, and known values of each feature."""
        numbers = [name for name, kind in self.rows.dtypes if kind == "double" and name != LABEL]
        return (
            self.rows.groupBy(CUT_OFF, GROUP)
            .agg(
                F.count("*").alias(_EXAMPLES),
                F.sum(LABEL).cast("long").alias(_LEAVERS),
                *(F.count(name).alias(name) for name in numbers),
            )
            .collect()
        )

    def free(self) -> None:
        """Let go of the memory."""
        self.rows.unpersist()


def within(table: DataFrame, side: Side) -> DataFrame:
    """Rows of `training_examples` that belong to a side."""
    return table.where(F.col(CUT_OFF).isin(list(side.cut_offs)) & _group().isin(sorted(side.groups)))


def _group() -> Column:
    """The group of a listener: of the number alone, so that every version has dealt them alike."""
    return F.pmod(F.xxhash64(USER_ID), F.lit(GROUPS)).cast("int")
