from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.simulation.__main__ import main

pytestmark = pytest.mark.spark


def test_command_writes_daily_files_and_the_truth_elsewhere(spark: SparkSession, tmp_path: Path) -> None:
    inbox, truth = tmp_path / "in box é", tmp_path / "truth"
    size = ["--users", "12", "--days", "3", "--seed", "2", "--start", "2019-02-27"]

    assert main([*size, "--out", str(inbox), "--truth", str(truth), "--plain"]) == 0

    written = [f"encore-sample-2019-{day}.json" for day in ("02-27", "02-28", "03-01")]
    assert sorted(file.name for file in inbox.iterdir()) == written
    assert {*spark.read.parquet(str(truth)).columns} == {"user_id", "date", "hazard", "cancelled"}


def test_a_second_set_may_come_beside_the_first(spark: SparkSession, tmp_path: Path) -> None:
    size = ["--users", "12", "--days", "2", "--out", str(tmp_path)]
    assert main([*size, "--start", "2019-02-27"]) == 0
    first = {*tmp_path.iterdir()}
    assert main([*size, "--start", "2019-03-01"]) == 0
    assert first < {*tmp_path.iterdir()}


@pytest.mark.parametrize("name", ["day.json", "2018/day.json.gz", ".day.json.part", "day.csv"])
def test_a_folder_that_holds_other_files_gets_none(name: str, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    own = tmp_path / name
    own.parent.mkdir(exist_ok=True)
    own.write_text("{}")
    (tmp_path / "encore-sample-2018-10-01.json.gz").touch()
    before = sorted(tmp_path.rglob("*"))

    assert main(["--users", "5", "--days", "2", "--out", str(tmp_path)]) == 2

    assert f"{tmp_path} holds other files than sample logs, whose listeners are made up: {name}." in caplog.text
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--users", "0", "--out", "x"], "users must"),
        (["--days", "9999", "--out", "x"], "days must"),
        (["--out", "x", "--truth", "x/truth"], "truth must not"),
    ],
)
def test_wrong_request_is_refused_by_name(
    arguments: list[str], named: str, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(arguments) == 2
    assert named in caplog.text
    assert not list(tmp_path.iterdir())
