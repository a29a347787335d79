"""`manage.py reset_password <username>`: a fresh password for who lost theirs."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from webportal.accounts.models import User
from webportal.accounts.services import link_for_new_password, reset_password


class Command(BaseCommand):
    """Sets a generated password and prints `name password`, then a link that logs in whatever is locked."""

    help = "Set a generated password for a user, and print it once, with a link for who is locked out."

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
        link = f"{settings.PUBLIC_URL or ''}{link_for_new_password(username=username)}"
        self.stdout.write(f"Where failed logins have closed the login, open this once within the hour: {link}")
