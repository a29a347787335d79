"""Pseudonyms of customers: what analysts see in place of the number, the same in every snapshot."""

import hmac
from base64 import b32encode

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import USER_ID
from spark_assets.errors import SettingsError

LEAST_KEY_LENGTH = 20
_BYTES = 10
"""80 bits: among ten million customers two share one with a probability of 4e-11."""


def check_key(key: str | None) -> str:
    """Return the key, if it can keep pseudonyms from being computed by trying out all numbers.

    Raises:
        SettingsError: it is missing or too short.
    """
    if not key or len(key) < LEAST_KEY_LENGTH:
        raise SettingsError(
            f"ENCORE_PSEUDONYM_KEY must be a secret of at least {LEAST_KEY_LENGTH} characters. `make` targets set it; "
            "keep it: with another key every customer has another pseudonym."
        )
    return key


def pseudonym(number: str | bytes, key: str) -> str:
    """Return the pseudonym of a customer number: `P` and 16 letters and digits of its HMAC-SHA256."""
    digest = hmac.digest(key.encode(), number.encode() if isinstance(number, str) else bytes(number), "sha256")
    return "P" + b32encode(digest[:_BYTES]).decode()


def with_pseudonyms(customers: DataFrame, key: str) -> DataFrame:
    """Add the column `pseudonym`; the key travels with the function, so that it stands in no plan and no setting."""

    named = F.udf(lambda number: pseudonym(number, key), "string", useArrow=True)
    # As bytes, for a number of an old lake may be no UTF-8, which Python would refuse.
    return customers.withColumn("pseudonym", named(F.col(USER_ID).cast("binary")))
