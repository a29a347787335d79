from pyspark.sql import SparkSession

from spark_assets.session import SessionSettings, build_session, session_config


def test_defaults_fit_a_laptop_and_hold_what_encore_relies_on() -> None:
    config = session_config()
    expected = {
        "spark.master": "local[*]",
        "spark.driver.memory": "2g",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.sources.partitionOverwriteMode": "dynamic",
        "spark.sql.ansi.enabled": "true",
        "spark.ui.enabled": "false",
    }
    assert {key: config[key] for key in expected} == expected
    assert all(isinstance(value, str) for value in config.values())


def test_settings_size_the_session_and_extra_wins() -> None:
    settings = SessionSettings("local[3]", "5g", 40, {"spark.ui.enabled": "true", "spark.x": "y"})
    config = session_config(settings)
    assert config["spark.master"] == "local[3]"
    assert config["spark.driver.memory"] == "5g"
    assert config["spark.sql.shuffle.partitions"] == "40"
    assert (config["spark.ui.enabled"], config["spark.x"]) == ("true", "y")


def test_a_process_has_one_session_that_took_the_settings(spark: SparkSession) -> None:
    assert build_session("again", SessionSettings(shuffle_partitions=1)).sparkContext is spark.sparkContext
    assert spark.conf.get("spark.sql.session.timeZone") == "UTC"
    row = spark.sql("select try_cast('x' as int) as number, cast(timestamp_millis(0) as string) as epoch").first()
    assert row is not None
    assert row["number"] is None
    assert row["epoch"] == "1970-01-01 00:00:00"
