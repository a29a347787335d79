from pathlib import Path

import pytest

from orchestration.defs.resources import resources
from orchestration.settings import (
    AUTOMATIC_QUIET_SECONDS,
    BadAddressError,
    BadRunSettingError,
    Compute,
    MissingMasterError,
    Settings,
    UnknownComputeError,
    variable_of,
)
from spark_assets.steps.settings import BOUNDS, StepParams


def test_defaults_lie_below_home(tmp_path: Path) -> None:
    settings = Settings.from_environ({"ENCORE_HOME": str(tmp_path)})
    assert settings == Settings(str(tmp_path / "inbox"), str(tmp_path / "lake"), Compute.LOCAL)


def test_each_place_can_be_named(tmp_path: Path) -> None:
    environ = {"ENCORE_HOME": str(tmp_path), "ENCORE_LOGS": "s3://logs/in", "ENCORE_LAKE": "s3://lake"}
    settings = Settings.from_environ(environ)
    assert (settings.inbox, settings.lake) == ("s3://logs/in", "s3://lake")


@pytest.mark.parametrize("name", ["ENCORE_LOGS", "ENCORE_LAKE"])
@pytest.mark.parametrize("address", ["s3://lake/a?region=eu-west-1", "s3://some-key@lake/a"])
def test_an_address_is_a_place_alone(name: str, address: str) -> None:
    with pytest.raises(BadAddressError, match=f"{name} must be a place alone.*AWS_REGION") as told:
        Settings.from_environ({name: address})
    assert "some-key" not in str(told.value)


def test_a_local_folder_may_have_any_name(tmp_path: Path) -> None:
    assert Settings.from_environ({"ENCORE_LAKE": f"{tmp_path}/what? a@b"}).lake == f"{tmp_path}/what? a@b"


def test_unknown_compute_names_the_known_ones() -> None:
    with pytest.raises(
        UnknownComputeError, match=r"'mainframe' is unknown: one of \['local', 'cluster', 'emr', 'emr-serverless'\]"
    ):
        Settings.from_environ({"ENCORE_COMPUTE": "mainframe"})


def test_cluster_has_a_master() -> None:
    settings = Settings.from_environ({"ENCORE_COMPUTE": "cluster", "SPARK_MASTER": "spark://host:7077"})
    assert (settings.compute, settings.master) == (Compute.CLUSTER, "spark://host:7077")


def test_cluster_without_a_master_names_the_variable() -> None:
    with pytest.raises(MissingMasterError, match="ENCORE_COMPUTE=cluster needs SPARK_MASTER"):
        Settings.from_environ({"ENCORE_COMPUTE": "cluster"})


def test_a_master_without_cluster_changes_nothing() -> None:
    assert Settings.from_environ({"SPARK_MASTER": "spark://host:7077"}).master is None


def test_serverless_has_its_settings() -> None:
    role = "arn:aws:iam::123456789012:role/encore"
    given = {"EMR_BUCKET": "s3://encore", "EMR_APPLICATION_ID": "00f1abc", "EMR_EXECUTION_ROLE": role}
    settings = Settings.from_environ({"ENCORE_COMPUTE": "emr-serverless", **given})
    assert (settings.compute, settings.emr) == (Compute.EMR_SERVERLESS, None)
    assert settings.serverless is not None
    assert settings.serverless.application_id == "00f1abc"


def test_settings_of_runs_last() -> None:
    """Every setting of the launchpad has a variable, where automatic runs and the command line begin too."""
    given = {variable_of(name): str(getattr(StepParams, name)) for name in BOUNDS}
    settings = Settings.from_environ(given)
    assert dict(settings.run) == {name: getattr(StepParams, name) for name in BOUNDS}
    assert Settings.from_environ({}).run == {}


def test_the_pipeline_begins_from_them_and_waits_for_writers_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_HORIZON_DAYS", "21")
    pipeline = (resources().resources or {})["pipeline"]
    assert (pipeline.horizon_days, pipeline.quiet_seconds) == (21, AUTOMATIC_QUIET_SECONDS)
    monkeypatch.setenv("ENCORE_QUIET_SECONDS", "5")
    assert (resources().resources or {})["pipeline"].quiet_seconds == 5


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ENCORE_HORIZON_DAYS", "a fortnight", "is not a whole number"),
        ("ENCORE_HORIZON_DAYS", "0", "must lie in"),
        ("ENCORE_MAX_PSI", "nan", "must lie in"),
        ("ENCORE_CHOOSE_BY", "luck", "must be one of"),
    ],
)
def test_a_wrong_setting_names_its_variable(name: str, value: str, reason: str) -> None:
    with pytest.raises(BadRunSettingError, match=f"{name}.* {reason}|{name} {reason}"):
        Settings.from_environ({name: value})
