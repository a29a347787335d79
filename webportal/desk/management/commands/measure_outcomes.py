"""`manage.py measure_outcomes`: count what recorded outcomes teach; after each publish, or once a day."""

from django.core.management.base import BaseCommand

from webportal.desk.measuring import measure


class Command(BaseCommand):
    """Counts and says how much."""

    help = "Count who left of those called and of the hold-out group, and how right each band was."

    def handle(self, *args: object, **options: object) -> None:
        """Count; before the first publish there is nothing to count."""
        measured = measure()
        if measured is None:
            self.stdout.write("Nothing has been published yet.")
        else:
            self.stdout.write(f"Counted {measured.snapshots} snapshots and {measured.contacts} contacts.")
