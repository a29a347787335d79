"""Bulk actions on users, each with a page that asks first."""

from collections.abc import Sequence
from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from webportal.accounts.admin.base import confirmed
from webportal.accounts.authentication import unlock
from webportal.accounts.models import User
from webportal.accounts.roles import Role
from webportal.accounts.services import end_sessions, remove_second_factor, set_active, set_role

MANAGED_BY_SUPERVISORS = (Role.AGENT, Role.ANALYST)


def _activate(request: HttpRequest, users: Sequence[User], _words: str) -> str:
    return _told(set_active(users=_manageable(request, users), active=True))


def _deactivate(request: HttpRequest, users: Sequence[User], _words: str) -> str:
    return _told(set_active(users=_manageable(request, users), active=False))


def _sign_out(request: HttpRequest, users: Sequence[User], _words: str) -> str:
    for user in _manageable(request, users):
        end_sessions(user=user)
    return _told(len(users))


def _unlock(request: HttpRequest, users: Sequence[User], _words: str) -> str:
    for user in _manageable(request, users):
        unlock(user)
    return _told(len(users))


def _remove_second_factor(request: HttpRequest, users: Sequence[User], _words: str) -> str:
    for user in _manageable(request, users):
        remove_second_factor(user=user)
    return _told(len(users))


def _send_link(request: HttpRequest, users: Sequence[User], _words: str) -> str:
    reachable = [user for user in _manageable(request, users) if user.email and user.is_active]
    for user in reachable:
        form = ResetPasswordForm({"email": user.email})
        if form.is_valid():
            form.save(request)
    return _told(len(reachable))


def _to_role(role: Role) -> Any:  # noqa: ANN401 - a function of the shape of the others
    def become(request: HttpRequest, users: Sequence[User], _words: str) -> str:
        if not isinstance(request.user, User) or not request.user.is_administrator:
            raise ValidationError(_("Administrators alone give roles."))
        return _told(set_role(users=users, role=role))

    become.__name__ = f"make_{role}"
    return become


def _manageable(request: HttpRequest, users: Sequence[User]) -> Sequence[User]:
    """Return `users` if the one who asks may manage all of them; the rows shown are the own team's already."""
    viewer = request.user
    if isinstance(viewer, User) and viewer.is_administrator:
        return users
    if any(user.role not in MANAGED_BY_SUPERVISORS for user in users):
        raise ValidationError(_("Supervisors manage the agents and analysts of their team alone."))
    return users


def _told(count: int) -> str:
    return ngettext("%(n)d user changed.", "%(n)d users changed.", count) % {"n": count}


ACTIONS = (
    confirmed(title=gettext_lazy("Activate"), warning=gettext_lazy("These users can sign in again."), run=_activate),
    confirmed(
        title=gettext_lazy("Deactivate"),
        warning=gettext_lazy("These users are signed out at once and cannot sign in any more. Nothing is deleted."),
        run=_deactivate,
    ),
    confirmed(
        title=gettext_lazy("Sign out everywhere"),
        warning=gettext_lazy("Every session of these users ends."),
        run=_sign_out,
    ),
    confirmed(
        title=gettext_lazy("Unlock after failed logins"),
        warning=gettext_lazy("These users need not wait until the lockout ends."),
        run=_unlock,
    ),
    confirmed(
        title=gettext_lazy("Send a link for a new password"),
        warning=gettext_lazy("Those who are active and have an e-mail address get a link that is good for an hour."),
        run=_send_link,
    ),
    confirmed(
        title=gettext_lazy("Remove the second factor"),
        warning=gettext_lazy(
            "For who lost it, and after you made sure that it is them who ask. They are signed out everywhere."
        ),
        run=_remove_second_factor,
    ),
    *(
        confirmed(
            title=gettext_lazy("Give the role: %(role)s") % {"role": role.label},
            warning=gettext_lazy("What these users may do and see changes at once."),
            run=_to_role(role),
        )
        for role in Role
    ),
)
