"""An Encore of a test's own, and all that its database and its lake hold, to be compared."""

import dataclasses
import hashlib
import re
import subprocess
from pathlib import Path

from pyspark.sql import SparkSession

from deploy.local import postgres_programs
from deploy.local.backup.lake import names_of
from deploy.local.database import RoleUrls
from deploy.local.settings import Settings
from spark_assets.steps.runner import run_step
from tests.e2e.lakes import params
from tests.spark_assets.publishing.conftest import run_sql
from tests.webportal.browser import harness

_CASTS = re.compile(r"::(character varying|text)(\[\])?|[()]")


@dataclasses.dataclass(frozen=True)
class World:
    """An Encore of this test's own: its places, its Postgres, and who connects to it as whom."""

    settings: Settings
    urls: RoleUrls
    backups: Path

    @property
    def lake(self) -> Path:
        return Path(self.settings.lake)

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` as `make` does, with an address for each role."""
        urls = {"DATABASE_URL": self.urls.portal, "MIGRATE_DATABASE_URL": self.urls.owner}
        return harness.manage(harness.portal_environment("") | urls, *arguments)

    def compute(self, spark: SparkSession) -> None:
        for step in ("ingest_logs", "daily_activity"):
            run_step(step, spark, params(self.settings.home / "inbox", self.lake))


def tables(url: str) -> dict[str, object]:
    """Return a digest of the rows of each table, in whatever order they lie."""
    names = run_sql(url, "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
    digest = "select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from public.\"{}\" t"
    return {str(name): run_sql(url, digest.format(name))[0][0] for (name,) in names}


def schema(url: str) -> list[str]:
    """Return the definitions that pg_dump writes: tables, partitions, triggers, functions, owners and grants.

    Of conditions without casts and parentheses: PostgreSQL writes those another way once they were read again.
    """
    folder = postgres_programs.programs_for(int(str(run_sql(url, "show server_version_num")[0][0])) // 10000).folder
    command = [str(folder / "pg_dump"), "--schema-only", f"--dbname={url}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    # a random word that guards against commands within a dump is another each time
    lines = [line for line in done.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]
    told = [_CASTS.sub("", line) if " ANY " in line else line for line in lines]
    return sorted(told, key=lambda line: line if line.startswith("GRANT ") else "")  # a table's come in any order


def files(lake: Path) -> dict[str, str]:
    return {name: hashlib.sha256((lake / name).read_bytes()).hexdigest() for name in names_of(lake)}
