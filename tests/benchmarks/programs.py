"""The programs that the benchmarks compare, each run as a process of its own: `python -m tests.benchmarks.programs`."""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

SCHEMA = (
    "ts BIGINT, userId STRING, sessionId BIGINT, page STRING, auth STRING, method STRING, status INT, level STRING, "
    "itemInSession BIGINT, location STRING, userAgent STRING, lastName STRING, firstName STRING, registration BIGINT, "
    "gender STRING, artist STRING, song STRING, length DOUBLE"
)


def notebook(logs: str, out: str) -> dict[str, float]:
    """(a) As a notebook user would: read with a schema, filter, write Parquet."""
    from spark_assets.session import build_session

    spark = build_session("bench")
    started = time.monotonic()
    spark.read.schema(SCHEMA).json(f"{logs}/*.json").where("userId <> ''").write.parquet(f"{out}/notebook")
    return {"ingest": time.monotonic() - started}


def duck(logs: str, out: str) -> dict[str, float]:
    """(b) The same conversion by duckdb."""
    import duckdb

    names = {"STRING": "VARCHAR", "INT": "INTEGER"}
    columns = {name: names.get(kind, kind) for name, kind in (item.split() for item in SCHEMA.split(", "))}
    Path(out).mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    events = duckdb.read_json(f"{logs}/*.json", format="newline_delimited", columns=columns).filter("userId <> ''")
    events.write_parquet(f"{out}/duck.parquet")
    return {"ingest": time.monotonic() - started}


def encore(logs: str, out: str, *steps: str) -> dict[str, float]:
    """(c) Encore's steps, by default from logs to features."""
    from spark_assets.session import build_session
    from spark_assets.steps.runner import run_step
    from spark_assets.steps.settings import StepParams

    spark = build_session("bench")
    params = StepParams(inbox=logs, lake=f"{out}/lake", quiet_seconds=0)
    seconds = {}
    for step in steps or ("ingest_logs", "daily_activity", "user_features"):
        started = time.monotonic()
        run_step(step, spark, params)
        seconds[step] = time.monotonic() - started
    return seconds


def one_more(logs: str, out: str, newest: str) -> dict[str, float]:
    """Encore's steps, and once `newest` has been dropped, too, the same again in the same process."""
    encore(logs, out)
    Path(logs, Path(newest).name).hardlink_to(newest)
    return encore(logs, out)


def job(lake: str) -> dict[str, float]:
    """The whole job twice in one process, from nothing each time: cold, and with all of Java and Python warm."""
    from orchestration.__main__ import main

    seconds = {}
    for turn in ("cold", "warm"):
        os.environ["ENCORE_LAKE"] = f"{lake}/{turn}"
        started = time.monotonic()
        if main(["materialize"]):
            raise SystemExit(f"the {turn} job failed")
        seconds[turn] = time.monotonic() - started
    return seconds


def tasks(daemon: str, count: str) -> dict[str, float]:
    """Python tasks that do nothing, in workers that have imported what ingest needs."""
    from spark_assets.session import SessionSettings, build_session

    spark = build_session("bench", SessionSettings(extra={"spark.python.daemon.module": daemon}))

    def nothing(number: int) -> int:
        from spark_assets.ingest import task

        return number + bool(task)

    numbers = spark.sparkContext.parallelize(range(int(count)), int(count)).map(nothing)
    seconds = []
    for _ in range(3):
        started = time.monotonic()
        numbers.collect()
        seconds.append(time.monotonic() - started)
    return {"together": min(seconds), "of one core": min(seconds) * spark.sparkContext.defaultParallelism / int(count)}


PROGRAMS: Mapping[str, Callable[..., dict[str, float]]] = {
    "notebook": notebook,
    "duck": duck,
    "encore": encore,
    "one_more": one_more,
    "job": job,
    "tasks": tasks,
}

if __name__ == "__main__":
    program, *arguments = sys.argv[1:]
    sys.stdout.write("\n" + json.dumps(PROGRAMS[program](*arguments)) + "\n")
