"""The same logs on this machine and on a real cluster of two workers: identical tables, from code that was packaged."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow.dataset as ds
import pytest

from orchestration.compute.archive import Package, packaged
from orchestration.compute.cluster import driver_environment, find_spark_submit, submit_command
from spark_assets.lake.sample_logs import SAMPLE_MARK
from tests.e2e.standalone import Cluster, standalone
from tests.e2e.thread import Encore, encore

pytestmark = pytest.mark.slow("a Spark cluster of two workers")

Row = dict[str, Any]

SHORT = (
    *("--horizon-days", "7", "--history-days", "7", "--cut-off-every-days", "1"),
    *("--validation-folds", "1", "--bootstrap-replicates", "100"),
)
"""A shorter horizon and closer cut-offs, so that few days of logs suffice for a model; and less of the same work."""

SPARK_DEFAULTS = """\
spark.driver.memory 600m
spark.executor.memory 600m
spark.cores.max 2
# what is over in seconds is not worth compiling well
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.sql.shuffle.partitions 8
spark.ui.enabled false
# a step begins when both executors are there
spark.scheduler.minRegisteredResourcesRatio 1.0
spark.eventLog.enabled true
spark.eventLog.compress false
spark.eventLog.dir {events}
"""

PROBE = """
import json, os, sys, time
from pyspark.sql import SparkSession

def look(_):
    import spark_assets
    time.sleep(0.2)
    yield {"module": spark_assets.__file__, "folder": os.getcwd(), "path": sys.path, "clock": time.tzname[0]}

