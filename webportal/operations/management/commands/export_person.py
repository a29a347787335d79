"""`manage.py export_person <number> <file> --purpose TEXT`: everything about one customer, as a zip."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.customer_numbers import is_wellformed
from webportal.privacy.services import as_zip, everything_about


class Command(BaseCommand):
    """Writes the zip and an audit event."""

    help = "Write everything about one customer into a zip of JSON documents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take number, file and purpose."""
        parser.add_argument("number")
        parser.add_argument("file", type=Path)
        parser.add_argument("--purpose", required=True)

    def handle(self, *args: object, number: str, file: Path, purpose: str, **options: object) -> None:
        """Write the file, readable by its owner alone."""
        if not is_wellformed(number):
            raise CommandError(f"{number!r} is not a customer number.")
        if file.exists():
            raise CommandError(f"{file} exists: name another file.")
        record(Kind.EXPORTED, subjects=[number], purpose=purpose)
        documents = everything_about(number)
        file.touch(mode=0o600)
        file.write_bytes(as_zip(number, documents))
        for name, rows in documents.items():
            self.stdout.write(f"{name}: {len(rows)}")
