"""The process that forks Spark's Python workers (`spark.python.daemon.module`), without three waits around each task.

- Before a task Spark has Python forget what it knows of the import path, and Python 3.11 answers by reading the lists
  of files in Spark's archives anew: 0.1 s and more. Python 3.12 (gh-103200) and Spark 4.2 (SPARK-54744) no longer do.
- Java sends a task in small pieces, of which it holds each back until the one before is acknowledged, while the system
  acknowledges late (after 40 ms) what is not answered at once.
- After a task Spark collects garbage, which looks at all that the imported modules hold.
"""

import gc
import os
import socket
import sys
from collections.abc import Callable
from typing import BinaryIO

_ARCHIVES = (".zip", ".jar")

Main = Callable[[BinaryIO, BinaryIO], None]


def leave_out_archives() -> None:
    """Take zip and jar files off the import path. What Spark keeps in them is installed in the environment, too."""
    sys.path[:] = [path for path in sys.path if not path.endswith(_ARCHIVES)]
    for path in [path for path in sys.path_importer_cache if path.endswith(_ARCHIVES)]:
        del sys.path_importer_cache[path]


def without_waits(main: Main) -> Main:
    """The `main` of a worker, which is called for each task: acknowledging at once, with little to collect after."""
    modules = 0

    def worker_main(infile: BinaryIO, outfile: BinaryIO) -> None:
        nonlocal modules
        acknowledge_at_once(infile)
        try:
            main(infile, outfile)
        finally:
            if len(sys.modules) > modules:
                gc.collect()
                gc.freeze()
                modules = len(sys.modules)

    return worker_main


def acknowledge_at_once(stream: BinaryIO) -> None:
    """Have the system acknowledge what arrives, where it can be told to; it soon forgets, so each task says it anew."""
    if hasattr(socket, "TCP_QUICKACK"):
        with socket.socket(fileno=os.dup(stream.fileno())) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


if __name__ == "__main__":
    leave_out_archives()
    from pyspark import daemon

    daemon.worker_main = without_waits(daemon.worker_main)
    daemon.manager()  # type: ignore[no-untyped-call]
