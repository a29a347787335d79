"""Damaged files, a full disk and two runs at once: what is said, and the same tables after doing what it says."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import DamagedFileError, DiskFullError, LakeBusyError
from spark_assets.lake import s3_lease
from spark_assets.lake.ledger import Ledger
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams
from tests.aws import bucket, moto_server
from tests.e2e.killing import PATIENCE_SECONDS, STEP, kill, started, wait_until
from tests.e2e.lakes import drop_logs, params, rows
from tests.lakes_on_s3 import BUCKET, age, written

pytestmark = pytest.mark.slow("a drill: damaged files and a full disk")

Tables = tuple[list[str], list[str]]

FILES, LINES = 8, 300
DISK_MB = 4


@pytest.fixture(scope="module")
def undisturbed(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables of a run that nobody disturbed."""
    home = tmp_path_factory.mktemp("undisturbed")
    drop_logs(home / "inbox", range(FILES), LINES)
    compute(spark, home)
    return rows(spark, home / "lake")


def compute(spark: SparkSession, home: Path, *steps: str) -> None:
    for step in steps or ("ingest_logs", "daily_activity"):
        run_step(step, spark, params(home / "inbox", home / "lake"))


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def garbled(content: bytes) -> bytes:
    """Other bytes in the first half, as a disk may return them; the footer is as it was."""
    middle = len(content) // 2
    return content[:4] + bytes(byte ^ 0xA5 for byte in content[4:middle]) + content[middle:]


@pytest.mark.parametrize("damage", [truncated, garbled])
@pytest.mark.parametrize("met_by", ["ingest_logs", "daily_activity"])
def test_a_damaged_file_of_a_batch(
    spark: SparkSession, tmp_path: Path, undisturbed: Tables, damage: Callable[[bytes], bytes], met_by: str
) -> None:
    drop_logs(tmp_path / "inbox", range(FILES - 2), LINES)
    compute(spark, tmp_path, "ingest_logs")
    drop_logs(tmp_path / "inbox", range(FILES - 2, FILES), LINES)
    if met_by == "daily_activity":
        compute(spark, tmp_path, "ingest_logs")
    broken = next((tmp_path / "lake/cleaned_events/batch=000001/event_date=2018-12-01").glob("*.parquet"))
    broken.write_bytes(damage(broken.read_bytes()))
    advice = f"{broken.name} in the lake .* is damaged or missing. .* launch the job withdraw_batch with batch 1, "
    with pytest.raises(DamagedFileError, match=rf"The file cleaned_events/batch=000001/event_date=2018-12-01/{advice}"):
        compute(spark, tmp_path, met_by)
    run_step("withdraw_batch", spark, params(tmp_path / "inbox", tmp_path / "lake", batch=1))
    compute(spark, tmp_path)
    assert rows(spark, tmp_path / "lake") == undisturbed


def test_a_damaged_file_of_daily_activity(spark: SparkSession, tmp_path: Path, undisturbed: Tables) -> None:
    drop_logs(tmp_path / "inbox", range(FILES), LINES)
    compute(spark, tmp_path)
    broken = next((tmp_path / "lake/daily_activity").rglob("*.parquet"))
    broken.write_bytes(garbled(broken.read_bytes()))
    with pytest.raises(DamagedFileError, match=rf"{broken.name} .* Delete the folder daily_activity of the lake"):
        compute(spark, tmp_path, "user_features")
    shutil.rmtree(tmp_path / "lake/daily_activity")
    compute(spark, tmp_path)
    assert rows(spark, tmp_path / "lake") == undisturbed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few MB."""
    folder = tmp_path / "lake"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave no room on a disk."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    return ballast


def test_no_room_in_the_lake(spark: SparkSession, tmp_path: Path, small_disk: Path, undisturbed: Tables) -> None:
    drop_logs(tmp_path / "inbox", range(FILES), LINES)
    for step in ("ingest_logs", "daily_activity"):
        ballast = fill(small_disk)
        with pytest.raises(DiskFullError, match=rf"There is no room left in {small_disk}: 0\.\d MB are free"):
            compute(spark, tmp_path, step)
        ballast.unlink()
        compute(spark, tmp_path, step)
    assert rows(spark, small_disk) == undisturbed
    assert not list(small_disk.rglob("*.tmp"))


def test_two_ingests_at_once(spark: SparkSession, tmp_path: Path, undisturbed: Tables) -> None:
    inbox, lake = tmp_path / "inbox", tmp_path / "lake"
    drop_logs(inbox, range(FILES), LINES)
    lock = lake / ".lock"
    with started(STEP, "ingest_logs", json.dumps(params(inbox, lake).as_dict())) as other:
        wait_until(lambda: lock.exists() and bool(lock.read_text()), other)
        os.killpg(other.pid, signal.SIGSTOP)  # so that it is at work for sure while we try
        with pytest.raises(LakeBusyError, match=f"Step ingest_logs of process {other.pid} is at work in the lake"):
            compute(spark, tmp_path, "ingest_logs")
        os.killpg(other.pid, signal.SIGCONT)
        assert other.wait(PATIENCE_SECONDS) == 0
    compute(spark, tmp_path)
    assert rows(spark, lake) == undisturbed
    assert len(list(lake.glob("ledger/*.json"))) == 1


def test_an_ingest_killed_in_a_lake_on_s3(spark: SparkSession, tmp_path: Path, undisturbed: Tables) -> None:
    drop_logs(tmp_path / "inbox", range(FILES), LINES)
    chosen = StepParams(inbox=str(tmp_path / "inbox"), lake=f"s3://{BUCKET}/encore", quiet_seconds=0)
    with moto_server() as variables, bucket(BUCKET, variables):
        with started(STEP, "ingest_logs", json.dumps(chosen.as_dict())) as other:
            wait_until(lambda: written() is not None, other)
            kill(other)
        told = f"Step ingest_logs of process {other.pid} on .* If it was killed, the lake is free from .* UTC on"
        with pytest.raises(LakeBusyError, match=told):
            run_step("ingest_logs", spark, chosen)
        age(s3_lease.SECONDS)
        with started(STEP, "ingest_logs", json.dumps(chosen.as_dict())) as again:
            assert again.wait(PATIENCE_SECONDS) == 0
        (batch,) = Ledger.load(chosen.lake).batches
        assert sum(batch["events_by_date"].values()) == len(undisturbed[0])
        assert written() is None
