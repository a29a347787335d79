from pyspark.sql import SparkSession

from spark_assets.modelling.examples import Examples, within
from spark_assets.modelling.splits import GROUPS, Side, count
from tests.spark_assets.modelling.frames import CUT_OFFS, GAPS, SIGNAL, SILENT, examples, planted


def test_order_partitions_and_groups_depend_on_the_data_alone(spark: SparkSession) -> None:
    table = examples(spark, planted, users=40)
    one, other = (Examples.of_table(frame) for frame in (table, table.repartition(5, SIGNAL).orderBy(SIGNAL)))
    assert one.rows.collect() == other.rows.collect()
    assert one.rows.rdd.getNumPartitions() == 1


def test_a_listener_is_of_one_group_and_all_are_counted(spark: SparkSession) -> None:
    dealt = Examples.of_table(examples(spark, planted, users=100))
    counts = dealt.counts()
    assert {group for _, group in counts} == set(range(GROUPS))
    whole = count(counts, Side(tuple(CUT_OFFS)))
    assert (whole.examples, whole.leavers) == (400, dealt.rows.where("label = 1").count())
    groups = dealt.rows.groupBy("user_id").agg({"listener_group": "min"}).count()
    assert dealt.rows.select("user_id", "listener_group").distinct().count() == groups == 100


def test_sides_are_cut_by_date_and_group(spark: SparkSession) -> None:
    table = examples(spark, planted, users=60)
    dealt = Examples.of_table(table)
    side = Side((CUT_OFFS[0],), frozenset({0, 1}))
    rows = dealt.of(side).collect()
    assert {row["cut_off"] for row in rows} == {CUT_OFFS[0]}
    assert 0 < len(rows) < 60
    assert len(rows) == count(dealt.counts(), side).examples == within(table, side).count()


def test_only_features_with_a_value_in_every_side_are_known(spark: SparkSession) -> None:
    dealt = Examples.of_table(examples(spark, planted, users=30))
    sides = [Side((cut_off,)) for cut_off in CUT_OFFS]
    assert dealt.known_in(sides, [SIGNAL, GAPS, SILENT]) == [SIGNAL, GAPS]
