"""The code location, loaded as Dagster's server loads it."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import defs, freshness_policy
from orchestration.step_definitions import DAYS

ASSETS = {
    "log_files",
    "cleaned_events",
    "quarantined_events",
    "daily_activity",
    "user_features",
    "training_examples",
    "trained_model",
    "churn_scores",
    "portal_snapshot",
    "past_features",
    "past_scores",
}
CHECKS = {
    ("cleaned_events", "counts_add_up"),
    ("cleaned_events", "every_file_read"),
    ("cleaned_events", "few_in_quarantine"),
    ("cleaned_events", "schema"),
    ("daily_activity", "one_row_per_customer_and_day"),
    ("user_features", "one_row_per_customer"),
    ("user_features", "schema"),
    ("trained_model", "was_promoted"),
    ("trained_model", "no_feature_betrays_the_label"),
    ("trained_model", "skill_is_plausible"),
    ("trained_model", "not_worse_than_chance"),
    ("trained_model", "enough_leavers_to_judge"),
    ("trained_model", "better_than_baselines"),
    ("trained_model", "calibrated_on_average"),
    ("trained_model", "small_calibration_error"),
    ("churn_scores", "no_drift"),
    ("churn_scores", "probabilities_in_range"),
    ("churn_scores", "one_row_per_customer"),
    ("churn_scores", "contributions_add_up"),
    ("churn_scores", "scores_like_last_time"),
    ("portal_snapshot", "one_row_per_customer"),
    ("portal_snapshot", "nobody_set_aside"),
    ("portal_snapshot", "schema"),
}

LOADING = """
from orchestration.definitions import defs
compute = defs().resources["pipeline"].compute
print(type(compute).__name__, getattr(compute, "master", ""))
"""

LOADING_STRICTLY = """
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import dagster as dg
    from orchestration import definitions
    loaded = definitions.defs()
kinds = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
places = ("orchestration", "dagster", "<string>")
ours = [
    f"{item.filename}: {item.message}"
    for item in caught
    if issubclass(item.category, kinds) and any(place in item.filename for place in places)
]
print("\\n".join(ours) or "no warning")
"""


@pytest.fixture(scope="module")
def loaded() -> dg.Definitions:
    return defs()


def test_names_every_asset(loaded: dg.Definitions) -> None:
    assert {spec.key.to_user_string() for spec in loaded.resolve_all_asset_specs()} == ASSETS


def test_every_asset_tells_what_it_is(loaded: dg.Definitions) -> None:
    for spec in loaded.resolve_all_asset_specs():
        assert spec.description, spec.key
        assert spec.group_name in {"ingest", "features", "model", "serving", "history"}, spec.key
        assert spec.kinds, spec.key
        assert spec.owners == ["team:data"], spec.key


def test_data_goes_one_way(loaded: dg.Definitions) -> None:
    parents = {
        spec.key.to_user_string(): {dep.asset_key.to_user_string() for dep in spec.deps}
        for spec in loaded.resolve_all_asset_specs()
    }
    assert parents == {
        "log_files": set(),
        "cleaned_events": {"log_files"},
        "quarantined_events": {"log_files"},
        "daily_activity": {"cleaned_events"},
        "user_features": {"daily_activity"},
        "training_examples": {"daily_activity"},
        "trained_model": {"training_examples"},
        "churn_scores": {"trained_model", "user_features"},
        "portal_snapshot": {"churn_scores", "user_features", "daily_activity"},
        "past_features": {"daily_activity"},
        "past_scores": {"past_features", "trained_model"},
    }


def test_names_every_check(loaded: dg.Definitions) -> None:
    keys = loaded.resolve_asset_graph().asset_check_keys
    assert {(key.asset_key.to_user_string(), key.name) for key in keys} == CHECKS


def test_jobs_sensors_and_schedule_are_there(loaded: dg.Definitions) -> None:
    assert loaded.resolve_job_def("everything").name == "everything"
    assert loaded.resolve_job_def("promote_model").name == "promote_model"
    for name in ("inbox_sensor", "new_data_sensor", "portal_notice", "logged_days", "dead_runs"):
        assert loaded.resolve_sensor_def(name).default_status == dg.DefaultSensorStatus.RUNNING
    for name in ("failure_notice", "file_notice", "pipeline_figures"):
        assert loaded.resolve_sensor_def(name).default_status == dg.DefaultSensorStatus.STOPPED
    fallback = loaded.resolve_schedule_def("daily_fallback")
    assert (fallback.default_status, fallback.cron_schedule) == (dg.DefaultScheduleStatus.RUNNING, "0 4 * * *")


def test_no_other_sensor_evaluates_the_conditions(loaded: dg.Definitions) -> None:
    names = {sensor.name for sensor in loaded.get_repository_def().sensor_defs}
    assert names == {
        "inbox_sensor",
        "new_data_sensor",
        "failure_notice",
        "file_notice",
        "portal_notice",
        "pipeline_figures",
        "logged_days",
        "dead_runs",
    }


def test_every_run_holds_the_lock_that_tells_that_it_lives(loaded: dg.Definitions) -> None:
    """The resource takes it: a step without the resource would be taken for dead after some minutes."""
    jobs = loaded.get_repository_def().get_all_jobs()
    nodes = {f"{job.name}.{node.name}": node for job in jobs for node in job.graph.nodes}
    needs = {name: node.definition.required_resource_keys for name, node in nodes.items()}
    assert nodes
    assert {name for name, keys in needs.items() if "pipeline" not in keys} == set()


def test_everything_computed_is_to_be_fresh_and_comes_by_itself(loaded: dg.Definitions) -> None:
    for spec in loaded.resolve_all_asset_specs():
        if spec.key == dg.AssetKey("log_files") or spec.group_name == "history":
            continue
        assert isinstance(spec.freshness_policy, dg.FreshnessPolicy), spec.key
        assert spec.automation_condition is not None, spec.key


def test_past_days_come_when_asked_for_alone(loaded: dg.Definitions) -> None:
    for spec in loaded.resolve_all_asset_specs():
        if spec.group_name == "history":
            assert spec.partitions_def == DAYS
            assert (spec.freshness_policy, spec.automation_condition) == (None, None), spec.key
    computed = loaded.resolve_job_def("everything").asset_layer.executable_asset_keys
    assert {key.to_user_string() for key in computed} == ASSETS - {"log_files", "past_features", "past_scores"}


def test_only_one_run_publishes_at_a_time(loaded: dg.Definitions) -> None:
    assert loaded.get_assets_def("portal_snapshot").op.pool == "publishing"


def test_freshness_warns_after_three_quarters_of_the_limit() -> None:
    assert freshness_policy(36) == dg.FreshnessPolicy.time_window(timedelta(hours=36), timedelta(hours=27))


def test_nothing_that_dagster_deprecates_is_used(tmp_path: Path) -> None:
    loading = load(LOADING_STRICTLY, DAGSTER_HOME=str(tmp_path))
    assert (loading.returncode, loading.stdout) == (0, "no warning\n"), loading.stdout + loading.stderr


def test_a_deprecated_argument_would_be_noticed(tmp_path: Path) -> None:
    old = LOADING_STRICTLY.replace("definitions.defs()", "dg.asset(name='x', non_argument_deps={'y'})(lambda: None)")
    loading = load(old, DAGSTER_HOME=str(tmp_path))
    assert "non_argument_deps" in loading.stdout


def load(program: str = LOADING, **variables: str) -> subprocess.CompletedProcess[str]:
    """Load the code location in a process of its own, with some variables changed."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **variables},
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


