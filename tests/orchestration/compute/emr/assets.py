"""Two assets to be computed on EMR, a log for them, and what came of it."""

import json
from pathlib import Path

import dagster as dg

from orchestration.compute.base import SparkCompute
from orchestration.pipeline import Pipeline
from orchestration.run_output import failure_text
from orchestration.step_definitions import step_asset

INGEST = step_asset("ingest_logs", deps=[], group="ingest", kinds=set(), description="Events.")
DAILY = step_asset("daily_activity", deps=["ingest_logs"], group="ingest", kinds=set(), description="Sums.")
LINE = {
    "ts": 1538352117000, "userId": "30", "sessionId": 29, "page": "NextSong", "auth": "Logged In", "method": "PUT",
    "status": 200, "level": "paid", "itemInSession": 50, "location": "Bakersfield, CA", "userAgent": "Mozilla/5.0",
    "lastName": "Freeman", "firstName": "Colin", "registration": 1538173362000, "gender": "M",
    "artist": "Martha Tilston", "song": "Rockpools", "length": 277.89016,
}  # fmt: skip


def drop_line(folder: Path) -> None:
    """Put a log of one line into the inbox."""
    (folder / "inbox").mkdir()
    (folder / "inbox" / "a.json").write_text(json.dumps(LINE) + "\n")


def compute_with(compute: SparkCompute, folder: Path, *assets: dg.AssetsDefinition) -> dg.ExecuteInProcessResult:
    """Materialize assets, `ingest_logs` if none is named, without trying again."""
    pipeline = Pipeline(
        compute=compute, inbox=str(folder / "inbox"), lake=str(folder / "lake"), retries=0, quiet_seconds=0
    )
    return dg.materialize(list(assets or [INGEST]), resources={"pipeline": pipeline}, raise_on_error=False)


def cause(done: dg.ExecuteInProcessResult) -> str:
    (event,) = done.get_step_failure_events()
    return failure_text(event)
