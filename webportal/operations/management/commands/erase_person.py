"""`manage.py erase_person <number> --reason TEXT --confirm <number>`: erase one customer."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from webportal.audit.services import COMMAND_LINE
from webportal.common.customer_numbers import is_wellformed
from webportal.privacy.services import erase


class Command(BaseCommand):
    """Erases a customer whose number was given twice."""

    help = "Erase one customer from all snapshots now, and from the lake at the next run. There is no way back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number twice and a reason."""
        parser.add_argument("number")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--confirm", required=True, metavar="NUMBER", help="the same number again")

    def handle(self, *args: object, number: str, reason: str, confirm: str, **options: object) -> None:
        """Erase, and say from how many snapshots."""
        if not is_wellformed(number):
            raise CommandError(f"{number!r} is not a customer number.")
        if number != confirm:
            raise CommandError("The number after --confirm is another one: nothing was erased.")
        erased = erase(number=number, reason=reason, by=COMMAND_LINE)
        self.stdout.write(
            f"Erased from {erased['snapshots']} snapshots and {erased['team_lists']} lists of teams; "
            f"{erased['desk_rows']} contacts, notes and tasks."
        )
