"""`make audit`: known vulnerabilities of the pinned packages, as far as the advisory service can be asked."""

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
        complain(
            "audit  Raise the pins (`make lock ARGS=--upgrade`), or accept with a reason in deploy/local/audit.py."
        )
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


if __name__ == "__main__":
    sys.exit(audit(PROJECT_ROOT))
