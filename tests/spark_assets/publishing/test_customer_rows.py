import re

import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import SettingsError
from spark_assets.publishing.customer_rows import check_key, pseudonym, with_pseudonyms
from tests.spark_assets.features.frames import frame

KEY = "a key of the tests alone"


def test_the_same_number_and_key_give_the_same_pseudonym_and_another_key_another() -> None:
    assert pseudonym("300001", KEY) == pseudonym("300001", KEY)
    assert pseudonym("300001", KEY) != pseudonym("300002", KEY)
    assert pseudonym("300001", KEY) != pseudonym("300001", KEY + "!")
    assert re.fullmatch(r"P[A-Z2-7]{16}", pseudonym("300001", KEY))


@pytest.mark.parametrize("key", [None, "", "too short"])
def test_a_weak_key_is_refused_by_name(key: str | None) -> None:
    with pytest.raises(SettingsError, match="ENCORE_PSEUDONYM_KEY must be a secret of at least 20 characters"):
        check_key(key)


def test_the_key_stands_in_no_plan(spark: SparkSession) -> None:
    named = with_pseudonyms(frame(spark, [{"user_id": "7"}], "user_id string"), KEY)
    assert [row["pseudonym"] for row in named.collect()] == [pseudonym("7", KEY)]
    plan = named._jdf.queryExecution().toString()
    assert KEY not in plan
