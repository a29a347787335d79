"""`manage.py reencrypt_secrets`: what is kept encrypted, by the newest key, before a former one is dropped."""

from django.core.management.base import BaseCommand, CommandError

from webportal.operations.key_rotation import reencrypt


class Command(BaseCommand):
    """Says how many rows of each kind were encrypted anew; fails when rows are left that no key opens."""

    help = "Encrypt second factors, secrets of webhooks and waiting mails by the newest DJANGO_SECRET_KEY."

    def handle(self, *args: object, **options: object) -> None:
        """Encrypt, and tell."""
        done = reencrypt()
        for name, count in done.changed.items():
            self.stdout.write(f"{name}: {count} encrypted anew")
        if done.unreadable:
            named = ", ".join(done.unreadable)
            raise CommandError(
                f"No key opens these: {named}. Add the key that did to DJANGO_SECRET_KEY_FALLBACKS and call this again,"
                " or enter a webhook's secret anew and remove the second factor in the admin."
            )