spark = SparkSession.builder.getOrCreate()
print(json.dumps(spark.sparkContext.parallelize(range(8), 8).mapPartitions(look).collect()))
"""


@dataclass(frozen=True)
class Twice:
    """An Encore computed in its process, one computed on the cluster, and where the cluster wrote what it did."""

    local: Encore
    remote: Encore
    cluster: Cluster
    variables: dict[str, str]
    events: Path


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    home = tmp_path_factory.mktemp("twice")
    events, conf = home / "events", home / "conf"
    events.mkdir()
    conf.mkdir()
    (conf / "spark-defaults.conf").write_text(SPARK_DEFAULTS.format(events=events.as_uri()))
    with encore(home / "local") as local, encore(home / "remote") as remote:
        local.simulate(users=100, days=24, seed=7)
        (local.inbox / f"{SAMPLE_MARK}broken.json").write_text('{"ts": 15383520\n' * 3)
        shutil.copytree(local.inbox, remote.inbox, dirs_exist_ok=True)
        _materialize(local)
        with standalone(home / "cluster") as cluster:
            variables = {"ENCORE_COMPUTE": "cluster", "SPARK_MASTER": cluster.master, "SPARK_CONF_DIR": str(conf)}
            _materialize(remote, **variables)
            yield Twice(local, remote, cluster, variables, events)


def _materialize(made: Encore, **variables: str) -> None:
    done = made.materialize(*SHORT, **variables)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["cleaned_events", "quarantined_events"])
def test_the_same_lines_became_rows(twice: Twice, name: str) -> None:
    local, remote = (sorted(map(repr, _rows(made.lake / name))) for made in (twice.local, twice.remote))
    assert local == remote
    assert local


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("daily_activity", ("user_id", "event_date")),
        ("user_features", ("user_id",)),
        ("training_examples", ("user_id", "cut_off")),
        ("churn_scores", ("user_id",)),
    ],
)
def test_the_same_table_to_the_last_digits(twice: Twice, name: str, key: tuple[str, ...]) -> None:
    local, remote = (_by_key(_rows(made.lake / name), key) for made in (twice.local, twice.remote))
    assert local.keys() == remote.keys()
    for number, row in local.items():
        assert remote[number] == pytest.approx(row, rel=1e-9, abs=1e-9, nan_ok=True)


def test_a_model_was_trained_and_scored_with(twice: Twice) -> None:
    local, remote = (_card(made) for made in (twice.local, twice.remote))
    same = ("version", "estimator", "settings", "training_cut_offs", "evaluation_cut_off", "training", "features")
    assert [remote[name] for name in same] == [local[name] for name in same]


def test_the_portal_shows_the_same(twice: Twice) -> None:
    statement = "SELECT * FROM current_customer ORDER BY customer_number"
    local, remote = (made.query(statement) for made in (twice.local, twice.remote))
    assert len(local) == len(remote)
    assert local
    for mine, theirs in zip(local, remote, strict=True):
        assert list(theirs) == pytest.approx(list(mine), rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("step", ["ingest_logs", "daily_activity"])
def test_both_executors_worked(twice: Twice, step: str) -> None:
    (log,) = [log for log in _event_logs(twice) if log[0].get("App Name") == f"encore: {step}"]
    workers = {
        event["Executor ID"]: event["Executor Info"]["Log Urls"]["stdout"]
        for event in log
        if event["Event"] == "SparkListenerExecutorAdded"
    }
    ended = {event["Task Info"]["Executor ID"] for event in log if event["Event"] == "SparkListenerTaskEnd"}
    assert ended == workers.keys()
    assert len(ended) == 2


def test_code_comes_to_the_executors_in_the_package(twice: Twice, tmp_path: Path) -> None:
    seen = _probe(twice, tmp_path)
    workers = {worker for look in seen for worker in twice.cluster.workers if worker in Path(look["folder"]).parents}
    assert workers == set(twice.cluster.workers)
    for look in seen:
        assert re.fullmatch(r"\./spark_assets-\w+\.zip/spark_assets/__init__\.py", look["module"])
        assert not [entry for entry in look["path"] if (Path(look["folder"]) / entry / "spark_assets").is_dir()]
        assert look["clock"] == "UTC"


def test_no_secret_in_command_lines_settings_or_logs(twice: Twice) -> None:
    password = urlsplit(twice.remote.database_url).password
    assert password
    home = twice.cluster.workers[0].parent
    written = [path for folder in (twice.events, home) for path in folder.rglob("*") if path.is_file()]
    texts = {path: path.read_bytes() for path in written if path.suffix != ".zip"}
    assert any(b"--params" in text for text in texts.values())
    assert [path for path, text in texts.items() if password.encode() in text] == []


def test_what_to_mend_is_said_without_a_traceback(twice: Twice) -> None:
    done = twice.remote.materialize(ENCORE_LOGS="/nowhere", **twice.variables)
    assert done.returncode == 1
    assert "ingested_logs failed: The inbox /nowhere does not exist." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def _probe(twice: Twice, folder: Path) -> list[Row]:
    """Look around on the executors, submitted as a step is."""
    script = folder / "probe.py"
    script.write_text(PROBE)
    with packaged() as package:
        command = submit_command(
            find_spark_submit(), twice.cluster.master, Package(package.archive, script), arguments=[]
        )
        environment = {**twice.remote.environment, **twice.variables, **driver_environment()}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen: list[Row] = json.loads(done.stdout)
    return seen


def _rows(folder: Path) -> list[Row]:
    """Rows of the table as it is now: both lakes are new, so that all files but a pointer's old versions count."""
    pointer = folder / "_current.json"
    current = json.loads(pointer.read_text()).get("folder", "") if pointer.exists() else ""
    table = ds.dataset(folder / current, format="parquet", partitioning="hive").to_table()
    kept = [name for name in table.column_names if name != "run"]
    rows: list[Row] = table.select(kept).to_pylist()
    return rows


def _card(made: Encore) -> Row:
    folder = made.lake / "trained_model"
    version = json.loads((folder / "champion.json").read_text())["version"]
    card: Row = json.loads((folder / version / "card.json").read_text())
    return card


def _by_key(rows: list[Row], key: tuple[str, ...]) -> dict[tuple[Any, ...], Row]:
    found = {tuple(row[name] for name in key): row for row in rows}
    assert len(found) == len(rows) > 0
    return found


def _event_logs(twice: Twice) -> list[list[Row]]:
    """Events of each application, its start with the name first."""
    logs = []
    for path in twice.events.rglob("events_*"):
        events = [json.loads(line) for line in path.read_text().splitlines()]
        logs.append(sorted(events, key=lambda event: "App Name" not in event))
    return logs
