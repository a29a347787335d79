"""Entry point of a submitted step: `spark-submit --py-files spark_assets.zip run_step.py STEP --params JSON`.

Tells one message through Dagster Pipes: `{"result": ...}`, `{"to_mend": text}` or `{"failed": text}`. Started by hand,
it only prints its result.
"""

import argparse
import json
import sys
from collections.abc import Sequence

from dagster_pipes import PipesContext, open_dagster_pipes

from spark_assets.errors import EncoreError, PassingError
from spark_assets.jobs import aws
from spark_assets.jobs.params import StepParams, StepResult
from spark_assets.jobs.steps import run_step
from spark_assets.session import submitted_session

_LONGEST_TEXT = 2_000
"""Characters of an error's text that are told; Java's errors bring their whole stack along."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 for a result, 1 for what the user must mend."""
    parser = argparse.ArgumentParser(prog="run_step.py", description=__doc__)
    parser.add_argument("step")
    parser.add_argument("--params", default="{}", help="JSON of the step's params")
    options = parser.parse_args(arguments)
    with open_dagster_pipes(message_writer=aws.message_writer()) as pipes:
        try:
            aws.take_secrets()
            result = _run(options.step, options.params)
        except EncoreError as error:
            pipes.report_custom_message({"to_mend": str(error), "may_pass": isinstance(error, PassingError)})
            sys.stderr.write(f"{error}\n")
            return 1
        except Exception as error:
            # going on upwards, the error reaches Dagster's log with its traceback
            pipes.report_custom_message({"failed": f"{type(error).__name__}: {error}"[:_LONGEST_TEXT]})
            raise
        pipes.report_custom_message({"result": result.as_dict()})
    if not isinstance(pipes, PipesContext):
        sys.stdout.write(f"{json.dumps(result.as_dict())}\n")
    return 0


def _run(step: str, params: str) -> StepResult:
    session = submitted_session(f"encore: {step}")
    try:
        return run_step(step, session, StepParams.from_dict(json.loads(params)))
    finally:
        session.stop()


if __name__ == "__main__":
    sys.exit(main())
