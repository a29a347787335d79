"""What earlier versions showed in Dagster goes by the command that the docs advise, and the next run works."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tests.e2e.test_bad_input import line
from tests.e2e.thread import ROOT, Encore, encore

pytestmark = pytest.mark.slow("a history of runs by Dagster, cleaned")

MARK = "zeppelin-mark"


@dg.asset(check_specs=[dg.AssetCheckSpec("old_check", asset="cleaned_events")])
def cleaned_events(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    """An asset that shows rows of customers, as earlier versions did."""
    print(MARK)  # noqa: T201  # Dagster keeps what a step prints
    context.log.info(MARK)
    check = dg.AssetCheckResult(check_name="old_check", passed=True, metadata={"worst": MARK})
    yield dg.MaterializeResult(metadata={"preview": dg.MetadataValue.md(MARK)}, check_results=[check])


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Encore]:
    """An Encore whose Dagster was shown a customer."""
    with encore(tmp_path / "home") as made:
        monkeypatch.setenv("DAGSTER_HOME", str(made.home / "dagster"))
        with dg.DagsterInstance.get() as instance:
            assert dg.materialize([cleaned_events], instance=instance, tags={"customer": MARK}).success
        yield made


def files_with_mark(made: Encore) -> list[str]:
    files = [path for path in (made.home / "dagster").rglob("*") if path.is_file()]
    return [str(path) for path in files if MARK.encode() in path.read_bytes()]


def advised() -> str:
    """The command in the docs on a person's rights."""
    (command,) = re.findall(r"```sh\n\s*(find .*)\n\s*```", (ROOT / "docs/accounts.md").read_text())
    return str(command)


def test_the_advised_command_leaves_nothing_and_the_next_run_works(older: Encore) -> None:
    assert len(files_with_mark(older)) > 2
    subprocess.run(["sh", "-c", advised()], check=True, env={**older.environment})
    assert files_with_mark(older) == []
    assert [path.name for path in (older.home / "dagster").iterdir()] == ["dagster.yaml"]
    (older.inbox / "good.json").write_text("\n".join(line(1, day) for day in range(3)))
    done = older.materialize()
    assert done.returncode == 0, done.stdout + done.stderr
    assert older.query("SELECT count(*) FROM current_customer") == [(1,)]
    assert older.metadata("portal_snapshot")
