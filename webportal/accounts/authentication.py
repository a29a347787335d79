"""Authentication: backends, adapters of allauth, lockout after failed logins, and weak passwords."""

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from webportal.accounts.models import DeskSettings, User
from webportal.audit.models import AuditEvent, Kind
from webportal.common.client_address import NO_ADDRESS, client_address, network_of
from webportal.common.encryption import SECOND_FACTORS

LONGEST = 128
_FILLING = "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ "
_LOOK_ALIKES = str.maketrans("@4301!5$7", "aaeolisst")


class MaximumLengthValidator:
    """Refuses what is longer than anybody types: hashing it would keep the server busy."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise `ValidationError` for a password over `LONGEST` characters."""
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("At most %(longest)d characters.") % {"longest": LONGEST}


class BreachedPasswordValidator(CommonPasswordValidator):
    """Refuses the 20,000 passwords that leak most, and those that are one of them with some filling.

    The list is the one that comes with Django (82 kB, no request leaves the house). With at least twelve characters
    hardly anybody can choose from it as it stands, so what people make of it is looked up as well: digits and signs
    put before or after, letters written as look-alikes, the same word twice.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raise `ValidationError` for such a password."""
        plain = password.lower().strip()
        bare, alike = plain.strip(_FILLING), plain.translate(_LOOK_ALIKES)
        for candidate in (plain, bare, bare.translate(_LOOK_ALIKES), alike.strip(_FILLING)):
            half, odd = divmod(len(candidate), 2)
            twice = not odd and candidate[:half] == candidate[half:]
            if candidate in self.passwords or (twice and candidate[:half] in self.passwords):
                raise ValidationError(_("This password is among those that leak most often."), code="password_breached")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("Not one of the passwords that leak most often, nor one of them with digits or signs added.")


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


class DeskBackend(ModelBackend):
    """Django's check of name and password; a user comes with team, second factor and rules: pages ask no more."""

    def get_user(self, user_id: Any) -> User | None:  # noqa: ANN401 - Django's signature
        """Return the user with `has_second_factor` and what the desk settings ask beside it, or None."""
        totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        desk = DeskSettings.objects.filter(singleton=1)
        users = User.objects.select_related("team").annotate(
            has_second_factor=Exists(totp),
            second_factor_roles=Subquery(desk.values("second_factor_roles")[:1]),
            hold_out_percent=Subquery(desk.values("hold_out_percent")[:1]),
            export_roles=Subquery(desk.values("export_roles")[:1]),
        )
        user = users.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


def lacks_second_factor(user: User) -> bool:
    """Tell whether the role of a user that `DeskBackend` loaded needs a second factor which the user has not."""
    asked = getattr(user, "second_factor_roles", None)
    roles = settings.SECOND_FACTOR_ROLES if asked is None else asked
    return user.role in roles and not getattr(user, "has_second_factor", False)


RESET_MAIL = "account/email/password_reset_key"
"""Allauth's name for the mail with a link for a new password."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # untyped library
    """Accounts are made by invitation alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Say in a mail with a link for a new password when that ends: the mail may wait for its server until then."""
        if template_prefix == RESET_MAIL:
            ends = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
            headers = {**(headers or {}), "Expires": format_datetime(ends)}
        message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        return message

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits of rates count by, and that a session keeps."""
        return client_address(request) or NO_ADDRESS

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """Count failures of a name by address as well: else anybody could keep its owner out from anywhere."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{network_of(client_address(request))}"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # untyped library
    """Keeps the secrets of second factors encrypted, so that a copy of the database does not give them away."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret by the newest key."""
        return SECOND_FACTORS.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret, also one that a former key encrypted (`DJANGO_SECRET_KEY_FALLBACKS`)."""
        return SECOND_FACTORS.decrypt(encrypted_text)
