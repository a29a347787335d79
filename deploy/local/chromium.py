"""Have a Chromium for the browser tests."""

import os
import shutil
import subprocess
from collections.abc import Mapping

from deploy.local.console import complain, say
from deploy.local.errors import LocalError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BY_HAND = "Install it with: sudo apt-get install chromium"


def ensure_chromium(environ: Mapping[str, str]) -> None:
    """Install Debian's Chromium when there is none and that is possible without asking for a password.

    Raises:
        LocalError: it is missing on a CI machine, where the browser tests must run.
    """
    if any(shutil.which(name, path=environ.get("PATH")) for name in NAMES):
        return
    reason = _install(environ)
    if reason is None:
        return
    message = f"There is no Chromium for the browser tests: {reason}. {BY_HAND}"
    if environ.get("CI") == "true":
        raise LocalError(message)
    complain(f"Note: {message}. Until then they are skipped.")


def _install(environ: Mapping[str, str]) -> str | None:
    """Install the package; return why it could not be."""
    path = environ.get("PATH")
    if not shutil.which("apt-get", path=path):
        return "this system has no apt-get"
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not (shutil.which("sudo", path=path) and _succeeds([*prefix, "true"])):
        return "installing it needs root"
    say("chromium     installing it for the browser tests ...")
    # another apt-get may be at work: wait for it
    apt_get = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    for arguments in (["update"], ["install", "-y", "chromium"]):
        done = subprocess.run([*apt_get, *arguments], capture_output=True, text=True, errors="replace", check=False)
        if done.returncode != 0:
            return f"apt-get {arguments[0]} failed ({' '.join(done.stderr.split())[-300:]})"
    return None


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
