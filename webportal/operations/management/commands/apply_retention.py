"""`manage.py apply_retention`: delete what is older than the desk's settings allow to keep."""

from django.core.management.base import BaseCommand

from webportal.privacy.retention import apply_retention


class Command(BaseCommand):
    """Deletes old audit events, ended sessions, used and expired invitations, and forgiven login failures."""

    help = "Delete what is older than the desk settings allow to keep. Run it once a day."

    def handle(self, *args: object, **options: object) -> None:
        """Say how many rows of each kind went."""
        for name, count in apply_retention().items():
            self.stdout.write(f"{name.replace('_', ' ')}: {count}")
