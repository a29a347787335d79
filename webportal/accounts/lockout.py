"""Lockout after failed logins: by name and address, by address, and by name alone where nobody is known from."""

from datetime import timedelta

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.models import QuerySet, Sum
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from webportal.accounts.models import User
from webportal.audit.models import AuditEvent, Kind
from webportal.common.addresses import client_address, network_of

KNOWN_DAYS = 30
"""So long after a login an address counts as one that the user comes from."""


class DeskLockout(AxesDatabaseHandler):  # type: ignore[misc] # untyped library
    """Axes' handler with three limits: 5 failures of a name from one address, 50 of one address, 30 of one name.

    The third slows down a guess from many addresses at once. It closes a name to strangers alone: its owner still gets
    in from where they logged in lately, so that nobody keeps the only administrator out.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> int:
        """Return the failures that are nearest to their limit, in failures of a name from one address."""
        by_both, by_address = map(_sum, self.get_user_attempts(request, credentials))
        found = [by_both, by_address * settings.AXES_FAILURE_LIMIT // settings.AXES_ADDRESS_FAILURE_LIMIT]
        name = get_client_username(request, credentials)
        if name:
            since = get_cool_off_threshold(request)
            by_name = _sum(AccessAttempt.objects.filter(username=name, attempt_time__gte=since))
            if by_name >= settings.AXES_NAME_FAILURE_LIMIT and not _comes_from(name, address_of(request)):
                found.append(settings.AXES_FAILURE_LIMIT)
        return max(found)


def _sum(attempts: QuerySet[AccessAttempt]) -> int:
    return int(attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0)


def _comes_from(name: str, network: str | None) -> bool:
    """Tell whether the user of this name logged in from this network lately."""
    since = timezone.now() - timedelta(days=KNOWN_DAYS)
    logins = AuditEvent.objects.filter(kind=Kind.LOGIN, actor=name, at__gte=since, address__isnull=False)
    addresses = logins.order_by().values_list("address", flat=True).distinct()
    return network is not None and network in map(network_of, addresses)


def address_of(request: HttpRequest) -> str | None:
    """Tell axes where a request comes from: of IPv6 the network, which one visitor has all of."""
    return network_of(client_address(request))


@receiver(user_logged_in)
def _forgive(request: HttpRequest, user: User, **_: object) -> None:
    """Forget the failures of this user from here, not those of strangers, who would get fresh guesses by it."""
    AccessAttempt.objects.filter(username=user.get_username(), ip_address=address_of(request)).delete()


def unlock(user: User) -> None:
    """Let a locked-out user try again at once, from everywhere."""
    AccessAttempt.objects.filter(username=user.get_username()).delete()
