"""The promises about `make` that hold without running its targets."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from deploy.local.variables import Audience, reaching

ROOT = Path(__file__).parents[2]
STABLE = [
    "up",
    "down",
    "status",
    "test",
    "quick",
    "test-all",
    "materialize",
    "alerts",
    "backup",
    "restore",
    "simulate",
    "check",
    "audit",
    "fix",
    "bench",
    "screenshots",
    "docs",
    "walk",
    "release",
    "portal",
    "dagster",
    "password",
    "lock",
    "clean",
    "help",
]

SET_BEFORE = re.compile(r"((?:[A-Z_]+=\S* )+)\.venv/bin/python -m deploy\.local run")


def make(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # when `make test` runs this test, its own flags must not reach the make under test
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environ = inherited | variables
    return subprocess.run(["make", *words], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [[], ["help"]])
def test_help_lists_every_target_aligned(words: list[str]) -> None:
    lines = make(*words).stdout.splitlines()
    found = {match[1]: match.start(2) for line in lines if (match := re.match(r"  make (\S+) +(\S)", line))}
    assert sorted(found) == sorted(STABLE)
    assert len(set(found.values())) == 1


@pytest.mark.parametrize("target", [name for name in STABLE if name != "help"])
def test_every_target_prepares_its_environment_first(target: str) -> None:
    plan = make("--dry-run", target).stdout
    assert "deploy.local.bootstrap" in plan.splitlines()[0] + plan.splitlines()[1] + plan.splitlines()[2]


def test_no_python_is_one_clear_line() -> None:
    done = make("up", "PYTHON311=")
    assert done.returncode != 0
    assert "sudo apt-get install python3.11-venv" in done.stderr.splitlines()[0]


def test_tests_never_touch_the_users_data() -> None:
    plan = make("--dry-run", "test", ENCORE_HOME="/mine", ENCORE_LOGS="/mine", DATABASE_URL="mine").stdout
    assert re.search(r"ENCORE_HOME=.encore/test ENCORE_LOGS= ENCORE_LAKE= .*DATABASE_URL=\"\"", plan)


def test_password_wants_to_know_whose() -> None:
    # the shell's own USER must not be taken for the answer
    assert "make password USER=agent" in make("--dry-run", "password", USER="root").stdout


def test_a_release_takes_no_version_from_the_shell() -> None:
    for words, variables, code in ([], {"VERSION": "9.9.9"}, 1), (["VERSION=9.9.9"], {}, 0):
        plan = make("--dry-run", "release", *words, **variables).stdout
        (line,) = [line for line in plan.splitlines() if "Say which version" in line]
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
        assert (done.returncode, "make release VERSION=0.2.0" in done.stderr) == (code, code == 1)


@pytest.mark.parametrize("target", [name for name in STABLE if name != "help"])
def test_what_a_target_sets_for_a_command_reaches_it(target: str) -> None:
    given = [word for line in make("--dry-run", target).stdout.splitlines() for word in SET_BEFORE.findall(line)]
    names = {word.partition("=")[0] for words in given for word in words.split()} - {"DATABASE_URL"}
    assert reaching(Audience.BY_HAND, dict.fromkeys(names, "webportal.x")).keys() == names


def test_simulated_logs_go_where_they_are_wanted() -> None:
    plan = make("--dry-run", "simulate", OUT="/data/samples").stdout
    assert '"${1:-$ENCORE_LOGS}"\' simulate "/data/samples"' in plan
