"""Keeps the last administrator: asked before a change, and held by the database whatever was asked."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import User
from webportal.accounts.roles import Role

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
