"""Pages of one's own account, and acceptance of an invitation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from webportal.accounts.invitations import InvitationGoneError, accept, open_invitation
from webportal.accounts.models import Invitation, User
from webportal.accounts.services import set_single_keys
from webportal.common.client_address import coarse_address

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""In this order: an Edge calls itself Chrome too, an Android Linux."""


def describe_device(user_agent: str) -> str:
    """Return `Firefox on Linux`, or that the device is unknown."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


class AcceptForm(forms.Form):
    """What somebody who was invited chooses: a name and a password."""

    username = forms.CharField(
        label=gettext_lazy("User name"), max_length=150, validators=[UnicodeUsernameValidator()], strip=True
    )
    password1 = forms.CharField(label=gettext_lazy("Password"), widget=forms.PasswordInput, strip=False)
    password2 = forms.CharField(label=gettext_lazy("Password again"), widget=forms.PasswordInput, strip=False)

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:  # noqa: ANN401 - a form's own
        self.invitation = invitation
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean_username(self) -> str:
        """Refuse a name that is taken, in whatever case."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(gettext_lazy("A user with this name exists."))
        return username

    def clean(self) -> dict[str, Any]:
        """Refuse passwords that differ or are weak."""
        chosen: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = chosen.get("password1"), chosen.get("password2")
        if first and second and first != second:
            self.add_error("password2", gettext_lazy("The two passwords differ."))
        elif first:
            try:
                validate_password(first, User(username=chosen.get("username", ""), email=self.invitation.email))
            except forms.ValidationError as weak:
                self.add_error("password1", weak)
        return chosen


@dataclass(frozen=True)
class OwnSession:
    """A place where somebody is signed in, told coarsely."""

    id: int
    device: str
    address: str
    began: datetime
    is_current: bool


def own_sessions(user: User, session_key: str | None) -> list[OwnSession]:
    """Return the sessions of a user that may still live, newest first; `session_key` is the one that asks."""
    oldest = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = UserSession.objects.filter(user=user, created_at__gte=oldest).order_by("-created_at")
    return [
        OwnSession(
            id=row.pk,
            device=describe_device(row.user_agent),
            address=coarse_address(row.ip),
            began=row.created_at,
            is_current=row.session_key == session_key,
        )
        for row in rows
        if row.exists()
    ]


INVITED = "encore_invitation"


def overview(request: HttpRequest) -> HttpResponse:
    """Show one's role and team, and lead to password, second factor and sessions."""
    user = cast(User, request.user)
    sessions = own_sessions(user, request.session.session_key)
    return render(request, "accounts/overview.html", {"sessions": sessions})


@require_POST
def single_keys(request: HttpRequest) -> HttpResponse:
    """Switch single keys on or off for oneself, wherever one signs in."""
    wanted = request.POST.get("single_keys")
    if wanted not in ("on", "off"):
        raise BadRequest
    set_single_keys(user=cast(User, request.user), on=wanted == "on")
    messages.success(request, _("Single keys are on.") if wanted == "on" else _("Single keys are off."))
    return redirect("accounts:overview")


@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions."""
    get_object_or_404(UserSession, pk=session_id, user=cast(User, request.user)).end()
    messages.success(request, _("That session has ended."))
    return redirect("accounts:overview")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    others = UserSession.objects.filter(user=cast(User, request.user)).exclude(session_key=request.session.session_key)
    for session in others:
        session.end()
    messages.success(request, _("All other sessions have ended."))
    return redirect("accounts:overview")


@never_cache
@login_not_required
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, where the browser would keep it and hand it on.

    Only one that opens something: else anybody could have a session made at each request.
    """
    try:
        open_invitation(token)
    except InvitationGoneError:
        return render(request, "accounts/invitation_gone.html", status=410)
    request.session[INVITED] = token
    return redirect("accounts:accept")


@never_cache
@sensitive_post_parameters()
@login_not_required
def accept_invitation(request: HttpRequest) -> HttpResponse:
    """Let somebody who was invited choose name and password; the login follows."""
    token = request.session.get(INVITED, "")
    try:
        invitation = open_invitation(token)
        form = AcceptForm(request.POST or None, invitation=invitation)
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data
            accept(token=token, username=chosen["username"], password=chosen["password1"])
            request.session.pop(INVITED)
            messages.success(request, _("Your account is ready. Log in with your new password."))
            return redirect("account_login")
    except InvitationGoneError:
        return render(request, "accounts/invitation_gone.html", status=410)
    return render(request, "accounts/accept.html", {"form": form, "invitation": invitation})
