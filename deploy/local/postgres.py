"""The embedded Postgres: a service of its own on 127.0.0.1, one cluster for each ENCORE_HOME.

The server runs on after the command that started it; `make down` stops it. Its files lie in
`$ENCORE_HOME/postgres`. Postgres refuses to run as root: there it runs as the system user `encore`, and
when that user cannot reach ENCORE_HOME or the programs (a clone in /root or in a folder of mode 0700),
the data and a copy of the programs lie in `/var/lib/encore/<hash of ENCORE_HOME>`, which
`$ENCORE_HOME/postgres/location` then names.
"""

import hashlib
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local import database, postgres_programs, processes
from deploy.local.console import LocalError, tail
from deploy.local.database import RoleUrls, ensure_roles
from deploy.local.processes import command_line, exclusive
from deploy.local.service_account import Account, server_account
from deploy.local.settings import read_or_create_secret, write_private

SHARED_ROOT = Path("/var/lib/encore")
START_ATTEMPTS = 3
# longer than a start after a crash takes with data of Encore's size
START_TIMEOUT_S = 120
SERVER_SETTINGS = {
    "listen_addresses": processes.HOST,
    "unix_socket_directories": "",  # a socket's path may have 107 bytes, a clone's may have more
    "password_encryption": "scram-sha-256",
    "fsync": "on",
    "max_connections": "100",
    "log_line_prefix": "%m [%p] ",
}
# no process can have this number: pid_max is one above the highest on every Linux
NO_PROCESS = 2**22


