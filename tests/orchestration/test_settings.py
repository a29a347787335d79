from pathlib import Path

import pytest

from orchestration.settings import BadAddressError, Compute, MissingMasterError, Settings, UnknownComputeError


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
