"""Resources bound from the environment."""

import dagster as dg
from dagster_pyspark import LazyPySparkResource

from orchestration.compute import LocalCompute
from orchestration.pipeline import Pipeline
from orchestration.settings import Settings
from spark_assets.jobs.session import session_config


@dg.definitions
def resources() -> dg.Definitions:
    """The pipeline on the backend that `ENCORE_COMPUTE` names."""
    settings = Settings.from_environ()
    compute = LocalCompute(pyspark=LazyPySparkResource(spark_config=session_config()))
    pipeline = Pipeline(compute=compute, inbox=settings.inbox, lake=settings.lake)
    return dg.Definitions(resources={"pipeline": pipeline})
