"""One Encore of its own for a test: inbox, lake, Dagster home and database, driven by the commands that users run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import psycopg2
import pytest

from tests.webportal.browser.harness import ROOT, manage, portal_environment, scratch_database


@dataclass(frozen=True)
class Encore:
    """Where it lives, and the environment of its commands."""

    home: Path
    database_url: str

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **portal_environment(self.database_url),
            "ENCORE_HOME": str(self.home),
            "ENCORE_LOGS": str(self.inbox),
            "ENCORE_LAKE": str(self.lake),
            "ENCORE_COMPUTE": "local",
            "DAGSTER_HOME": str(self.home / "dagster"),
        }

    def run(self, *arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m ...` in the repository, with some variables changed."""
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env={**self.environment, **changed},
            capture_output=True,
            text=True,
            check=False,
        )

    def simulate(self, users: int, days: int, seed: int) -> None:
        """Drop sample logs into the inbox."""
        arguments = ["--users", users, "--days", days, "--seed", seed, "--out", self.inbox]
        done = self.run("spark_assets.simulation", *map(str, arguments))
        assert done.returncode == 0, done.stderr

    def materialize(self, *settings: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run everything, as `make materialize` does after the migrations."""
        return self.run("orchestration", "materialize", *settings, **changed)

    def metadata(self, asset: str) -> dict[str, Any]:
        """Metadata of the latest materialization of an asset, as Dagster's instance holds it."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DAGSTER_HOME", str(self.home / "dagster"))
            with dg.DagsterInstance.get() as instance:
                event = instance.get_latest_materialization_event(dg.AssetKey(asset))
        assert event is not None
        assert event.asset_materialization is not None
        return {name: value.value for name, value in event.asset_materialization.metadata.items()}

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - whatever SQL takes
        """Rows of a statement in this Encore's database."""
        with closing(psycopg2.connect(self.database_url)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()


@contextmanager
def encore(home: Path) -> Iterator[Encore]:
    """Make an Encore below `home`, migrated and empty."""
    with scratch_database(os.environ["DATABASE_URL"]) as url:
        made = Encore(home, url)
        made.inbox.mkdir(parents=True)
        (home / "dagster").mkdir()
        (home / "dagster" / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
        manage(made.environment, "migrate", "--noinput", "-v", "0")
        yield made
