"""Every request is one that AWS's own model of the service takes, whatever the settings."""

from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.compute.emr.cluster import Cluster, Uploaded, job_flow
from orchestration.compute.emr.serverless import job_driver, request
from orchestration.compute.emr.settings import EmrSettings, ServerlessSettings
from orchestration.compute.emr.steps import spark_submit, submitted

UPLOADED = Uploaded("s3://b/a.zip", "s3://b/s.py", "s3://b/environment.tar.gz", "s3://b/bootstrap.sh")
RUN = "0f5c1f0e-0000-4000-8000-000000000000"
CLUSTERS = st.builds(
    EmrSettings,
    bucket=st.just("s3://encore/prod"),
    subnet_id=st.sampled_from(["", "subnet-0a1"]),
    security_group=st.sampled_from(["", "sg-0a1"]),
    core_nodes=st.integers(1, 100),
    spot_nodes=st.integers(0, 200),
    idle_seconds=st.integers(60, 86_400),
    step_hours=st.integers(1, 72),
)


def refused(service: str, operation: str, parameters: dict[str, Any]) -> str:
    """What the model finds wrong; nothing, where the request may be sent."""
    client = boto3.client(service, region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    shape = client.meta.service_model.operation_model(operation).input_shape
    return str(ParamValidator().validate(parameters, shape).generate_report())


@settings(deadline=None, max_examples=30)
@given(CLUSTERS)
def test_clusters(found: EmrSettings) -> None:
    wanted = job_flow(found, RUN, UPLOADED.bootstrap)
    assert refused("emr", "RunJobFlow", wanted) == ""
    counts = {group["InstanceRole"]: group["InstanceCount"] for group in wanted["Instances"]["InstanceGroups"]}
    assert counts.get("TASK", 0) == found.spot_nodes


def test_what_the_model_does_not_know_is_seen() -> None:
    wanted = job_flow(EmrSettings(bucket="s3://encore", spot_nodes=1), RUN, UPLOADED.bootstrap)
    wanted["Instances"]["InstanceGroups"][-1]["BidPriceAsPercentageOfOnDemandPrice"] = 100.0
    assert "BidPriceAsPercentageOfOnDemandPrice" in refused("emr", "RunJobFlow", wanted)


def test_steps_and_their_end() -> None:
    class Recorder:
        sent: list[tuple[str, dict[str, Any]]] = []

        def add_job_flow_steps(self, **parameters: object) -> dict[str, list[str]]:
            self.sent.append(("AddJobFlowSteps", parameters))
            return {"StepIds": ["s-1"]}

        def cancel_steps(self, **parameters: object) -> None:
            self.sent.append(("CancelSteps", parameters))

    recorder = Recorder()
    command = spark_submit(UPLOADED, {"NAME": "value"}, ["churn_scores", "--params", "{}"])
    with pytest.raises(KeyboardInterrupt), submitted(Cluster(recorder, "j-1", True), "churn_scores", command):
        raise KeyboardInterrupt
    assert [name for name, _ in recorder.sent] == ["AddJobFlowSteps", "CancelSteps"]
    assert [refused("emr", name, parameters) for name, parameters in recorder.sent] == ["", ""]


@settings(deadline=None, max_examples=10)
@given(st.integers(1, 72))
def test_job_runs(step_hours: int) -> None:
    found = ServerlessSettings(
        bucket="s3://encore",
        application_id="00f1abc",
        execution_role="arn:aws:iam::123456789012:role/encore",
        step_hours=step_hours,
    )
    driver = job_driver(UPLOADED, {"NAME": "value"}, ["churn_scores", "--params", "{}"])
    assert (
        refused("emr-serverless", "StartJobRun", request(found, "churn_scores", RUN, driver) | {"clientToken": RUN})
        == ""
    )
