#!/usr/bin/env python
"""Django's command line for the portal: `python webportal/manage.py migrate`."""

import os
import sys
from pathlib import Path

# Run as a script, Python looks for modules beside this file and not in the repository's root.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from webportal.config.environment import one_line

OWNER_COMMANDS = ("database_roles", "migrate")
"""Commands that change the tables themselves, as the role of `MIGRATE_DATABASE_URL` where there is one of its own."""


def main() -> None:
    """Run the command named on the command line; a wrong environment is one line, not a traceback."""
    if sys.argv[1:2] and sys.argv[1] in OWNER_COMMANDS:
        use_owner()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webportal.config.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError) as failure:
        sys.exit(one_line(failure))


def use_owner() -> None:
    """Let the settings find the owner's database."""
    for ending in ("", "_FILE"):
        if os.environ.get(f"MIGRATE_DATABASE_URL{ending}"):
            os.environ.pop("DATABASE_URL", None)
            os.environ.pop("DATABASE_URL_FILE", None)
            os.environ[f"DATABASE_URL{ending}"] = os.environ[f"MIGRATE_DATABASE_URL{ending}"]
            return


if __name__ == "__main__":
    main()
