"""An embedded Postgres of a test's own, in a folder that the server's user can enter."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.postgres import EmbeddedPostgres


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """Yield a new folder: pytest's own lie in one of mode 0700, which root's service user cannot enter."""
    with tempfile.TemporaryDirectory(prefix="encore-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def embedded_postgres() -> Iterator[EmbeddedPostgres]:
    """Yield a server that runs until the block ends."""
    with reachable_folder() as folder:
        server = EmbeddedPostgres(folder / "home")
        server.start()
        try:
            yield server
        finally:
            server.stop()
