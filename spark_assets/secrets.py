"""Secrets of the environment. `NAME_FILE` names a file that holds the value of `NAME`."""

import os
from collections.abc import Mapping
from pathlib import Path

from spark_assets.errors import SettingsError


def secret(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the variable `name`, else what the file that `NAME_FILE` names holds; None when neither is set.

    Raises:
        SettingsError: the file cannot be read.
    """
    file = environ.get(f"{name}_FILE")
    if environ.get(name) or not file:
        return environ.get(name) or None
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{name}_FILE names {file}, which cannot be read.") from None
