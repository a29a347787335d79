"""`manage.py database_roles`: least rights for publisher and portal, after each migration."""

from django.core.management.base import BaseCommand

from webportal.operations.database_roles import apply_grants, roles_present


class Command(BaseCommand):
    """Grants what each role needs, as the owner of the tables; does nothing where one role does everything."""

    help = "Grant to the roles of deploy/postgres/roles.sql what each needs, and nothing else."

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        """Apply, and say what was done when asked to be talkative."""
        if not roles_present():
            if verbosity > 1:
                self.stdout.write("One role does everything here: see deploy/postgres/roles.sql to keep them apart.")
            return
        for grant in apply_grants():
            if verbosity > 1:
                self.stdout.write(f"{grant.role}: {grant.privileges} on {grant.kind.lower()} {grant.name}")
