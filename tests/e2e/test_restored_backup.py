"""A backup of a real lake and a real Postgres, everything broken, and all as it was after a restore."""

import dataclasses
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from psycopg2 import errors
from pyspark.sql import SparkSession

from deploy.local.backup import manifest
from deploy.local.backup.create import backup
from deploy.local.backup.restore import restore
from deploy.local.console import LocalError
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.settings import resolve
from spark_assets.lake.do_not_load import load, save, with_numbers
from spark_assets.lake.lock import only_step
from tests.aws import bucket, moto_server
from tests.e2e.lakes import drop_logs, rows
from tests.e2e.worlds import World, files, schema, tables
from tests.embedded import reachable_folder
from tests.spark_assets.publishing.conftest import run_sql
from tests.spark_assets.publishing.snapshots import customer, publish_rows
from tests.webportal.browser import harness

pytestmark = pytest.mark.slow("a backup restored")

ROOT = Path(__file__).resolve().parents[2]
OWN = ("ENCORE_", "DATABASE_URL", "MIGRATE_DATABASE_URL", "PUBLISH_DATABASE_URL", "DJANGO_")
PATIENCE_S = 60
BREAKING = (
    "drop trigger audit_event_is_append_only on audit_event",
    "delete from audit_event",
    "delete from accounts_user where username = 'agent'",
    "update accounts_user set email = 'somebody@else.example'",
    "drop table desk_contact cascade",
    "drop table customer_snapshot cascade",
    "revoke all on all tables in schema public from encore_portal",
    "create table strange (x integer)",
)


@pytest.fixture(scope="module")
def world(spark: SparkSession) -> Iterator[World]:
    """With users, an audit, two snapshots, and a lake of one batch. Each test backs up what it finds there."""
    with pytest.MonkeyPatch.context() as patch, reachable_folder() as folder:
        for name in [name for name in os.environ if name.startswith(OWN)]:
            patch.delenv(name)
        home = folder / "home"
        settings = resolve(os.environ | {"ENCORE_HOME": str(home)}, home.parent, ROOT)
        server = EmbeddedPostgres(home)
        world = World(settings, server.role_urls(), home.parent / "backups")
        world.manage("migrate", "-v", "0")
        world.manage("database_roles")
        world.manage("create_first_users")
        drop_logs(home / "inbox", range(3), 200)
        world.compute(spark)
        publish_rows(spark, world.urls.publisher, [customer("1"), customer("2")])
        publish_rows(spark, world.urls.publisher, [customer("1"), customer("2"), customer("3")])
        yield world
        server.stop()
        server.remove()


def damage(world: World, spark: SparkSession) -> None:
    """Break database and lake in as many ways as come to mind, and go on working in them."""
    run_sql(world.urls.owner, *BREAKING)
    shutil.rmtree(world.lake / "daily_activity")
    garbled = next((world.lake / "cleaned_events").rglob("*.parquet"))
    garbled.write_bytes(garbled.read_bytes()[:100])
    (world.lake / "strange").mkdir()
    (world.lake / "strange/file.parquet").touch()


def test_everything_is_as_it_was(world: World, spark: SparkSession) -> None:
    before = tables(world.urls.owner), schema(world.urls.owner), files(world.lake), rows(spark, world.lake)
    made = backup(world.settings, world.backups / "monday")
    assert made.snapshot is not None
    assert str(made.snapshot["snapshot_id"]) == str(run_sql(world.urls.owner, "select * from current_snapshot")[0][-1])
    assert made.rows["public.accounts_user"] == 2
    assert oct((world.backups / "monday").stat().st_mode & 0o777) == "0o700"
    damage(world, spark)

    restore(world.settings, world.backups / "monday", confirmed=True)

    assert tables(world.urls.owner) == before[0]
    assert schema(world.urls.owner) == before[1]
    assert files(world.lake) == before[2]
    assert rows(spark, world.lake) == before[3]
    assert [str(name) for (name,) in run_sql(world.urls.owner, "select datname from pg_database order by 1")] == [
        *("encore", "postgres", "template0", "template1")
    ]
    works(world, spark)


def works(world: World, spark: SparkSession) -> None:
    """See that portal, publisher, audit and ingest work, each with the rights of its role and no more."""
    with harness.serving(harness.portal_environment(world.urls.portal)) as address:
        with urllib.request.urlopen(f"{address}/readyz", timeout=30) as answer:  # noqa: S310 - our own server
            assert answer.read() == b'{"ready": true, "database": true, "migrations": true, "snapshot": true}'
        password = world.manage("reset_password", "agent").split()[1]
        with harness.signed_in(address, "agent", password).open(f"{address}/customers/3/") as page:
            assert "Zoë Keating" in page.read().decode()
    with pytest.raises(errors.InsufficientPrivilege, match="audit is append-only"):
        run_sql(world.urls.owner, "update audit_event set kind = 'login'")
    with pytest.raises(errors.InsufficientPrivilege):
        run_sql(world.urls.portal, "update customer_snapshot set churn_probability = 0")
    publish_rows(spark, world.urls.publisher, [customer("4")])
    assert run_sql(world.urls.portal, "select customer_number from current_customer") == [("4",)]
    drop_logs(world.settings.home / "inbox", range(3, 4), 200)
    world.compute(spark)
    assert len(list((world.lake / "ledger").glob("0*.json"))) == 2


