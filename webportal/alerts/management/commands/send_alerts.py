"""`manage.py send_alerts [--every SECONDS]`: tell who watches what the newest snapshot brings."""

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from webportal.alerts.passes import run_pass

LEAST_SECONDS, MOST_SECONDS = 5, 24 * 3600


class Command(BaseCommand):
    """Runs one pass, or one after the other until it is stopped."""

    help = (
        "Find what the newest snapshot brings for each watch, and send what is due; calling twice sends nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the pause between two passes."""
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on, with a pause of so many seconds")

    def handle(self, *args: object, every: int | None, **options: object) -> None:
        """Run, and say what came of it."""
        if every is not None and not LEAST_SECONDS <= every <= MOST_SECONDS:
            raise CommandError(f"--every takes {LEAST_SECONDS} to {MOST_SECONDS} seconds.")
        self._run_once()
        while every is not None:
            time.sleep(every)
            close_old_connections()
            self._run_once()

    def _run_once(self) -> None:
        done = run_pass()
        if done is None:
            self.stdout.write("Another pass is under way.")
            return
        self.stdout.write(f"Alerts: {done.found} new; sent {done.sent.sent}, failed {done.sent.failed}.")
