"""Write simulated logs: `python -m spark_assets.simulation --users 250 --days 60 --seed 1 --out FOLDER`."""

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from spark_assets.errors import EncoreError, SettingsError
from spark_assets.lake import storage
from spark_assets.lake.sample_logs import is_sample, named
from spark_assets.session import build_session
from spark_assets.simulation.output import simulate_events, simulate_truth, write_daily_logs
from spark_assets.simulation.settings import DEFAULT_START, SimulationSettings

logger = logging.getLogger("spark_assets.simulation")


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="spark_assets.simulation", description=__doc__)
    parser.add_argument("--users", type=int, default=250, help="listeners, 1 to 50 million (default %(default)s)")
    parser.add_argument("--days", type=int, default=60, help="days, 1 to 3650 (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes (default %(default)s)")
    parser.add_argument("--start", type=date.fromisoformat, default=DEFAULT_START, help="first UTC day (%(default)s)")
    parser.add_argument("--out", required=True, help="folder or s3:// prefix for the daily files")
    parser.add_argument("--plain", action="store_true", help="write .json instead of .json.gz")
    parser.add_argument("--truth", help="folder for the true daily hazard as Parquet; keep it out of the inbox")
    return parser.parse_args(arguments)


def simulate(settings: SimulationSettings, out: str, plain: bool = False, truth: str | None = None) -> int:
    """Simulate, write one file a day to `out` and the hazard to `truth`; return the number of events."""
    began = time.monotonic()
    spark = build_session("encore-simulate")
    ready = time.monotonic()
    # Days fall on tasks by hash: several tasks for each core and day even out those that share one.
    tasks = 4 * min(spark.sparkContext.defaultParallelism, settings.days)
    files = write_daily_logs(simulate_events(spark, settings), out, plain=plain, tasks=tasks)
    if truth:
        simulate_truth(spark, settings).write.mode("overwrite").parquet(truth)
    events = sum(int(row["events"]) for row in files)
    size = sum(int(row["bytes"]) for row in files)
    seconds = time.monotonic() - ready
    logger.info(
        "%d listeners: %d events (%.0f MB of text) in %d daily files under %s", settings.users, events, size / 1e6,
        len(files), out,
    )  # fmt: skip
    logger.info("%.1f s, %.0f events/s, after %.1f s to start Spark", seconds, events / seconds, ready - began)
    return events


def _check_apart(out: str, truth: str | None) -> None:
    """Refuse a truth folder within the log folder: an inbox must never hold the answer."""
    if truth and Path(truth).absolute().is_relative_to(Path(out).absolute()):
        raise SettingsError(f"truth must not lie within the log folder {out}: {truth}")


def _check_no_other_files(out: str) -> None:
    """Refuse a folder that holds anything but sample logs: made-up listeners must not come among real ones."""
    found = storage.listing(out)
    others = sorted(name for name in (*(name for name, _ in found.files), *found.unreadable) if not is_sample(name))
    if others:
        raise SettingsError(
            f"{out} holds other files than sample logs, whose listeners are made up: {named(others)}. Nothing was "
            "written. Name an empty folder: make simulate OUT=folder"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = parse_arguments(arguments)
    try:
        settings = SimulationSettings(options.users, options.days, options.seed, options.start)
        _check_apart(options.out, options.truth)
        _check_no_other_files(options.out)
        simulate(settings, options.out, options.plain, options.truth)
    except EncoreError as error:
        logger.error("%s", error)
        return 2
    except OSError as error:
        logger.error("cannot write to %s: %s", options.out, error)
        return 1
    return 0


def _show_progress() -> None:
    """Show Encore's own messages on the terminal, and no library's."""
    encore = logging.getLogger("spark_assets")
    encore.addHandler(logging.StreamHandler())
    encore.setLevel(logging.INFO)


if __name__ == "__main__":
    _show_progress()
    sys.exit(main())
