"""The cluster backend with a `spark-submit` that only talks; the real one is in tests/e2e/test_cluster.py."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.compute.cluster import ClusterCompute
from orchestration.pipeline import Pipeline
from orchestration.step_definitions import Property, step_asset, step_checks
from spark_assets.steps.settings import StepParams

SECRET = "postgresql://encore:hush@127.0.0.1/encore"

ASSET = step_asset("user_features", deps=[], group="features", kinds=set(), description="Features.")
CHECK = step_checks(
    "user_features",
    "inspect_user_features",
    [Property("some_rows", "Rows.", lambda facts: facts["rows"] > 1, lambda _: "Rows.", "Add one.", ("rows",))],
)

SUBMITTER = """#!{python}
import json, os, sys
from dagster_pipes import open_dagster_pipes
with open({asked!r}, "a") as stream:
    stream.write(json.dumps([sys.argv, dict(os.environ)]) + "\\n")
message, code = {message!r}, {code}
if message:
    with open_dagster_pipes() as pipes:
        pipes.report_custom_message(message)
sys.exit(code)
"""


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", SECRET)
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.delenv("PYSPARK_PYTHON", raising=False)


def materialize(folder: Path, message: dict[str, Any] | None, code: int = 0) -> dg.ExecuteInProcessResult:
    """Materialize and check on a cluster whose `spark-submit` tells `message` and ends with `code`."""
    program = folder / "spark-submit"
    program.write_text(SUBMITTER.format(python=sys.executable, asked=str(folder / "asked"), message=message, code=code))
    program.chmod(0o755)
    return materialize_by(str(program))


def materialize_by(program: str) -> dg.ExecuteInProcessResult:
    compute = ClusterCompute(master="spark://host:7077", spark_submit=program)
    pipeline = Pipeline(compute=compute, inbox="s3://in", lake="s3://lake", retries=1, away_retries=1, retry_seconds=0)
    return dg.materialize([ASSET, CHECK], resources={"pipeline": pipeline}, raise_on_error=False)


def failure(result: dg.ExecuteInProcessResult) -> Any:  # noqa: ANN401 - Dagster's data class is not public
    (event,) = result.get_step_failure_events()
    return event.step_failure_data


def asked(folder: Path) -> list[tuple[list[str], dict[str, str]]]:
    return [tuple(json.loads(line)) for line in (folder / "asked").read_text().splitlines()]


def test_a_result_becomes_metadata_and_feeds_the_checks(tmp_path: Path) -> None:
    done = materialize(tmp_path, {"result": {"rows": 7, "facts": {"as_of": "2018-12-01"}, "preview": []}})
    assert done.success
    metadata = done.asset_materializations_for_node("user_features")[0].metadata
    assert (metadata["dagster/row_count"].value, metadata["as_of"].value) == (7, "2018-12-01")
    assert [(check.check_name, check.passed) for check in done.get_asset_check_evaluations()] == [("some_rows", True)]


def test_the_command_names_cluster_code_step_and_params(tmp_path: Path) -> None:
    done = materialize(tmp_path, {"result": {"rows": 7}})
    (command, _), (inspecting, _) = asked(tmp_path)
    assert command[command.index("--master") + 1] == "spark://host:7077"
    assert Path(command[command.index("--py-files") + 1]).name.startswith("spark_assets-")
    script, step, option, params = command[-4:]
    assert (Path(script).name, step, option) == ("run_step.py", "user_features", "--params")
    expected = StepParams(inbox="s3://in", lake="s3://lake", run_id=done.run_id)
    assert StepParams.from_dict(json.loads(params)) == expected
    assert inspecting[-3] == "inspect_user_features"


def test_secrets_travel_in_the_environment_only(tmp_path: Path) -> None:
    materialize(tmp_path, {"result": {"rows": 7}})
    for command, environment in asked(tmp_path):
        assert "hush" not in " ".join(command)
        assert environment["DATABASE_URL"] == SECRET
        assert (environment["PYTHONPATH"], environment["PYSPARK_PYTHON"]) == ("", sys.executable)


def test_what_the_user_must_mend_is_a_failure_without_traceback(tmp_path: Path) -> None:
    data = failure(materialize(tmp_path, {"to_mend": "The inbox s3://in does not exist."}, code=1))
    assert data.user_failure_data.description == "The inbox s3://in does not exist."
    assert data.error.cause is None


def test_another_error_keeps_its_cause(tmp_path: Path) -> None:
    data = failure(materialize(tmp_path, {"failed": "ZeroDivisionError: division by zero"}, code=1))
    assert data.user_failure_data is None
    assert data.error.cause.message.strip().endswith("StepFailedError: ZeroDivisionError: division by zero")
    assert data.error.cause.cause is None


@pytest.mark.parametrize(
    ("code", "said"), [(137, "did not run on spark://host:7077: .* code 137"), (0, "without a res")]
)
def test_a_step_that_dies_in_silence_is_tried_again_and_fails(tmp_path: Path, code: int, said: str) -> None:
    done = materialize(tmp_path, None, code)
    message = failure(done).user_failure_data.description
    assert re.search(said, message)
    assert "compute logs" in message
    assert len(asked(tmp_path)) == 2


def test_what_may_pass_is_tried_again(tmp_path: Path) -> None:
    data = failure(materialize(tmp_path, {"to_mend": "Postgres is away.", "may_pass": True}, code=1))
    assert data.user_failure_data.description == "Postgres is away."
    assert len(asked(tmp_path)) == 2


def test_no_spark_submit_is_a_failure_that_names_it(tmp_path: Path) -> None:
    message = failure(materialize_by(str(tmp_path / "absent"))).user_failure_data.description
    assert message == f"{tmp_path / 'absent'} cannot be started: No such file or directory."
