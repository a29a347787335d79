"""The user who runs Postgres, which refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.local.console import LocalError

SERVICE_USER = "encore"
# useradd lies in an sbin folder, which is not on the PATH of every root shell
ADMIN_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


@dataclass(frozen=True)
class Account:
    """A user of the system that server processes run as."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        """Tell whether no change of user is needed."""
        return self.uid == os.geteuid()

    def run(self, command: list[str], timeout: float = 180) -> subprocess.CompletedProcess[str]:
        """Run `command` as this user, in a folder and an environment that fit any user."""
        # PG* variables of the caller's shell (PGPORT, PGDATA, PGOPTIONS) must not reach the server
        environ = {"PATH": os.defpath, "LC_ALL": "C", "HOME": "/"}
        options: dict[str, int | list[int]] = (
            {} if self.is_me else {"user": self.uid, "group": self.gid, "extra_groups": []}
        )
        return subprocess.run(  # type: ignore[call-overload,no-any-return]  # keywords depend on who runs
            command,
            cwd="/",
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
            **options,
        )

    def can_enter(self, folder: Path) -> bool:
        """Tell whether this user may look things up in `folder`; it need not exist yet."""
        while not folder.exists():
            folder = folder.parent
        return self.run(["test", "-x", str(folder)]).returncode == 0

    def own(self, path: Path) -> None:
        """Give `path`, and all below it, to this user."""
        if self.is_me:
            return
        os.chown(path, self.uid, self.gid)
        for folder, names, files in os.walk(path):
            for name in names + files:
                os.chown(Path(folder) / name, self.uid, self.gid, follow_symlinks=False)


def server_account(data: Path) -> Account:
    """Return who runs the server on `data`: oneself, or for root the owner of the data or a service user.

    Raises:
        LocalError: the data belong to somebody else, or the service user cannot be made.
    """
    owner = data.stat().st_uid if data.exists() else None
    me = os.geteuid()
    if me != 0:
        if owner not in (None, me):
            raise LocalError(
                f"The database in {data} belongs to user {_name(owner)}: run the same command as that user or root, "
                "or set ENCORE_HOME to another folder."
            )
        return _account(pwd.getpwuid(me)) if _known(me) else Account(str(me), me, os.getegid())
    if owner:
        return _account(pwd.getpwuid(owner)) if _known(owner) else Account(str(owner), owner, data.stat().st_gid)
    return _service_account()


def _service_account() -> Account:
    """Return the system user `encore`, made when it is missing."""
    try:
        return _account(pwd.getpwnam(SERVICE_USER))
    except KeyError:
        pass
    by_hand = f"Make a system user named {SERVICE_USER} and try again, or run the command as an ordinary user."
    useradd = shutil.which("useradd", path=ADMIN_PATH)
    if useradd is None:
        raise LocalError(f"Postgres does not run as root, and there is no `useradd` to make a user for it. {by_hand}")
    options = [
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    ]
    done = subprocess.run([useradd, *options, SERVICE_USER], capture_output=True, text=True, check=False)
    try:
        # asked again whatever useradd said: another command may have made the user meanwhile
        return _account(pwd.getpwnam(SERVICE_USER))
    except KeyError:
        reason = done.stderr.strip()
        raise LocalError(
            f"Postgres does not run as root, and making a user for it failed ({reason}). {by_hand}"
        ) from None


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _name(uid: int | None) -> str:
    return pwd.getpwuid(uid).pw_name if uid is not None and _known(uid) else str(uid)
