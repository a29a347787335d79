"""Writes to users."""

import secrets
from dataclasses import dataclass

from django.db import transaction

from webportal.accounts.models import User

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
    is_administrator: bool


FIRST_USERS = (FirstUser("agent", is_administrator=False), FirstUser("admin", is_administrator=True))


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


def _create(*, user: FirstUser) -> NewPassword:
    password = generate_password()
    User.objects.create_user(
        username=user.username,
        password=password,
        is_staff=user.is_administrator,
        is_superuser=user.is_administrator,
    )
    return NewPassword(user.username, password)
