"""Training measured: the whole job on a small service's logs, what each candidate costs, and a million examples."""

import json
import os
import shutil
import sys
import time
from pathlib import Path

from tests.benchmarks.measuring import measure, table
from tests.e2e.standalone import standalone
from tests.e2e.thread import encore

USERS, DAYS = 256, 61
EXAMPLES = int(os.environ.get("BENCH_EXAMPLES", "1000000"))
ASSETS = ("cleaned_events", "daily_activity", "user_features", "training_examples", "trained_model", "churn_scores",
          "portal_snapshot")  # fmt: skip


def test_logs_to_published_scores(workshop: Path) -> None:
    """256 listeners, about 285,000 events: what an operator waits for, in a process that begins cold."""
    rows = [("run", "the command, s", *(f"{name}, s" for name in ASSETS), "search of it, s")]
    shutil.rmtree(workshop / "job", ignore_errors=True)
    with encore(workshop / "job") as made:
        made.simulate(USERS, DAYS, seed=1)
        for turn in ("first", "again, nothing new"):
            started = time.monotonic()
            done = made.materialize()
            seconds = time.monotonic() - started
            assert done.returncode == 0, done.stdout + done.stderr
            found = [made.metadata(name) for name in ASSETS]
            steps = [f"{float(metadata['seconds']):.1f}" for metadata in found]
            rows.append((turn, f"{seconds:.1f}", *steps, f"{made.metadata('trained_model')['search_seconds']:.1f}"))
        candidates = _candidates(made.lake / "trained_model")
    table(f"{USERS} listeners, {DAYS} days", rows)
    table("Candidates of the search", candidates)


def test_logs_to_published_scores_warm(workshop: Path) -> None:
    """Goal: 256 listeners, about 285,000 events, in under 60 s on 2 cores: in a process that has done it once."""
    shutil.rmtree(workshop / "warm", ignore_errors=True)
    with encore(workshop / "warm") as made:
        made.simulate(USERS, DAYS, seed=1)
        program = [sys.executable, "-m", "tests.benchmarks.programs", "job", str(made.home / "lakes")]
        done = measure(program, made.environment)
    rows = [("the whole job, from nothing", "seconds"), *((turn, f"{found:.1f}") for turn, found in done.told.items())]
    table(f"{USERS} listeners, {DAYS} days, twice in one process", rows)


def test_a_million_examples(workshop: Path) -> None:
    """Goal: train within a driver of 2 GB on 2 cores."""
    _train(workshop)


def test_as_many_on_a_cluster(workshop: Path) -> None:
    """Goal: the same on a cluster, here of two workers with one core each, which share this machine."""
    shutil.rmtree(workshop / "cluster", ignore_errors=True)
    with standalone(workshop / "cluster", memory="3g") as cluster:
        _train(workshop, cluster.master)


def _train(workshop: Path, *master: str) -> None:
    program = [sys.executable, "-m", "tests.benchmarks.million", str(workshop / f"million-{EXAMPLES}"), str(EXAMPLES)]
    found = measure([*program, *master])
    told = found.told
    rows = [("what", "figure")]
    rows += [(name, f"{value:,.1f}") for name, value in told["seconds"].items()]
    rows += [(f"peak MB of {name}", f"{peak:,.0f}") for name, peak in found.peak_mb.items() if name != "gone"]
    where = " on a cluster" if master else ""
    table(f"{EXAMPLES:,} examples of 100 features{where}: seconds and memory", rows)
    table("Candidates of the search", [tuple(row) for row in told["candidates"]])


def _candidates(versions: Path) -> list[tuple[str, ...]]:
    version = json.loads((versions / "champion.json").read_text())["version"]
    search = json.loads((versions / version / "card.json").read_text())["search"]
    head = ("estimator", "settings", "PR AUC", "ROC AUC", "seconds")
    return [head, *((row["estimator"], json.dumps(row["settings"]), f"{row['pr_auc']:.3f}", f"{row['roc_auc']:.3f}",
                     f"{row['seconds']:.1f}") for row in search)]  # fmt: skip
