"""Starts Python with an environment of its own: settings are read once per process."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = (
    "DATABASE_URL",
    "MIGRATE_DATABASE_URL",
    "PUBLISH_DATABASE_URL",
    "DJANGO_SECRET_KEY",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL",
    "ENCORE_ALLOWED_HOSTS",
    "ENCORE_HOME",
    "ENCORE_MAIL_FROM",
)
KEY = "abcdefghij" * 6
MAIL = "smtp://desk:hush@mail.example:587"
URL = "postgresql://encore:hush@127.0.0.1:1/churn"
COMPLETE = {
    "DATABASE_URL": URL,
    "DJANGO_SECRET_KEY": KEY,
    "ENCORE_ALLOWED_HOSTS": "desk.example",
    "EMAIL_URL": MAIL,
    "ENCORE_MAIL_FROM": "desk@desk.example",
}
"""All that production needs to start."""


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the repository with only `environment` of the variables that Encore reads."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True, check=False
    )
