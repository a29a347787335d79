"""Sample logs: made-up listeners, for a first look alone. Ingest keeps them apart from real ones, by their names."""

import shutil
from pathlib import Path

from deploy.local.settings import Settings

SIZE = ("--users", "250", "--days", "60", "--seed", "1")


def are_wanted(settings: Settings) -> bool:
    """Tell whether everything is Encore's own and empty: the inbox of any file, and the lake.

    An inbox or a lake that the user named holds real logs, or will.
    """
    if settings.own_logs or settings.own_lake or settings.local_logs is None:
        return False
    return not any(settings.local_logs.iterdir()) and not _holds_files(Path(settings.lake))


def command(settings: Settings) -> list[str]:
    """Return the arguments of Python that write them, aside: a broken attempt must not pass for a filled inbox."""
    shutil.rmtree(_aside(settings), ignore_errors=True)
    return ["-m", "spark_assets.simulation", *SIZE, "--out", str(_aside(settings))]


def move_into_inbox(settings: Settings) -> None:
    """Move them where they are ingested from."""
    for file in sorted(_aside(settings).iterdir()):
        file.rename(Path(settings.logs) / file.name)
    _aside(settings).rmdir()


def _holds_files(lake: Path) -> bool:
    return any(not name.name.startswith(".") for name in lake.iterdir()) if lake.is_dir() else False


def _aside(settings: Settings) -> Path:
    return settings.home / "inbox.partial"
