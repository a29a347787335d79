"""`python -m deploy.emr.environment`: pack what steps need beside Encore's code, and put it where steps look for it.

Exactly the versions that `requirements.txt` pins, and no Spark, which EMR brings. Wheels are copied, not compiled, so
any Linux of the nodes' architecture will do to build on. Steps look for it at `EMR_ENVIRONMENT`, or within
`EMR_BUCKET`; without both the archive stays on this machine.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy.local.console import LocalError, complain, say
from deploy.local.settings import PROJECT_ROOT

ROOTS = (
    *("pyarrow", "pandas", "numpy", "numba", "llvmlite", "scipy", "scikit-learn", "xgboost-cpu"),
    *("psycopg2-binary", "dagster-pipes", "boto3"),
)
"""What `spark_assets` imports; what these need comes along."""

NODE_PYTHON = "/usr/bin/python3.11"
"""Python on the nodes, which the environment links to."""

_PIN = re.compile(r"^([\w.-]+)==([^\s;]+)")


def pins(requirements: Path) -> dict[str, str]:
    """Return the pinned version of each package, names in lower case with dashes."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return {_canonical(found[1]): found[2] for line in lines if (found := _PIN.match(line))}


def build(target: Path, python: str, requirements: Path, roots: Sequence[str] = ROOTS) -> None:
    """Make the environment and pack it into `target`, a `.tar.gz`.

    Raises:
        LocalError: a step failed, or the environment is not what is pinned.
    """
    tools = Path(sys.executable).parent
    with tempfile.TemporaryDirectory(prefix="encore-environment-") as folder:
        made = Path(folder) / "environment"
        _run("make the environment", [str(tools / "uv"), "venv", "--quiet", "--python", python, str(made)])
        install = [str(tools / "uv"), "pip", "install", "--quiet", "--python", str(made / "bin" / "python")]
        _run("install", [*install, "--only-binary", ":all:", "--constraint", str(requirements), *roots])
        check(made, pins(requirements))
        pack(made, target)


def pack(environment: Path, target: Path, node_python: str = NODE_PYTHON) -> None:
    """Pack an environment whose interpreter is that of the nodes.

    The link is made here: venv-pack's own `--python-prefix` replaces the beginning of a name that ends in a version,
    and writes that twice (`python3.113.11`).

    Raises:
        LocalError: it cannot be packed.
    """
    link = environment / "bin" / "python"
    link.unlink()
    link.symlink_to(node_python)
    tool = str(Path(sys.executable).parent / "venv-pack")
    _run("pack", [tool, "--quiet", "--force", "--prefix", str(environment), "--output", str(target)])


def check(environment: Path, pinned: Mapping[str, str]) -> None:
    """Compare the packages of an environment with the pins.

    Raises:
        LocalError: Spark is in it, or a package has another version.
    """
    found = {_canonical(name): version for name, version in _installed(environment)}
    if "pyspark" in found:
        raise LocalError("pyspark is in the environment, which would hide EMR's own Spark.")
    wrong = sorted(f"{name} {version}" for name, version in found.items() if pinned.get(name) != version)
    if wrong:
        raise LocalError(f"Not as requirements.txt pins it: {', '.join(wrong)}.")


def address_in(environ: Mapping[str, str]) -> str:
    """Return where the EMR backend looks for the archive by `EMR_ENVIRONMENT` or `EMR_BUCKET`; empty without both."""
    bucket = environ.get("EMR_BUCKET", "").rstrip("/")
    return environ.get("EMR_ENVIRONMENT") or (bucket and f"{bucket}/environment/environment.tar.gz")


def upload(archive: Path, address: str) -> None:
    """Put the archive at an s3 address.

    Raises:
        LocalError: it cannot be written to.
    """
    parts = urlsplit(address)
    try:
        boto3.client("s3").upload_file(str(archive), parts.netloc, parts.path.strip("/"))
    except (BotoCoreError, ClientError, boto3.exceptions.S3UploadFailedError) as error:
        raise LocalError(f"{address} cannot be written to: {error}") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.emr.environment", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("environment.tar.gz"), help="the archive to write")
    parser.add_argument("--python", default=sys.executable, help="Python 3.11 to build with")
    chosen = parser.parse_args(arguments)
    try:
        build(chosen.output, chosen.python, PROJECT_ROOT / "requirements.txt")
        say(f"{chosen.output}: {chosen.output.stat().st_size / 2**20:.0f} MiB")
        if address := address_in(os.environ):
            upload(chosen.output, address)
            say(address)
    except LocalError as error:
        complain(f"Encore: {error}")
        return 1
    return 0


def _installed(environment: Path) -> list[tuple[str, str]]:
    (site,) = environment.glob("lib/python3.*/site-packages")
    return [tuple(path.stem.rsplit("-", 1)) for path in site.glob("*.dist-info")]  # type: ignore[misc]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _run(what: str, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LocalError(f"Cannot {what}: {done.stderr.strip()[-2_000:]}")


if __name__ == "__main__":
    sys.exit(main())
