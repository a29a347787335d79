"""`make lock` and `make audit`: pins of the requirements, and their known vulnerabilities."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.console import complain, say
from deploy.local.settings import PROJECT_ROOT

FILES = ("requirements.txt", "requirements-dev.txt")
TIMEOUT_S = 15
TOTAL_TIMEOUT_S = 120

ACCEPTED: dict[str, str] = {}
"""Advisories that do not touch Encore, each with the reason."""


@dataclass(frozen=True)
class Finding:
    """A vulnerability of a pinned package."""

    package: str
    version: str
    advisory: str
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        remedy = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "no fix yet"
        return f"{self.package} {self.version}: {self.advisory}, {remedy}"


class UnansweredError(Exception):
    """The advisory service could not be asked; the text says why."""


def audit(root: Path) -> int:
    """Ask about each file of pins; return the exit code: 1 for a vulnerability, 0 also when nobody could be asked."""
    findings: set[Finding] = set()
    for name in FILES:
        try:
            findings |= set(ask(root / name))
        except UnansweredError as reason:
            complain(f"audit  NOT DONE: the advisory service could not be asked ({reason}).")
            complain("audit  Run `make audit` where it can be reached; nothing is known about the pinned packages.")
            return 0
    for finding in sorted(findings, key=str):
        complain(f"audit  {finding}")
    if findings:
        complain("audit  Raise the pins (`make lock ARGS=--upgrade`), or accept them in deploy/local/requirements.py.")
        return 1
    say("audit  no known vulnerability in the pinned packages")
    return 0


def ask(requirements: Path, command: Sequence[str] = (sys.executable, "-m", "pip_audit")) -> list[Finding]:
    """Return what the advisory service knows against the pins of a file, but for `ACCEPTED`.

    Raises:
        UnansweredError: it cannot be reached, or answers something else.
    """
    options = ["--requirement", str(requirements), "--no-deps", "--disable-pip", "--format", "json"]
    options += ["--progress-spinner", "off", "--timeout", str(TIMEOUT_S)]
    try:
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, timeout=TOTAL_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise UnansweredError(f"no answer within {TOTAL_TIMEOUT_S} s") from None
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        raise UnansweredError(lines[-1][:200]) from None
    return [finding for each in dependencies for finding in _findings(each) if finding.advisory not in ACCEPTED]


def _findings(dependency: dict[str, object]) -> list[Finding]:
    vulnerabilities = dependency.get("vulns", [])
    assert isinstance(vulnerabilities, list)  # noqa: S101 - pip-audit's format
    return [
        Finding(str(dependency["name"]), str(dependency["version"]), each["id"], tuple(each.get("fix_versions", ())))
        for each in vulnerabilities
    ]


EXTRAS = {"requirements.txt": [], "requirements-dev.txt": ["--extra", "dev"]}


def lock(root: Path, *options: str) -> int:
    """Write both files anew, keeping their first line and, unless `--upgrade` is given, their pins."""
    for name, extra in EXTRAS.items():
        target = root / name
        header = target.read_text(encoding="utf-8").split("\n", 1)[0]
        command = [str(Path(sys.executable).parent / "uv"), "pip", "compile", "--quiet", "pyproject.toml", *extra]
        # no addresses in the files: a company's mirror must work as well
        command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "-o", name]
        if name != "requirements.txt":
            command += ["--constraint", "requirements.txt"]  # tests run on what is installed to run
        if subprocess.run([*command, *options], cwd=root, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            complain("Encore: the requirements cannot be pinned; the lines above say why.")
            return 1
        target.write_text(f"{header}\n{target.read_text(encoding='utf-8')}", encoding="utf-8")
        say(f"{name}: {target.read_text(encoding='utf-8').count('==')} packages")
    return 0


if __name__ == "__main__":
    command, *options = sys.argv[1:]
    sys.exit({"audit": audit, "lock": lock}[command](PROJECT_ROOT, *options))
