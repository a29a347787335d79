"""A compute backend without Spark, for tests of what lies around it."""

import uuid
from collections.abc import Callable
from typing import Any

import dagster as dg

from orchestration.compute.base import SparkCompute
from orchestration.pipeline import Pipeline
from spark_assets.steps.settings import StepParams, StepResult

Answer = StepResult | Exception | Callable[[StepParams], StepResult]

_ANSWERS: dict[str, dict[str, Answer]] = {}
_ASKED: dict[str, list[tuple[str, StepParams]]] = {}
"""By book: Dagster computes with a copy of a resource, which has its fields and nothing else."""


class FakeCompute(SparkCompute):
    """Answers each step as told and remembers what was asked."""

    book: str

    def run(self, step: str, params: StepParams, context: dg.OpExecutionContext) -> StepResult:
        self.asked.append((step, params))
        answer = _ANSWERS[self.book][step]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, StepResult) else answer(params)

    @property
    def asked(self) -> list[tuple[str, StepParams]]:
        return _ASKED.setdefault(self.book, [])


def pipeline(answers: dict[str, Answer], **settings: Any) -> Pipeline:  # noqa: ANN401 - as the settings are
    compute = FakeCompute(book=str(uuid.uuid4()))
    _ANSWERS[compute.book] = answers
    return Pipeline(compute=compute, **{"inbox": "in", "lake": "lake", **settings})
