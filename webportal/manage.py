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

from webportal.config.failures import one_line


def main() -> None:
    """Run the command named on the command line; a wrong environment is one line, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webportal.config.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError) as failure:
        sys.exit(one_line(failure))


if __name__ == "__main__":
    main()
