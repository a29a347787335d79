"""One's own account, and the way in for who was invited."""

from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from webportal.accounts.forms import AcceptForm
from webportal.accounts.invitations import InvitationGoneError, accept, open_invitation
from webportal.accounts.models import User
from webportal.accounts.selectors import own_sessions
from webportal.accounts.services import set_single_keys

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
