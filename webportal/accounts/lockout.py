"""Lockout after failed logins: by account, and with more patience by address."""

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.models import Sum
from django.dispatch import receiver
from django.http import HttpRequest

from webportal.accounts.models import User
from webportal.common.addresses import client_address


class DeskLockout(AxesDatabaseHandler):  # type: ignore[misc] # untyped library
    """Axes' handler with a limit for addresses of its own: a whole office may sit behind one."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> int:
        """Return the failures of account or address, whichever is nearer to its limit, in failures of an account."""
        by_account, by_address = (
            attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        scaled = by_address * settings.AXES_FAILURE_LIMIT // settings.AXES_ADDRESS_FAILURE_LIMIT
        return max(int(by_account), int(scaled))


def address_of(request: HttpRequest) -> str | None:
    """Tell axes where a request comes from."""
    return client_address(request)


@receiver(user_logged_in)
def _forgive(user: User, **_: object) -> None:
    """Forget the failures of the account that got in, not those of its address with other accounts."""
    unlock(user)


def unlock(user: User) -> None:
    """Let a locked-out user try again at once."""
    AccessAttempt.objects.filter(username=user.get_username()).delete()
