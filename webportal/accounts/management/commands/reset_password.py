"""`manage.py reset_password <username>`: a fresh password for who lost theirs."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from webportal.accounts.models import User
from webportal.accounts.services import reset_password


class Command(BaseCommand):
    """Sets a generated password and prints `name password`."""

    help = "Set a generated password for a user, and print it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the user name."""
        parser.add_argument("username")

    def handle(self, *args: object, username: str, **options: object) -> None:
        """Print the fresh password, or say that there is no such user."""
        try:
            fresh = reset_password(username=username)
        except User.DoesNotExist:
            raise CommandError(f"There is no user {username!r}.") from None
        self.stdout.write(f"{fresh.username} {fresh.password}")