def test_unknown_compute_is_an_error_at_load(tmp_path: Path) -> None:
    loading = load(ENCORE_COMPUTE="abacus", DAGSTER_HOME=str(tmp_path))
    assert loading.returncode != 0
    assert "ENCORE_COMPUTE='abacus' is unknown: one of ['local', 'cluster', 'emr', 'emr-serverless']" in loading.stderr


def test_cluster_without_a_master_is_an_error_at_load(tmp_path: Path) -> None:
    loading = load(ENCORE_COMPUTE="cluster", SPARK_MASTER="", DAGSTER_HOME=str(tmp_path))
    assert loading.returncode != 0
    assert "ENCORE_COMPUTE=cluster needs SPARK_MASTER" in loading.stderr


def test_cluster_with_a_master_loads(tmp_path: Path) -> None:
    loading = load(ENCORE_COMPUTE="cluster", SPARK_MASTER="spark://host:7077", DAGSTER_HOME=str(tmp_path))
    assert (loading.returncode, loading.stdout) == (0, "ClusterCompute spark://host:7077\n"), loading.stderr


def test_serverless_loads_with_its_settings_and_names_what_is_missing(tmp_path: Path) -> None:
    role = "arn:aws:iam::123456789012:role/encore"
    given = {"ENCORE_COMPUTE": "emr-serverless", "EMR_BUCKET": "s3://encore", "EMR_EXECUTION_ROLE": role}
    loading = load(**given, EMR_APPLICATION_ID="00f1abc", DAGSTER_HOME=str(tmp_path))
    assert (loading.returncode, loading.stdout) == (0, "ServerlessCompute \n"), loading.stderr
    loading = load(**given, DAGSTER_HOME=str(tmp_path))
    assert "ENCORE_COMPUTE=emr-serverless: EMR_APPLICATION_ID: " in loading.stderr


def test_mistyped_variables_of_the_surroundings_unload_nothing(tmp_path: Path) -> None:
    """Assets, sensors and schedules are there as ever; a tick or a warning names the variable."""
    mistyped = {
        "EMAIL_URL": "smtp:/typo",
        "ENCORE_NOTICE_MAIL_TO": "ops@example.org",
        "ENCORE_NOTICE_WEBHOOK": "example.org/hook",
        "ENCORE_NOTICE_WEBHOOK_FILE": "/nowhere/at/all",
        "ENCORE_PIPELINE_METRICS_FILE": "/var/lib/metrics.txt",
        "ENCORE_PUSHGATEWAY": "pushgateway:9091",
        "ENCORE_FALLBACK_CRON": "every morning",
        "ENCORE_FRESH_HOURS": "a day",
    }
    program = (
        "from orchestration.definitions import defs; d = defs(); print(*(x.name for x in [*d.sensors, *d.schedules]))"
    )
    loaded = load(program, ENCORE_HOME=str(tmp_path), **mistyped)
    there = set(loaded.stdout.split())
    assert {"inbox_sensor", "failure_notice", "pipeline_figures", "daily_fallback"} <= there, loaded.stderr
    assert "ENCORE_FALLBACK_CRON='every morning' is no cron schedule; '0 4 * * *' is used." in loaded.stderr
    assert "ENCORE_FRESH_HOURS='a day' is not a whole number from 1 to 8760; 36 is used." in loaded.stderr
