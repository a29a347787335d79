"""A compute backend without Spark, for tests of what lies around it."""

from collections.abc import Callable
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from orchestration.compute.protocol import SparkCompute
from orchestration.pipeline import Pipeline
from spark_assets.jobs.params import StepParams, StepResult

Answer = StepResult | Exception | Callable[[StepParams], StepResult]


class FakeCompute(SparkCompute):
    """Answers each step as told and remembers what was asked."""

    _answers: dict[str, Answer] = PrivateAttr(default_factory=dict)
    _asked: list[tuple[str, StepParams]] = PrivateAttr(default_factory=list)

    def run(self, step: str, params: StepParams, context: dg.OpExecutionContext) -> StepResult:
        self._asked.append((step, params))
        answer = self._answers[step]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, StepResult) else answer(params)

    @property
    def asked(self) -> list[tuple[str, StepParams]]:
        return self._asked


def pipeline(answers: dict[str, Answer], **settings: Any) -> Pipeline:  # noqa: ANN401 - as the settings are
    compute = FakeCompute()
    compute._answers = answers
    return Pipeline(compute=compute, **{"inbox": "in", "lake": "lake", **settings})
