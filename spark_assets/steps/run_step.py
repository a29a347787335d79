"""Entry point of a submitted step: `spark-submit --py-files spark_assets.zip run_step.py STEP --params JSON`.

Tells one message through Dagster Pipes: `{"result": ...}`, `{"to_mend": text}` or `{"failed": text}`. Started by hand,
it only prints its result.
"""

import argparse
import json
import os
import sys
from collections.abc import MutableMapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from dagster_pipes import (
    PipesContext,
    PipesEnvVarParamsLoader,
    PipesMessageWriter,
    PipesS3MessageWriter,
    open_dagster_pipes,
)

from spark_assets.errors import EncoreError, PassingError, SettingsError
from spark_assets.session import submitted_session
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams, StepResult

_LONGEST_TEXT = 2_000
"""Characters of an error's text that are told; Java's errors bring their whole stack along."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 for a result, 1 for what the user must mend."""
    parser = argparse.ArgumentParser(prog="run_step.py", description=__doc__)
    parser.add_argument("step")
    parser.add_argument("--params", default="{}", help="JSON of the step's params")
    options = parser.parse_args(arguments)
    with open_dagster_pipes(message_writer=message_writer()) as pipes:
        try:
            take_secrets()
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


SECRETS = ("DATABASE_URL", "PUBLISH_DATABASE_URL", "ENCORE_PSEUDONYM_KEY")
"""What the secret may bring; it must not be able to change how Python or Spark run."""

_FLUSH_SECONDS = 5


def message_writer() -> PipesMessageWriter[Any] | None:
    """A writer to S3 where Dagster listens there; None where it listens to a file, or not at all."""
    loader = PipesEnvVarParamsLoader()  # type: ignore[no-untyped-call] # dagster_pipes types only half of itself
    if not loader.is_dagster_pipes_process() or "bucket" not in loader.load_messages_params():
        return None
    return PipesS3MessageWriter(client=boto3.client("s3"), interval=_FLUSH_SECONDS)


def take_secrets(environ: MutableMapping[str, str] = os.environ) -> None:
    """Put what the secret named by `ENCORE_SECRET` holds into the environment; without that variable do nothing.

    Raises:
        SettingsError: the secret cannot be read, or is no JSON object of texts.
    """
    name = environ.get("ENCORE_SECRET")
    if not name:
        return
    try:
        text = boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    except ClientError as error:
        reason = error.response["Error"]["Code"]
        raise SettingsError(f"ENCORE_SECRET names {name}, which cannot be read: {reason}.") from None
    except BotoCoreError as error:
        raise SettingsError(f"ENCORE_SECRET names {name}, which cannot be read: {type(error).__name__}.") from None
    try:
        held = dict(json.loads(text))
    except (ValueError, TypeError):
        raise SettingsError(f"ENCORE_SECRET names {name}, which is no JSON object.") from None
    environ.update({key: str(held[key]) for key in SECRETS if key in held})
