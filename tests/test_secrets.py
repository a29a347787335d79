"""No secret in a tracked file: detect-secrets looks at each, offline, and may find only what the baseline explains."""

import json
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).resolve().parents[1]
BASELINE = ROOT / ".secrets.baseline"
# Pins' and bundles' hashes look like secrets, and are none.
SKIPPED = ("requirements.txt", "requirements-dev.txt", "webportal/static/vendor/", ".secrets.baseline")

THROWN_AWAY = "Secret Keyword"
"""What is assigned to a name such as `password`: in tests, users of a database that lives for seconds."""

Found = tuple[str, str, str]
"""File, kind and digest of a secret: not its line, which moves."""


def settings() -> dict[str, object]:
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    return {"plugins_used": baseline["plugins_used"], "filters_used": baseline["filters_used"]}


def found_in(files: Iterable[Path]) -> set[Found]:
    collection = SecretsCollection(root=str(ROOT))
    with transient_settings(settings()):
        for file in files:
            collection.scan_file(str(file))
    return {
        (name, secret.type, secret.secret_hash)
        for name, secret in collection
        if not (name.startswith("tests/") and secret.type == THROWN_AWAY)
    }


def explained() -> set[Found]:
    results = json.loads(BASELINE.read_text(encoding="utf-8"))["results"]
    return {(name, each["type"], each["hashed_secret"]) for name, entries in results.items() for each in entries}


@cache
def found() -> set[Found]:
    return found_in(tracked())


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.split("\0") if name and not name.startswith(SKIPPED)]
    return [Path(name) for name in names if (ROOT / name).is_file()]


def test_no_tracked_file_holds_a_secret_that_the_baseline_does_not_explain() -> None:
    assert len(tracked()) > 200
    assert found() - explained() == set()


def test_the_baseline_explains_nothing_that_is_gone() -> None:
    assert explained() - found() == set()


@pytest.mark.parametrize(
    "line",
    [
        "AWS = 'AKIA" + "Q6ZRT4PLM2XW7DNB'",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "url = 'postgresql://encore:" + "hunter2hunter2@db.example/churn'",
        "password = '" + "Zk7!qP-09xLmR2vT'",
        "token = 'encore_" + "0123abcd_" + "qJ8vL2xN5rT1wY4zB7cF0gH3kM6pS9uD2eA5iO8nQ1X'",
    ],
)
def test_each_kind_would_be_found(tmp_path: Path, line: str) -> None:
    file = tmp_path / "settings.py"
    file.write_text(line + "\n", encoding="utf-8")
    assert found_in([file])