def test_who_was_erased_after_the_backup_stays_erased(world: World) -> None:
    numbers = "select distinct customer_number from customer_snapshot where customer_number < '4' order by 1"
    assert run_sql(world.urls.owner, numbers) == [("1",), ("2",), ("3",)]
    backup(world.settings, world.backups / "tuesday")
    world.manage("erase_person", "1", "--confirm=1", "--reason=asked for it")
    restore(world.settings, world.backups / "tuesday", confirmed=True)
    assert run_sql(world.urls.owner, numbers) == [("2",), ("3",)]
    assert run_sql(world.urls.owner, "select customer_number from erased_customer") == [("1",)]


def test_the_lakes_list_erases_also_when_the_database_has_lost_its_own(world: World, spark: SparkSession) -> None:
    publish_rows(spark, world.urls.publisher, [customer("2"), customer("3")])
    backup(world.settings, world.backups / "wednesday")
    save(str(world.lake), with_numbers(load(str(world.lake)), ["3"]))
    run_sql(world.urls.owner, "delete from erased_customer")
    restore(world.settings, world.backups / "wednesday", confirmed=True)
    assert run_sql(world.urls.owner, "select customer_number from current_customer order by 1") == [("2",)]
    assert ("3",) in run_sql(world.urls.owner, "select customer_number from erased_customer")
    listed = load(str(world.lake))
    assert ("3" in listed, len(listed.pending)) == (True, 1)


def test_what_cannot_be_restored_changes_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    monday = world.backups / "another monday"
    backup(world.settings, monday)
    run_sql(world.urls.owner, "update accounts_user set email = 'new@desk.example'")
    before = tables(world.urls.owner), files(world.lake)

    with pytest.raises(LocalError, match=r"make restore FROM=.*another monday CONFIRM=yes"):
        restore(world.settings, monday, confirmed=False)
    with pytest.raises(LocalError, match="monday exists already"):
        backup(world.settings, monday)
    with pytest.raises(LocalError, match="lies within the lake"):
        backup(world.settings, world.lake / "backup")
    remote = dataclasses.replace(world.settings, lake="s3://lake/encore")
    with pytest.raises(LocalError, match="lies in an object store"):
        restore(remote, monday, confirmed=True)
    with closing(psycopg2.connect(world.urls.portal)), pytest.raises(LocalError, match=r"\(1 of encore_portal\)"):
        restore(world.settings, monday, confirmed=True)

    # more rows than the dump brings
    whole = manifest.read(monday)
    (monday / manifest.NAME).unlink()
    manifest.write(monday, dataclasses.replace(whole, rows=whole.rows | {"public.accounts_user": 3}))
    with pytest.raises(LocalError, match=r"public\.accounts_user came back with other rows"):
        restore(world.settings, monday, confirmed=True)

    damaged = next((monday / "lake/cleaned_events").rglob("*.parquet"))
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    with pytest.raises(LocalError, match=re.escape(f"damaged: {damaged.relative_to(monday)} has changed")):
        restore(world.settings, monday, confirmed=True)
    assert (tables(world.urls.owner), files(world.lake)) == before
    assert len(run_sql(world.urls.owner, "select datname from pg_database")) == 4
    secrets = {str(urlsplit(url).password) for url in (world.urls.owner, world.urls.portal, world.urls.publisher)}
    told = capsys.readouterr()
    held = b"".join(path.read_bytes() for path in monday.rglob("*") if path.is_file())
    assert not any(secret in told.out + told.err or secret.encode() in held for secret in secrets)


def test_a_lake_on_s3_is_kept_still_and_told_what_it_needs(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with moto_server() as variables, bucket("lakes", variables):
        remote = dataclasses.replace(
            world.settings, lake="s3://lakes/encore", environ={**world.settings.environ, **variables}
        )
        with only_step(remote.lake, "portal_snapshot"):
            waiting = threading.Thread(target=backup, args=(remote, world.backups / "remote"))
            waiting.start()
            told = ""
            while "waiting      Step portal_snapshot of process" not in told:
                assert waiting.is_alive()
                time.sleep(0.1)
                told += capsys.readouterr().out
            assert not (world.backups / "remote").exists()
        waiting.join()
        assert "put-bucket-versioning" in capsys.readouterr().out
        made = manifest.read(world.backups / "remote")
        assert (made.lake, list(made.files)) == (remote.lake, [manifest.DUMP])
        with pytest.raises(LocalError, match="set ENCORE_LAKE to it"):
            restore(world.settings, world.backups / "remote", confirmed=True)
        before = tables(world.urls.owner)
        run_sql(
            world.urls.owner, "delete from desk_holdoutmeasure", "update accounts_user set email = 'x@desk.example'"
        )
        restore(remote, world.backups / "remote", confirmed=True)
        assert tables(world.urls.owner) == before


def test_a_backup_killed_half_way_is_none(world: World) -> None:
    """A pipe among the lake's files holds the copying up where it stands."""
    pipe = world.lake / "zz-pipe"
    os.mkfifo(pipe)
    environ = os.environ | {"ENCORE_HOME": str(world.settings.home)}
    command = [sys.executable, "-m", "deploy.local", "backup", f"--to={world.backups / 'killed'}"]
    killed = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE)
    partial = world.backups / ".killed.partial"
    until = time.monotonic() + PATIENCE_S
    while not (partial / "lake/zz-pipe").exists():
        assert killed.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    pipe.unlink()
    assert not (world.backups / "killed").exists()
    with pytest.raises(LocalError, match="cut off"):
        restore(world.settings, partial, confirmed=True)
    with only_step(str(world.lake), "daily_activity"):
        pass  # the lock went with the process
    backup(world.settings, world.backups / "killed")
    assert not partial.exists()
