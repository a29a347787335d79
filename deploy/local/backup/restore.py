"""`make restore`: a backup takes the place of Postgres' and the lake's content, or nothing changes."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local import postgres_programs
from deploy.local.backup import manifest
from deploy.local.backup.create import REMOTE_LAKE, kept_still, owner_url
from deploy.local.backup.database import (
    DO_NOT_LOAD,
    Replacement,
    beside,
    counted_rows,
    erased_by_lake,
    erased_customers,
)
from deploy.local.backup.lake import ARRIVING, clear, exchange, take_back
from deploy.local.backup.manifest import DUMP, LAKE, Manifest
from deploy.local.console import LocalError, Progress, Step, run_step, say
from deploy.local.database import connected, major_of
from deploy.local.environment import prepare
from deploy.local.processes import exclusive
from deploy.local.settings import Settings, is_remote
from deploy.local.supervision import is_any_running

_REASON = "Erased before a backup of earlier was restored."


def restore(settings: Settings, source: Path, *, confirmed: bool) -> None:
    """Restore a backup. The old database and lake are kept aside until all of it is in place, then deleted.

    Whoever was erased after the backup was made is erased from what it brings back.

    Raises:
        LocalError: the backup is damaged, nobody confirmed, something is at work, or a part failed.
    """
    progress = Progress()
    progress.line("backup", f"checking {source} ...")
    made = manifest.read(source)
    manifest.verify(source, made)
    _refuse_other_lake(settings, made)
    if not confirmed:
        raise LocalError(
            f"The backup {made} would take the place of what database and lake {settings.lake} hold now. "
            f"If you mean it: make restore FROM={source} CONFIRM=yes"
        )
    if is_any_running(settings):
        raise LocalError("Encore is running here: `make down` first, then run again.")
    with exclusive(settings.home / "up.lock", lambda: progress.line("waiting", "`make up` or `make down` is at work")):
        environ = prepare(settings, java=False)
        url = owner_url(environ)
        with kept_still(settings, "A restore", progress), beside(url, made.roles) as database:
            progress.line("postgres", "...")
            _fill(settings, source, made, database, environ)
            if made.lake is None:
                progress.line("lake", "...")
                _arrive(source, made, Path(settings.lake))
                _keep_list(Path(settings.lake))
            _put_into_place(settings, database)
    progress.line("done", f"restored the backup {made}")
    if made.lake:
        say(REMOTE_LAKE.format(lake=made.lake))
    say("Log files that came since are ingested again by `make up` or `make materialize`.")


def _refuse_other_lake(settings: Settings, made: Manifest) -> None:
    if made.lake and not is_remote(settings.lake):
        raise LocalError(f"The backup belongs to the lake {made.lake}, and is without it: set ENCORE_LAKE to it.")
    if made.lake is None and is_remote(settings.lake):
        raise LocalError(
            f"The backup holds a lake, and ENCORE_LAKE={settings.lake} lies in an object store: name a folder."
        )


def _fill(settings: Settings, source: Path, made: Manifest, database: Replacement, environ: Mapping[str, str]) -> None:
    """Bring the new database to where it can take over, with this version's tables and grants."""
    _load(source, made, database.new_url)
    owner = {**environ, "DATABASE_URL": database.new_url, "MIGRATE_DATABASE_URL": database.new_url}

    def manage(*arguments: str) -> None:
        name = f"restore-{arguments[0]}"
        hint = f"Nothing was changed: the database {database.name} was only filled beside yours."
        step = Step(name, (sys.executable, "webportal/manage.py", *arguments), hint)
        run_step(step, owner, settings.root, settings.log_folder / f"{name}.log", say)

    manage("migrate", "--noinput", "-v", "0")
    manage("database_roles")
    erased = erased_customers(database.url)
    if not is_remote(settings.lake):
        erased |= erased_by_lake(database.new_url, Path(settings.lake))
    for number in sorted(erased - erased_customers(database.new_url)):
        manage("erase_person", number, f"--confirm={number}", f"--reason={_REASON}")


def _load(source: Path, made: Manifest, url: str) -> None:
    with connected(url, "The restore") as connection:
        major = major_of(connection)
        if major < made.postgres:
            raise LocalError(f"The backup is of PostgreSQL {made.postgres}, this server of {major}: take a newer one.")
        postgres_programs.programs_for(major).load(url, source / DUMP)
        with connection, connection.cursor() as cursor:
            found = counted_rows(cursor)
            differing = sorted(name for name in {*found, *made.rows} if found.get(name) != made.rows.get(name))
            if differing:
                raise LocalError(f"{differing[0]} came back with other rows than it had: nothing was changed.")
            cursor.execute("ANALYZE")


def _arrive(source: Path, made: Manifest, lake: Path) -> None:
    take_back(lake)  # what an earlier restore, cut off, has left
    clear(lake)
    files = {name.removeprefix(f"{LAKE}/"): file for name, file in made.files.items() if name != DUMP}
    copied = manifest.copy_all(source / LAKE, lake / ARRIVING, list(files))
    changed = [name for name, file in copied.items() if files[name] != file]
    if changed:
        raise LocalError(f"{LAKE}/{changed[0]} has changed while it was read: nothing was changed here.")


def _keep_list(lake: Path) -> None:
    """Add to the do-not-load list of the lake that arrived who is on the list of the one that it replaces.

    They are pending there, so that the next run takes them out of the older files.
    """
    now, arrived = lake / DO_NOT_LOAD, lake / ARRIVING / DO_NOT_LOAD
    if not now.exists():
        return
    listed = json.loads(now.read_text(encoding="utf-8"))
    older = json.loads(arrived.read_text(encoding="utf-8")) if arrived.exists() else {"salt": listed["salt"]}
    if older["salt"] != listed["salt"]:
        return  # of another lake, whose hashes cannot be compared
    merged = {name: {*older.get(name, []), *listed.get(name, [])} for name in ("hashes", "names", "pending")}
    merged["pending"] |= merged["hashes"] - set(older.get("hashes", []))
    document = {"salt": listed["salt"], **{name: sorted(values) for name, values in merged.items()}}
    arrived.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _put_into_place(settings: Settings, database: Replacement) -> None:
    if is_remote(settings.lake):
        database.take_over(lambda: None)
    else:
        lake = Path(settings.lake)
        try:
            database.take_over(lambda: exchange(lake))
        except BaseException:
            take_back(lake)
            clear(lake)
            raise
        clear(lake)
    database.drop_old()
