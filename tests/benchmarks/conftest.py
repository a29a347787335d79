"""Logs for the benchmarks, simulated once a run. `BENCH_GB` sizes them (default 12, as many as 26 million events)."""

import os
from pathlib import Path

import pytest

from tests.benchmarks.measuring import Logs, simulate

USERS_PER_GB = 2_300


@pytest.fixture(scope="session")
def gigabytes() -> float:
    return float(os.environ.get("BENCH_GB", "12"))


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with room; `BENCH_FOLDER` names one on a larger disk."""
    named = os.environ.get("BENCH_FOLDER")
    return Path(named) if named else tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="session")
def logs(workshop: Path, gigabytes: float) -> Logs:
    """Plain daily files of 61 days."""
    return simulate(workshop / "logs", users=int(USERS_PER_GB * gigabytes), days=61)


@pytest.fixture(scope="session")
def few_logs(workshop: Path, gigabytes: float) -> Logs:
    """A twelfth of the logs."""
    return simulate(workshop / "few", users=int(USERS_PER_GB * gigabytes / 12), days=61)
