import pytest

from orchestration.compute.emr.settings import BadEmrSettingsError, EmrSettings


def test_variables_become_settings_within_their_bounds() -> None:
    found = EmrSettings.from_environ({"EMR_BUCKET": "s3://encore/prod/", "EMR_CORE_NODES": "8", "EMR_SPOT_NODES": "20"})
    assert (found.root, found.core_nodes, found.spot_nodes) == ("s3://encore/prod", 8, 20)
    assert found.environment_uri == "s3://encore/prod/environment/environment.tar.gz"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMR_BUCKET", ""),
        ("EMR_BUCKET", "https://encore"),
        ("EMR_CORE_NODES", "0"),
        ("EMR_CORE_NODES", "many"),
        ("EMR_SPOT_PERCENT", "101"),
        ("EMR_CLUSTER_ID", "my cluster"),
        ("EMR_IDLE_SECONDS", "59"),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str) -> None:
    with pytest.raises(BadEmrSettingsError, match=f"ENCORE_COMPUTE=emr: {name}: "):
        EmrSettings.from_environ({"EMR_BUCKET": "s3://encore", name: value})
