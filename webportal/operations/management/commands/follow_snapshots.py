"""`manage.py follow_snapshots`: after each new snapshot, count outcomes and tell who watches; see docs/follower.md."""

import os
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import ExitStack

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from webportal.operations.health_server import Ending, Pulse, answering
from webportal.operations.snapshot_follower import Follower, logger, look_and_log, retain_and_log
from webportal.privacy.retention import apply_when_due

EVERY = 60
LEAST_SECONDS, MOST_SECONDS = 1, 24 * 3600
UNDELIVERED = os.EX_TEMPFAIL
"""Exit code of a single look that could not deliver something, all else being done; 1 is a look that failed."""
SILENCE_S = 300.0
"""Longer than the longest step of a look: a statement of the database, or one delivery."""


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise ArgumentTypeError("it is not of the form HOST:PORT, as in 127.0.0.1:8100")
    return host, int(port)


class Command(BaseCommand):
    """Looks, waits, and looks again until it is asked to end."""

    help = (
        "After each new snapshot, count what recorded outcomes teach, and tell who watches; send again what failed. "
        "Once a day, delete what is older than the desk settings allow to keep. "
        "Two at once do nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the pace, or that one look is enough."""
        parser.add_argument(
            "--every", type=int, default=EVERY, metavar="SECONDS", help="between two looks (%(default)s)"
        )
        parser.add_argument("--once", action="store_true", help="look once and say what came of it, for cron")
        parser.add_argument("--bind", type=_place, metavar="HOST:PORT", help="answer /healthz there while it gets on")

    def handle(
        self, *args: object, every: int, once: bool, bind: tuple[str, int] | None = None, **options: object
    ) -> None:
        """Follow until SIGTERM or SIGINT; a delivery under way is finished first."""
        if not LEAST_SECONDS <= every <= MOST_SECONDS:
            raise CommandError(f"--every takes {LEAST_SECONDS} to {MOST_SECONDS} seconds.")
        if once:
            done = Follower(may_go_on=lambda: True).look()
            apply_when_due()
            self.stdout.write(str(done) if done else "Another look is under way.")
            if done and done.failed:
                words = f"{done.failed} could not be delivered. Deliveries in the administration show why."
                raise CommandError(f"{words} The next look tries again.", returncode=UNDELIVERED)
            return
        ending, pulse = Ending(), Pulse(every + SILENCE_S)

        def may_go_on() -> bool:
            pulse.beat()
            return not ending.is_asked_for

        with ExitStack() as stack:
            if bind:
                stack.enter_context(answering(*bind, pulse))
            logger.info("Following snapshots, with a look every %(every)s s.", {"every": every})
            follower = Follower(may_go_on)
            while may_go_on():
                close_old_connections()
                look_and_log(follower)
                retain_and_log()
                ending.wait(every)
            logger.info("Asked to end, and ended.")
