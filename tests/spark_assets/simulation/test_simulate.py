from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.jobs.simulate import main

pytestmark = pytest.mark.spark


def test_command_writes_daily_files_and_the_truth_elsewhere(spark: SparkSession, tmp_path: Path) -> None:
    inbox, truth = tmp_path / "in box é", tmp_path / "truth"
    size = ["--users", "12", "--days", "3", "--seed", "2", "--start", "2019-02-27"]

    assert main([*size, "--out", str(inbox), "--truth", str(truth), "--plain"]) == 0

    assert sorted(file.name for file in inbox.iterdir()) == [f"2019-{day}.json" for day in ("02-27", "02-28", "03-01")]
    assert {*spark.read.parquet(str(truth)).columns} == {"user_id", "date", "hazard", "cancelled"}


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
