"""Have the programs that tests drive: Chromium, and PgBouncer."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.console import complain, say
from deploy.local.errors import LocalError


@dataclass(frozen=True)
class Program:
    """A program: how it is called here and there, Debian's package, which tests need it, and what they do without."""

    title: str
    names: tuple[str, ...]
    package: str
    tests: str
    without: str


CHROMIUM = Program(
    "Chromium",
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "chromium",
    "the browser tests",
    "are skipped",
)
PGBOUNCER = Program("PgBouncer", ("pgbouncer",), "pgbouncer", "the tests of locks behind a pool", "fail")
PROGRAMS = {program.package: program for program in (CHROMIUM, PGBOUNCER)}
SYSTEM_PROGRAMS = "/usr/sbin"
"""Where Debian installs servers; it is on the PATH of root alone."""


def ensure(program: Program, environ: Mapping[str, str]) -> None:
    """Install Debian's package when the program is missing and that is possible without asking for a password.

    Raises:
        LocalError: it is missing on a CI machine, where every test must run.
    """
    places = (
        os.pathsep.join((environ.get("PATH", ""), SYSTEM_PROGRAMS)) if program is PGBOUNCER else environ.get("PATH")
    )
    if any(shutil.which(name, path=places) for name in program.names):
        return
    reason = _install(program, environ)
    if reason is None:
        return
    by_hand = f"Install it with: sudo apt-get install {program.package}"
    message = f"There is no {program.title} for {program.tests}: {reason}. {by_hand}"
    if environ.get("CI") == "true":
        raise LocalError(message)
    complain(f"Note: {message}. Until then they {program.without}.")


def _install(program: Program, environ: Mapping[str, str]) -> str | None:
    """Install the package; return why it could not be."""
    path = environ.get("PATH")
    if not shutil.which("apt-get", path=path):
        return "this system has no apt-get"
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not (shutil.which("sudo", path=path) and _succeeds([*prefix, "true"])):
        return "installing it needs root"
    say(f"{program.package:<12} installing it for {program.tests} ...")
    # another apt-get may be at work: wait for it
    apt_get = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    for arguments in (["update"], ["install", "-y", program.package]):
        done = subprocess.run([*apt_get, *arguments], capture_output=True, text=True, errors="replace", check=False)
        if done.returncode != 0:
            return f"apt-get {arguments[0]} failed ({' '.join(done.stderr.split())[-300:]})"
    return None


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
