"""Invitations: made, sent, and used once."""

import secrets
from datetime import timedelta
from email.utils import format_datetime
from hashlib import sha256

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from webportal.accounts.models import DeskSettings, Invitation, Team, User

TOKEN_BYTES = 32


class InvitationGoneError(Exception):
    """The link was used, has expired, was withdrawn, or never existed: all the same to who holds it."""


def invite(*, email: str, role: str, team: Team | None, invited_by: User, link: str) -> Invitation:
    """Make an invitation and send it.

    Args:
        email: whom.
        role: what they become.
        team: where.
        invited_by: who invites.
        link: address of the page that takes invitations, with `{token}` in it.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    hours = DeskSettings.current().invitation_hours
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        team=team,
        token_hash=hash_token(token),
        invited_by=invited_by,
        expires_at=timezone.now() + timedelta(hours=hours),
    )
    context = {"link": link.replace("{token}", token), "hours": hours, "invited_by": invited_by}
    text = render_to_string("accounts/email/invitation.txt", context)
    headers = {"Expires": format_datetime(invitation.expires_at)}
    EmailMessage(_("Your account at Encore"), text, settings.DEFAULT_FROM_EMAIL, [email], headers=headers).send()
    return invitation


def open_invitation(token: str) -> Invitation:
    """Return the invitation of a token.

    Raises:
        InvitationGoneError: there is none that still works.
    """
    invitation = Invitation.objects.filter(token_hash=hash_token(token)).first()
    if invitation is None or not invitation.is_open:
        raise InvitationGoneError
    return invitation


@transaction.atomic
def accept(*, token: str, username: str, password: str) -> User:
    """Make the user of an invitation and use it up.

    Raises:
        InvitationGoneError: somebody was faster, or it has expired.
    """
    invitation = Invitation.objects.select_for_update().filter(token_hash=hash_token(token)).first()
    if invitation is None or not invitation.is_open:
        raise InvitationGoneError
    user = User.objects.create_user(
        username, invitation.email, password, role=invitation.role, team_id=invitation.team_id
    )
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    return user


def hash_token(token: str) -> str:
    """Return what is kept of a token; it is random enough that a plain hash cannot be reversed."""
    return sha256(token.encode()).hexdigest()
