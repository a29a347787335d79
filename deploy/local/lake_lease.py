"""A lake on S3 kept from its steps: the lease is held by a program of the data side, for as long as we live."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deploy.local.errors import LocalError
from deploy.local.lake_files import PATIENCE_S
from deploy.local.settings import Settings

_HELD = "held"


@contextmanager
def leased(
    settings: Settings, who: str, on_wait: Callable[[str], None], patience: float = PATIENCE_S
) -> Iterator[None]:
    """Keep steps out of a lake in an object store, which are then told `who` is at work there, see `lake_files.locked`.

    Raises:
        LocalError: a step has not ended after `patience` seconds, S3 refuses, or the lake was not kept to the end.
    """
    command = [sys.executable, "-m", "spark_assets.lake.lock", settings.lake, who, f"--patience={patience}"]
    with subprocess.Popen(
        command,
        cwd=settings.root,
        env=dict(settings.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as holder:
        is_held = _waits_until_held(holder, on_wait)
        try:
            if is_held:
                yield
        finally:
            _, complaints = holder.communicate()  # ends its standard input, and the lease with that
        if holder.returncode or not is_held:
            raise LocalError(_last_line(complaints) or f"What held the lake ended with code {holder.returncode}.")


def _waits_until_held(holder: "subprocess.Popen[str]", on_wait: Callable[[str], None]) -> bool:
    """Return whether the lake is held; else the holder has ended."""
    for line in holder.stdout or ():
        if line.strip() == _HELD:
            return True
        on_wait(line.strip())
    return False


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]
