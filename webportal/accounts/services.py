"""Keeps the last administrator: asked before a change, and held by the database whatever was asked."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import ScopedCustomer, Team, User
from webportal.accounts.roles import Role
from webportal.audit.models import Kind
from webportal.audit.services import record

REFUSAL = _("At least one active administrator must remain. Make somebody else an administrator first.")


def check_administrator_remains(without: Iterable[int]) -> None:
    """Refuse to go on if nobody administers without the users of these ids.

    A friendly word in time: two changes at once could both pass here. The trigger `keep_an_administrator` of the
    database refuses the later one.

    Raises:
        ValidationError: they are the last ones.
    """
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    left = administrators.exclude(pk__in=list(without))
    if not left.exists() and administrators.exists():
        raise ValidationError(REFUSAL, code="last_administrator")


PASSWORD_BYTES = 15  # 20 characters, 120 bits


@dataclass(frozen=True)
class NewPassword:
    """A user name and the password that was just set; it is shown once and kept nowhere."""

    username: str
    password: str


@dataclass(frozen=True)
class FirstUser:
    """A user that a fresh installation needs."""

    username: str
    role: Role


FIRST_USERS = (FirstUser("agent", Role.AGENT), FirstUser("admin", Role.ADMINISTRATOR))


def generate_password() -> str:
    """Return a random password that is safe to type and to paste."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


@transaction.atomic
def create_first_users() -> list[NewPassword]:
    """Create those of `FIRST_USERS` that do not exist, and return their passwords."""
    present = set(
        User.objects.filter(username__in=[user.username for user in FIRST_USERS]).values_list("username", flat=True)
    )
    return [_create(user=user) for user in FIRST_USERS if user.username not in present]


@transaction.atomic
def reset_password(*, username: str) -> NewPassword:
    """Set and return a fresh password; raises `User.DoesNotExist` for an unknown name."""
    user = User.objects.select_for_update().get(username=username)
    password = generate_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    return NewPassword(username, password)


def link_for_new_password(*, username: str) -> str:
    """Return the path of a page that sets a new password and logs in, once within the hour, whatever is locked.

    Raises `User.DoesNotExist` for an unknown name.
    """
    user = User.objects.get(username=username)
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def _create(*, user: FirstUser) -> NewPassword:
    password = generate_password()
    User.objects.create_user(username=user.username, password=password, role=user.role)
    return NewPassword(user.username, password)


@transaction.atomic
def set_active(*, users: Iterable[User], active: bool) -> int:
    """Let users in again, or shut them out and end their sessions; returns how many that changed.

    Raises:
        ValidationError: nobody would be left to administer.
    """
    changing = [user for user in users if user.is_active != active]
    if not active:
        check_administrator_remains(user.pk for user in changing)
    for user in changing:
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            end_sessions(user=user)
    return len(changing)


@transaction.atomic
def set_role(*, users: Iterable[User], role: Role) -> int:
    """Give users a role; returns how many had another one.

    Raises:
        ValidationError: nobody would be left to administer.
    """
    changing = [user for user in users if user.role != role]
    if role != Role.ADMINISTRATOR:
        check_administrator_remains(user.pk for user in changing)
    for user in changing:
        user.role = role
        user.save(update_fields=["role"])
    return len(changing)


def set_single_keys(*, user: User, on: bool) -> None:
    """Let single keys lead somewhere on the pages that a user sees, or not."""
    user.single_keys = on
    user.save(update_fields=["single_keys"])


def end_sessions(*, user: User) -> int:
    """Sign a user out everywhere; returns of how many places."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def remove_second_factor(*, user: User) -> None:
    """Take a lost second factor off a user, who sets up a new one at the next login if the role needs it."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed:
        record(Kind.SECOND_FACTOR, details={"user": user.get_username(), "done": "removed by an administrator"})
    end_sessions(user=user)


@transaction.atomic
def set_listed_customers(*, team: Team, numbers: Iterable[str]) -> None:
    """Make `numbers` the list of a team; the audit gets who came and who went."""
    wanted = set(numbers)
    present = set(ScopedCustomer.objects.filter(team=team).values_list("customer_number", flat=True))
    added, removed = sorted(wanted - present), sorted(present - wanted)
    if not added and not removed:
        return
    ScopedCustomer.objects.filter(team=team, customer_number__in=removed).delete()
    ScopedCustomer.objects.bulk_create(ScopedCustomer(team=team, customer_number=number) for number in added)
    details = {"what": "team", "id": team.pk, "name": team.name, "listed": {"added": added, "removed": removed}}
    record(Kind.CHANGED, subjects=[*added, *removed], details=details)
