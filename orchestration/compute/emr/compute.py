"""The backend: one cluster for the steps of a run, started by the first of them and ended with the run."""

import dataclasses
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import dagster as dg
from botocore.config import Config
from dagster_aws.pipes import PipesS3MessageReader
from pydantic import PrivateAttr

from orchestration.compute.emr import cluster as clusters
from orchestration.compute.emr.settings import EmrSettings
from orchestration.compute.emr.steps import Ended, spark_submit, submitted, wait_for
from orchestration.compute.emr.storage import split, tail_of, upload
from orchestration.compute.packaging import packaged
from orchestration.compute.protocol import SparkCompute, result_of
from spark_assets.jobs.params import StepParams, StepResult

_RETRIES = Config(retries={"mode": "standard", "max_attempts": 5})
_LOG_LINES = 15


class EmrCompute(SparkCompute):
    """Runs each step on an EMR cluster: on one of its own for a run, or on the one that the settings name."""

    settings: EmrSettings
    _cluster: clusters.Cluster | None = PrivateAttr(default=None)

    def run(self, step: str, params: StepParams, context: dg.OpExecutionContext) -> StepResult:
        """Submit one step, wait for it, and return what it told."""
        with packaged() as package:
            uploaded = upload(self._client("s3"), package, self.settings)
        cluster = self._running(context, uploaded.bootstrap)
        began = time.time()
        with dg.open_pipes_session(context, dg.PipesEnvContextInjector(), self._reader()) as session:
            variables = {**session.get_bootstrap_env_vars(), **self._variables()}
            command = spark_submit(uploaded, variables, [step, "--params", json.dumps(params.as_dict())])
            with submitted(cluster, step, command) as step_id:
                session.report_launched({"extras": {"cluster": cluster.cluster_id, "step": step_id}})
                ended = wait_for(cluster, step_id, self.settings, context.log.info)
        log = f"{self.settings.root}/logs/{cluster.cluster_id}/steps/{step_id}/stderr.gz"
        told = session.get_custom_messages()
        if not told:
            self._forward_log(log, ended, context)
            ended.raise_unless_completed(step, log)
        result = result_of(told, f"Step {step} completed on EMR without a result")
        ended.raise_unless_completed(step, log)
        place = {"emr_cluster": cluster.cluster_id, "emr_step": step_id, "emr_log": log}
        cost = cost_note(self.settings, time.time() - began)
        return dataclasses.replace(result, facts={**result.facts, **place, **cost})

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["EmrCompute"]:
        """Terminate the run's cluster at the end, whatever happened: also after an exception or an interrupt."""
        try:
            yield self
        finally:
            if self._cluster is not None:
                self._cluster.terminate()

    def _running(self, context: dg.OpExecutionContext, bootstrap: str) -> clusters.Cluster:
        """The cluster of this run; a new one when the last was taken away."""
        if self._cluster is None or (self._cluster.is_ours and self._cluster.is_over()):
            self._cluster = clusters.start(self._client("emr"), self.settings, context.run_id, bootstrap)
            context.log.info(f"EMR cluster {self._cluster.cluster_id} asked for.")
        return self._cluster

    def _reader(self) -> PipesS3MessageReader:
        bucket, prefix = split(self.settings.root)
        seconds = min(10, self.settings.poll_seconds)
        return _Messages(prefix, bucket=bucket, client=self._client("s3"), interval=seconds)

    def _variables(self) -> dict[str, str]:
        """What the driver's environment has on the cluster; the secret's name, not what it holds."""
        found = {"AWS_REGION": self._client("s3").meta.region_name, "ENCORE_SECRET": self.settings.secret}
        found["AWS_ENDPOINT_URL"] = os.environ.get("AWS_ENDPOINT_URL", "")
        return {name: value for name, value in found.items() if value}

    def _forward_log(self, log: str, ended: Ended, context: dg.OpExecutionContext) -> None:
        """Show the end of the log of a step that failed without a word; EMR copies it to S3 some time later."""
        until = time.monotonic() + (self.settings.log_seconds if ended.state == "FAILED" else 0)
        text = tail_of(self._client("s3"), log, _LOG_LINES)
        while text is None and time.monotonic() < until:
            time.sleep(1)
            text = tail_of(self._client("s3"), log, _LOG_LINES)
        if text:
            context.log.error(f"The end of {log}:\n{text}")

    def _client(self, service: str) -> Any:  # noqa: ANN401 - boto3 has no types
        return boto3.client(service, config=_RETRIES)


class _Messages(PipesS3MessageReader):
    """Messages below the prefix of the settings, which are all that the roles may write to."""

    def __init__(self, prefix: str, **options: Any) -> None:  # noqa: ANN401 - the reader's own
        super().__init__(include_stdio_in_messages=True, **options)
        self._prefix = f"{prefix}/messages" if prefix else "messages"

    @contextmanager
    def get_params(self) -> Iterator[dict[str, Any]]:
        with super().get_params() as params:
            yield {**params, "key_prefix": f"{self._prefix}/{params['key_prefix']}"}


def cost_note(settings: EmrSettings, seconds: float) -> dict[str, Any]:
    """What a step cost, as far as it can be known: node hours, and money where a price was given."""
    count = clusters.nodes(settings)
    hours = count * seconds / 3_600
    facts: dict[str, Any] = {"emr_seconds": round(seconds, 1)}
    if settings.cluster_id:
        return {**facts, "emr_cost": "on a cluster of its own, which other work may share"}
    note = f"{count} nodes for {seconds:.0f} s, the cluster's start with its first step included, its end not"
    facts |= {"emr_node_hours": round(hours, 3), "emr_cost": note}
    if settings.usd_per_hour:
        facts["emr_usd"] = round(settings.usd_per_hour * seconds / 3_600, 4)
    return facts
