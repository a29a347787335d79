"""How gunicorn serves the portal: `gunicorn -c python:webportal.config.gunicorn webportal.config.wsgi:application`."""

import gc
import importlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

workers = 2
threads = 4  # a thread for each of a few agents
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat must lie in memory, not on a slow disk

# What a browser never needs, and what a worker must not be kept busy with.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
timeout = 30
graceful_timeout = 30
keepalive = 5

# A worker that leaks is replaced before it matters, and not all at the same time.
max_requests = 20_000
max_requests_jitter = 2_000

# Where workers keep their figures, so that whichever is asked can tell those of all (see webportal.operations.probes).
_FIGURES = "PROMETHEUS_MULTIPROC_DIR"
_made: list[str] = []


def on_starting(server: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Make the folder for figures before any worker begins; one that the environment names is its owner's to empty."""
    if named := os.environ.get(_FIGURES):
        Path(named).mkdir(parents=True, exist_ok=True)
    else:
        _made.append(tempfile.mkdtemp(prefix="encore-figures-"))
        os.environ[_FIGURES] = _made[0]
    # Now that its folder is known, and not when the first worker ends: `child_exit` runs in the handler of a signal,
    # and when two workers end together the second finds the first one's import half done, and the server dies of it.
    importlib.import_module("prometheus_client.multiprocess")


# A collection at every 700 new objects, Python's own setting, looks ten times at what one page makes and will drop.
_NEW_OBJECTS = 50_000


def post_worker_init(worker: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Spare the garbage collector all that was imported, and most of its looks at a page being made."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])


def child_exit(server: Any, worker: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Forget the gauges of a worker that ended; what it counted stays counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call] # it ships few types


def on_exit(server: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Leave nothing behind that was made here."""
    for folder in _made:
        shutil.rmtree(folder, ignore_errors=True)
