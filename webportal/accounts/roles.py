"""The four roles and what each may do: the one place that permissions derive from.

A user has one role. Django's groups and single permissions are not used, so nobody has to add up three lists to know
what somebody may do.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a user is at the desk."""

    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


class Right(StrEnum):
    """Something that a role may do."""

    SEE_CUSTOMERS = "see customers"
    SEE_PERSONAL_DATA = "see names, numbers and places of customers"
    WORK = "work the list, record contacts and write notes"
    WATCH_SEGMENTS = "watch segments of customers"
    MANAGE_TEAM = "manage the users of one's own team"
    ADMINISTER = "manage users, teams, settings, audit and privacy"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.AGENT: frozenset({Right.SEE_CUSTOMERS, Right.SEE_PERSONAL_DATA, Right.WORK}),
    Role.SUPERVISOR: frozenset(
        {Right.SEE_CUSTOMERS, Right.SEE_PERSONAL_DATA, Right.WORK, Right.WATCH_SEGMENTS, Right.MANAGE_TEAM}
    ),
    Role.ANALYST: frozenset({Right.SEE_CUSTOMERS}),
    Role.ADMINISTRATOR: frozenset(
        {Right.SEE_CUSTOMERS, Right.SEE_PERSONAL_DATA, Right.WORK, Right.WATCH_SEGMENTS, Right.ADMINISTER}
    ),
}

TEAM_PERMISSIONS = frozenset(
    {
        "accounts.view_user",
        "accounts.change_user",
        "accounts.view_invitation",
        "accounts.add_invitation",
        "accounts.delete_invitation",
    }
)
"""What Django's admin may let a supervisor do; which rows, `admin` says: those of the own team."""

READ_ONLY_MODELS = frozenset({"audit.auditevent", "desk.contact", "desk.note", "desk.task"})
"""What nobody may add, change or delete in the admin."""


def has_right(role: str, right: Right) -> bool:
    """Tell whether a role carries a right; an unknown role carries none."""
    return role in Role.values and right in RIGHTS[Role(role)]


def has_model_permission(role: str, permission: str) -> bool:
    """Answer Django's question for a permission such as `accounts.change_user`."""
    app, _dot, code = permission.partition(".")
    action, _underscore, model = code.partition("_")
    if f"{app}.{model}" in READ_ONLY_MODELS and action != "view":
        return False
    if has_right(role, Right.ADMINISTER):
        return True
    return has_right(role, Right.MANAGE_TEAM) and permission in TEAM_PERMISSIONS
