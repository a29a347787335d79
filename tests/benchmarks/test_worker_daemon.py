"""What a Python task costs by itself, with Spark's own daemon and with Encore's."""

import sys

from tests.benchmarks.measuring import measure, table

TASKS = 40


def test_worker_daemon() -> None:
    rows = [("daemon", f"{TASKS} tasks, s", "a task and core, s")]
    for daemon in ("pyspark.daemon", "spark_assets.worker_daemon"):
        found = measure([sys.executable, "-m", "tests.benchmarks.programs", "tasks", daemon, str(TASKS)])
        rows.append((daemon, f"{found.told['together']:.2f}", f"{found.told['of one core']:.3f}"))
    table("Python tasks that do nothing", rows)
