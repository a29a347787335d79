"""Make `.venv` from the machine's Python 3.11: the only part that runs before anything is installed.

Run by the Makefile as `python3.11 -m deploy.local.bootstrap [--dev]`. A stamp in the environment holds the digest of
what was installed, so a second call costs nothing.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.local.console import LocalError, complain, say
from deploy.local.processes import exclusive

ROOT = Path(__file__).resolve().parents[2]
UV_VERSION = "0.13.9"  # docs/adr/0002
WANTED = (3, 11)


def ensure_environment(root: Path, *, dev: bool) -> None:
    """Make `root/.venv` hold what the requirements name, unless its stamp says that it does.

    Raises:
        LocalError: this Python cannot make an environment, or the packages cannot be had.
    """
    requirements = root / ("requirements-dev.txt" if dev else "requirements.txt")
    venv = root / ".venv"
    stamp = venv / f".{requirements.stem}.stamp"
    with exclusive(root / ".venv.lock", lambda: say("environment  waiting for another command that makes it ...")):
        wanted = _digest(requirements)
        if _runs(venv) and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        started = time.monotonic()
        if not _runs(venv):
            say("environment  making .venv")
            _make(venv)
        say(f"environment  installing {_count(requirements)} packages (about a minute the first time)")
        _install(venv, requirements)
        stamp.write_text(wanted, encoding="ascii")
        say(f"environment  ready after {time.monotonic() - started:.0f} s")


def _make(venv: Path) -> None:
    if sys.version_info[:2] != WANTED:
        raise LocalError(
            f"This is Python {sys.version.split()[0]}, and Encore needs 3.11: sudo apt-get install python3.11-venv"
        )
    try:
        import ensurepip  # noqa: F401  # Debian packs it apart from Python
    except ImportError:
        raise LocalError("This Python cannot make environments: sudo apt-get install python3.11-venv") from None
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", venv], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LocalError(f"Making {venv} failed: {' '.join((done.stdout + done.stderr).split())[-500:]}")


def _install(venv: Path, requirements: Path) -> None:
    """Install with uv, or with pip where uv cannot (pip knows package mirrors that only its own settings name)."""
    python = str(venv / "bin" / "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    environ = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
    # compiled at once, so that no command pays for it later, whoever may write into the environment
    uv = [str(venv / "bin" / "uv"), "pip", "install", "--compile-bytecode", "--python", python]
    uv += [] if sys.stderr.isatty() else ["--quiet"]  # its moving progress is for terminals
    if _succeeds([*pip, f"uv=={UV_VERSION}"], environ) and _succeeds([*uv, "-r", str(requirements)], environ):
        return
    complain("environment  uv could not install the packages; trying pip, which takes a few minutes")
    if not _succeeds([*pip, "-r", str(requirements)], environ):
        raise LocalError(
            "The packages could not be installed; the lines above say why. Mostly it is the network: look at the "
            "connection and the proxy settings (HTTPS_PROXY), and at the free space of the disk, and try again."
        )


def _succeeds(command: Sequence[str], environ: dict[str, str]) -> bool:
    try:
        return subprocess.run(command, env=environ, check=False).returncode == 0
    except OSError:
        return False


def _runs(venv: Path) -> bool:
    """Tell whether the environment's Python runs and is a 3.11 (it may have been removed or upgraded)."""
    code = f"import sys, pip; sys.exit(sys.version_info[:2] != {WANTED})"
    return _succeeds([str(venv / "bin" / "python"), "-c", code], dict(os.environ)) if venv.exists() else False


def _digest(requirements: Path) -> str:
    return hashlib.sha256(f"{UV_VERSION}\n{requirements.read_text(encoding='utf-8')}".encode()).hexdigest()


def _count(requirements: Path) -> int:
    return sum("==" in line for line in requirements.read_text(encoding="utf-8").splitlines())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.bootstrap", description="Make .venv.")
    parser.add_argument("--dev", action="store_true", help="with what tests and checks need")
    try:
        ensure_environment(ROOT, dev=parser.parse_args(arguments).dev)
    except LocalError as error:
        complain(f"Encore: {error}")
    except PermissionError as error:
        complain(f"Encore: no permission for {error.filename}: the clone must belong to the user who runs make.")
    except KeyboardInterrupt:
        complain("\nEncore: interrupted. The same command goes on where it stopped.")
        return 130
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
