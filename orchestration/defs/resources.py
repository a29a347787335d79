"""Resources bound from the environment."""

from typing import Any

import dagster as dg
from dagster_pyspark import LazyPySparkResource

from orchestration.compute.base import LocalCompute, SparkCompute
from orchestration.compute.cluster import ClusterCompute
from orchestration.compute.emr.backend import EmrCompute
from orchestration.compute.emr.serverless import ServerlessCompute
from orchestration.pipeline import Pipeline
from orchestration.settings import AUTOMATIC_QUIET_SECONDS, Settings
from spark_assets.session import session_config


@dg.definitions
def resources() -> dg.Definitions:
    """The pipeline on the backend that `ENCORE_COMPUTE` names."""
    settings = Settings.from_environ()
    lasting: dict[str, Any] = {"quiet_seconds": AUTOMATIC_QUIET_SECONDS, **settings.run}
    pipeline = Pipeline(compute=_compute(settings), inbox=settings.inbox, lake=settings.lake, **lasting)
    return dg.Definitions(resources={"pipeline": pipeline})


def _compute(settings: Settings) -> SparkCompute:
    if settings.master:
        return ClusterCompute(master=settings.master)
    if settings.emr:
        return EmrCompute(settings=settings.emr)
    if settings.serverless:
        return ServerlessCompute(settings=settings.serverless)
    return LocalCompute(pyspark=LazyPySparkResource(spark_config=session_config()))
