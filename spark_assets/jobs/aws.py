"""What a step needs of AWS when it runs there: secrets by name, and messages through S3."""

import json
import os
from collections.abc import MutableMapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from dagster_pipes import PipesEnvVarParamsLoader, PipesMessageWriter, PipesS3MessageWriter

from spark_assets.errors import SettingsError

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
