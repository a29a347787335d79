"""The backend: one cluster for the steps of a run, started by the first of them and ended with the run."""

import dataclasses
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from orchestration.compute.archive import packaged
from orchestration.compute.base import SparkCompute
from orchestration.compute.emr import cluster as clusters
from orchestration.compute.emr import driver
from orchestration.compute.emr.cluster import upload
from orchestration.compute.emr.settings import EmrSettings
from orchestration.compute.emr.steps import spark_submit, submitted, wait_for
from spark_assets.steps.settings import StepParams, StepResult


class EmrCompute(SparkCompute):
    """Runs each step on an EMR cluster: on one of its own for a run, or on the one that the settings name."""

    settings: EmrSettings
    _cluster: clusters.Cluster | None = PrivateAttr(default=None)

    def run(self, step: str, params: StepParams, context: dg.OpExecutionContext) -> StepResult:
        """Submit one step, wait for it, and return what it told."""
        with packaged() as package:
            uploaded = upload(driver.client("s3"), package, self.settings)
        cluster = self._running(context, uploaded.bootstrap)
        began = time.time()
        with dg.open_pipes_session(
            context, dg.PipesEnvContextInjector(), driver.message_reader(self.settings)
        ) as session:
            variables = {**session.get_bootstrap_env_vars(), **driver.variables(self.settings)}
            command = spark_submit(uploaded, variables, [step, "--params", json.dumps(params.as_dict())])
            with submitted(cluster, step, command) as step_id:
                session.report_launched({"extras": {"cluster": cluster.cluster_id, "step": step_id}})
                ended = wait_for(cluster, step_id, self.settings, context.log.info)
        log = f"{self.settings.root}/logs/{cluster.cluster_id}/steps/{step_id}/stderr.gz"
        result = driver.result(step, session, ended, log, self.settings.log_seconds, context)
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
            self._cluster = clusters.start(driver.client("emr"), self.settings, context.run_id, bootstrap)
            context.log.info(f"EMR cluster {self._cluster.cluster_id} asked for.")
        return self._cluster


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
