"""`manage.py create_first_users`: an agent and an administrator for a fresh installation."""

from django.core.management.base import BaseCommand

from webportal.accounts.services import create_first_users


class Command(BaseCommand):
    """Creates `agent` and `admin` once, and prints a line `name password` for each that it created."""

    help = "Create the users `agent` and `admin` unless they exist, and print their passwords once."

    def handle(self, *args: object, **options: object) -> None:
        """Create what is missing; print nothing when nothing is."""
        for created in create_first_users():
            self.stdout.write(f"{created.username} {created.password}")
