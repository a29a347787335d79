"""Steps that look into the portal's database need one, and those that train or score a lake of simulated logs."""

import pytest
from pyspark.sql import SparkSession

from spark_assets.simulation.settings import SimulationSettings
from spark_assets.steps.settings import StepParams
from tests.spark_assets.publishing.conftest import database, migrated, server
from tests.spark_assets.steps.lakes import simulated_lake

__all__ = ["database", "migrated", "server"]


@pytest.fixture(scope="session")
def simulated(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> StepParams:
    """A lake up to the training examples, made once a run: whoever writes to it makes a copy (`lakes.copy_of`)."""
    return simulated_lake(spark, tmp_path_factory.mktemp("simulated"), SimulationSettings(users=200, days=40, seed=3))
