"""`make backup`: Postgres and lake of one moment in one folder, with a manifest; docs/backup.md says what for."""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from deploy.local import postgres_programs
from deploy.local.backup import manifest
from deploy.local.backup.database import counted_rows, current_snapshot, roles_used
from deploy.local.backup.lake import is_halfway, leased, locked, names_of
from deploy.local.backup.manifest import DUMP, LAKE, Manifest
from deploy.local.console import LocalError, Progress, say
from deploy.local.database import connected, major_of
from deploy.local.environment import prepare
from deploy.local.settings import Settings, is_remote, version_of

REMOTE_LAKE = (
    "The lake {lake} lies in an object store and is not in the backup. What it needs there is versioning of the "
    "bucket (aws s3api put-bucket-versioning --bucket NAME --versioning-configuration Status=Enabled), by which it is "
    "set back to the time of this backup."
)


def backup(settings: Settings, target: Path) -> Manifest:
    """Write a backup to a folder that does not exist yet; it appears there when it is whole.

    No step works in the lake meanwhile: one under way is waited for, others are told to wait.

    Raises:
        LocalError: the folder is in use, or something failed; nothing is left there.
    """
    target = _usable(target, settings)
    progress = Progress()
    url = owner_url(prepare(settings, java=False))
    with _partial(target) as folder, kept_still(settings, "A backup", progress):
        made = _write(settings, url, folder, progress)
    say(f"Backup {target} {made}")
    if made.lake:
        say(REMOTE_LAKE.format(lake=made.lake))
    return made


def owner_url(environ: dict[str, str]) -> str:
    """Return the address of the role that owns the tables."""
    return environ.get("MIGRATE_DATABASE_URL") or environ["DATABASE_URL"]


def kept_still(settings: Settings, who: str, progress: Progress) -> AbstractContextManager[None]:
    """Return what keeps steps out of the lake, wherever it lies."""

    def tell(text: str) -> None:
        progress.line("waiting", text)

    if is_remote(settings.lake):
        return leased(settings, who, tell)
    return locked(Path(settings.lake), who, tell)


def _usable(target: Path, settings: Settings) -> Path:
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise LocalError(f"{target} exists already: name a folder for each backup, as in TO=/backups/$(date +%F).")
    if not is_remote(settings.lake) and target.resolve().is_relative_to(Path(settings.lake).resolve()):
        raise LocalError(f"{target} lies within the lake: name a folder elsewhere, at best on another disk.")
    return target


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """Yield a folder beside `target`, which takes its name when the block has ended well."""
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    try:
        yield partial
        for folder in (*(path for path in partial.rglob("*") if path.is_dir()), partial):
            _reach_disk(folder)
        if target.exists():
            target.rmdir()
        partial.rename(target)
        _reach_disk(target.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)  # it may be what filled the disk
        raise


def _write(settings: Settings, url: str, folder: Path, progress: Progress) -> Manifest:
    with connected(url, "The backup") as connection:
        # one transaction for figures and dump: they tell of the same moment, whatever the portal writes meanwhile
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        programs = postgres_programs.programs_for(major_of(connection))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            (moment,) = cursor.fetchall()[0]
            made_at = datetime.now(UTC).isoformat(timespec="seconds")
            progress.line("postgres", "...")
            programs.dump(url, moment, folder / DUMP)
            rows = counted_rows(cursor)
            made = Manifest(
                made_at=made_at,
                encore=version_of(settings.root),
                postgres=major_of(connection),
                roles=roles_used(cursor),
                snapshot=current_snapshot(cursor),
                rows=rows,
                lake=settings.lake if is_remote(settings.lake) else None,
                files={DUMP: manifest.digest(folder / DUMP)},
            )
    if made.lake is None:
        progress.line("lake", "...")
        lake = Path(settings.lake)
        if is_halfway(lake):
            raise LocalError(f"A restore of the lake {lake} was cut off: run `make restore` again first.")
        copied = manifest.copy_all(lake, folder / LAKE, names_of(lake))
        made.files.update({f"{LAKE}/{name}": file for name, file in copied.items()})
    manifest.write(folder, made)
    return made


def _reach_disk(path: Path) -> None:
    """See that a file's content, or a folder's names, have reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
