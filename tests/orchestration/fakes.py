"""A compute backend without Spark, for tests of what lies around it."""

from collections.abc import Callable

from dagster_pyspark import LazyPySparkResource
from pydantic import PrivateAttr

from orchestration.compute import LocalCompute
from orchestration.pipeline import Pipeline
from spark_assets.jobs.params import StepParams, StepResult

Answer = StepResult | Exception | Callable[[StepParams], StepResult]


class FakeCompute(LocalCompute):
    """Answers each step as told and remembers what was asked."""

    _answers: dict[str, Answer] = PrivateAttr(default_factory=dict)
    _asked: list[tuple[str, StepParams]] = PrivateAttr(default_factory=list)

    def run(self, step: str, params: StepParams) -> StepResult:
        self._asked.append((step, params))
        answer = self._answers[step]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, StepResult) else answer(params)

    @property
    def asked(self) -> list[tuple[str, StepParams]]:
        return self._asked


def pipeline(answers: dict[str, Answer], **settings: int | str) -> Pipeline:
    compute = FakeCompute(pyspark=LazyPySparkResource(spark_config={}))
    compute._answers = answers
    return Pipeline(compute=compute, **{"inbox": "in", "lake": "lake", **settings})