class EmbeddedPostgres:
    """One cluster: start it, stop it, ask after it."""

    def __init__(self, home: Path, shared_root: Path = SHARED_ROOT) -> None:
        self.home = home
        self.folder = home / "postgres"
        self.shared_root = shared_root
        self.url_file = self.folder / "url"
        self.location_file = self.folder / "location"

    @property
    def root(self) -> Path:
        """The folder of data, log and, when copied, programs."""
        if self.location_file.exists():
            return Path(self.location_file.read_text(encoding="utf-8").strip())
        return self.folder / "server"

    @property
    def data(self) -> Path:
        """The data folder of the cluster."""
        return self.root / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.root / "postgres.log"

    @property
    def url(self) -> str | None:
        """The connection URL with its password; None before the first start."""
        return self.url_file.read_text(encoding="utf-8").strip() if self.url_file.exists() else None

    @property
    def port(self) -> int | None:
        """The port of the last start."""
        return urlsplit(self.url).port if self.url else None

    def pid(self) -> int | None:
        """Return the number of the running server; None when the note of it is stale."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if str(self.data) in command_line(pid) else None

    def start(self) -> str:
        """Make the cluster if there is none, start the server unless it runs, and return the URL.

        Raises:
            LocalError: it cannot be made or started; the message ends with the log's last lines.
        """
        with exclusive(self.folder / "lock"):
            account = server_account(self.data)
            self._place(account)
            programs = postgres_programs.choose(self.data)
            programs = postgres_programs.reachable_copy(programs, self.root, account)
            if not self.data.exists():
                self._create(account, programs)
            if self.pid() is None:
                self._launch(account, programs)
            url = self.url or self._write_url(self._running_port())
            if urlsplit(url).port != self._running_port():
                url = self._write_url(self._running_port())
            database.ensure_owner_and_database(self._admin_url(), url)
            return url

    def role_urls(self) -> RoleUrls:
        """Start the server, and return the URLs of owner, publisher and portal, whose roles are made when missing."""
        url = self.start()
        with exclusive(self.folder / "lock"):
            return ensure_roles(self._admin_url(), url, self.folder)

    def stop(self) -> bool:
        """Stop the server; tell whether it ran."""
        if self.pid() is None:
            return False
        with exclusive(self.folder / "lock"):
            account = server_account(self.data)
            programs = postgres_programs.reachable_copy(postgres_programs.choose(self.data), self.root, account)
            command = [str(programs / "bin" / "pg_ctl"), "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60"]
            done = account.run(command)
            if done.returncode != 0 and self.pid() is not None:
                raise LocalError(f"Postgres did not stop: {done.stderr.strip()}\n{tail(self.log)}")
        return True

    def remove(self) -> None:
        """Delete what lies outside of ENCORE_HOME; the server must be stopped."""
        if self.root.parent == self.shared_root:
            shutil.rmtree(self.root, ignore_errors=True)

    def _place(self, account: Account) -> None:
        """Choose once where the cluster lies, and make the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.root.exists() and not self.location_file.exists() and not self._usable_at_home(account):
            digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
            self.location_file.write_text(f"{self.shared_root / digest}\n", encoding="utf-8")
        if not self.root.exists():
            self.root.mkdir(parents=True)
            if self.root.parent == self.shared_root:
                self.shared_root.chmod(0o755)  # whatever root's umask is
            account.own(self.root)
            self.root.chmod(0o700)

    def _usable_at_home(self, account: Account) -> bool:
        """Tell whether the server's user reaches ENCORE_HOME and the programs where they are."""
        if account.is_me:
            return True
        return account.can_enter(self.folder) and postgres_programs.runs_for(
            account, postgres_programs.choose(self.data)
        )

    def _create(self, account: Account, programs: Path) -> None:
        """Make the cluster aside and move it into place, so that a broken attempt leaves nothing half done."""
        partial = self.root / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        password_file = self.root / ".password"
        write_private(password_file, self._admin_password() + "\n")
        account.own(password_file)
        # the built-in C.UTF-8 knows letters of all languages and, unlike the system's locales, never changes its order
        options = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--auth=scram-sha-256", "--username=postgres", f"--pwfile={password_file}", "--data-checksums"]
        options += [word for name, value in SERVER_SETTINGS.items() for word in ("--set", f"{name}={value}")]
        done = account.run([str(programs / "bin" / "initdb"), "-D", str(partial), *options])
        password_file.unlink()
        if done.returncode != 0:
            raise LocalError(f"Postgres could not make its data folder {partial}: {done.stderr.strip()}")
        self.url_file.unlink(missing_ok=True)  # of a cluster that is gone
        partial.rename(self.data)

    def _launch(self, account: Account, programs: Path) -> None:
        """Start the server on the remembered port, or on another when that is taken."""
        self._disown_stale_pid()
        for attempt in range(START_ATTEMPTS):
            port = processes.service_port(self.port if attempt == 0 else None)
            command = [str(programs / "bin" / "pg_ctl"), "start", "-D", str(self.data), "-l", str(self.log)]
            done = account.run([*command, "-w", "-t", str(START_TIMEOUT_S), "-o", f"-p {port}"], START_TIMEOUT_S + 30)
            if done.returncode == 0:
                return
            if processes.is_free(port):
                break  # the port was not the reason
        raise LocalError(
            f"Postgres did not start: {done.stderr.strip()}\n  The end of its log {self.log}:\n{tail(self.log)}"
        )

    def _disown_stale_pid(self) -> None:
        """Name no process in a pid file left by a crash, whose number another process may bear now.

        The file stays: Postgres learns from its other lines whether a part of the old server still runs.
        """
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            _, _, rest = pid_file.read_text(encoding="utf-8").partition("\n")
            pid_file.write_text(f"{NO_PROCESS}\n{rest}", encoding="utf-8")

    def _running_port(self) -> int:
        """Return the port that the running server noted in its pid file."""
        return int((self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[3])

    def _admin_password(self) -> str:
        return read_or_create_secret(self.folder / "admin-password", 24)

    def _admin_url(self) -> str:
        return f"postgresql://postgres:{self._admin_password()}@{processes.HOST}:{self._running_port()}/postgres"

    def _write_url(self, port: int) -> str:
        password = read_or_create_secret(self.folder / "password", 24)
        url = f"postgresql://encore:{password}@{processes.HOST}:{port}/encore"
        write_private(self.url_file, url + "\n")
        return url
