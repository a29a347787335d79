import pytest

from orchestration.compute.emr.settings import BadEmrSettingsError, EmrSettings, ServerlessSettings


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
        ("EMR_CLUSTER_ID", "my cluster"),
        ("EMR_IDLE_SECONDS", "59"),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str) -> None:
    with pytest.raises(BadEmrSettingsError, match=f"ENCORE_COMPUTE=emr: {name}: "):
        EmrSettings.from_environ({"EMR_BUCKET": "s3://encore", name: value})


ROLE = "arn:aws:iam::123456789012:role/encore-serverless"


def test_serverless_needs_bucket_application_and_role() -> None:
    given = {"EMR_BUCKET": "s3://encore", "EMR_APPLICATION_ID": "00f1abc", "EMR_EXECUTION_ROLE": ROLE}
    found = ServerlessSettings.from_environ(given | {"EMR_STEP_HOURS": "2", "EMR_CORE_NODES": "0"})
    assert (found.application_id, found.execution_role, found.step_hours) == ("00f1abc", ROLE, 2)
    missing = "ENCORE_COMPUTE=emr-serverless: EMR_BUCKET: .*; EMR_APPLICATION_ID: .*; EMR_EXECUTION_ROLE: "
    with pytest.raises(BadEmrSettingsError, match=missing):
        ServerlessSettings.from_environ({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMR_APPLICATION_ID", "My-Application"),
        ("EMR_EXECUTION_ROLE", "encore-serverless"),
        ("EMR_SECRET", "two words"),
        ("EMR_STEP_HOURS", "73"),
    ],
)
def test_what_is_wrong_for_serverless_is_named(name: str, value: str) -> None:
    given = {"EMR_BUCKET": "s3://encore", "EMR_APPLICATION_ID": "00f1abc", "EMR_EXECUTION_ROLE": ROLE}
    with pytest.raises(BadEmrSettingsError, match=f"ENCORE_COMPUTE=emr-serverless: {name}: "):
        ServerlessSettings.from_environ(given | {name: value})
