"""Debian's PgBouncer in transaction pooling, between a test and its database."""

import os
import pwd
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg2
import pytest

from tests.embedded import reachable_folder
from tests.webportal.browser.harness import free_port

PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
SETTINGS = """
[databases]
* = host={host} port={server_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
auth_type = plain
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {pool_size}
unix_socket_dir =
logfile = {folder}/log.txt
"""


@contextmanager
def pooled(url: str, pool_size: int = 8) -> Iterator[str]:
    """Yield the address of a PgBouncer that passes transactions on to the server of `url`."""
    program = shutil.which("pgbouncer", path=PLACES)
    if program is None:
        pytest.fail("There is no PgBouncer for this test. Install it with: sudo apt-get install pgbouncer")
    server = urlsplit(url)
    port = free_port()
    with reachable_folder() as folder:
        users = f'"{unquote(server.username or "")}" "{unquote(server.password or "")}"\n'
        (folder / "users.txt").write_text(users, encoding="utf-8")
        settings = SETTINGS.format(
            host=server.hostname, server_port=server.port, port=port, folder=folder, pool_size=pool_size
        )
        (folder / "pgbouncer.ini").write_text(settings, encoding="utf-8")
        user = _service_user()
        if user:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, user)
        command = [program, *(["-u", user] if user else []), str(folder / "pgbouncer.ini")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            through = urlunsplit(server._replace(netloc=f"{server.netloc.rpartition('@')[0]}@127.0.0.1:{port}"))
            _wait_for(through, process)
            yield through
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def other_clients(url: str, count: int = 3) -> Iterator[None]:
    """Keep so many clients at work, so that one client's transactions run in many sessions of the server."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
                cursor.execute("select pg_sleep(0.02)")

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)


def _service_user() -> str | None:
    """PgBouncer refuses to run as root; then one of the users of the tests' Postgres."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("encore", "postgres", "nobody") if name in known)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while True:
        try:
            psycopg2.connect(url, connect_timeout=5).close()
        except psycopg2.OperationalError:
            assert process.poll() is None, "PgBouncer ended"
            assert time.monotonic() < until, "PgBouncer does not answer"
            time.sleep(0.1)
        else:
            return
