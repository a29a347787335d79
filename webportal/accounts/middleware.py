"""Ends sessions in time, and keeps who needs a second factor from everything until they have one."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from webportal.accounts.authentication import lacks_second_factor
from webportal.accounts.models import User
from webportal.common.presentation import page_of_form

UNSENT = _(
    "Your session had ended, so nothing was saved. After the login what you typed is back in its form, if the browser "
    "runs scripts."
)
BEGAN, SEEN = "encore_began", "encore_seen"
NOTED_EVERY_SECONDS = 60
"""A session that is used is written once a minute, not with each request."""

WITHOUT_SECOND_FACTOR = frozenset(
    {
        "accounts:logout",
        "account_reauthenticate",
        "healthz",
        "metrics",
        "mfa_activate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "readyz",
    }
)
"""Pages open to who still has to set up the second factor that their role needs."""


@receiver(user_logged_in)
def _begin(request: HttpRequest, **signal: object) -> None:
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


class SessionLimitsMiddleware:
    """Signs out who was idle, or signed in, for longer than the settings allow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`, as an anonymous one if its session is over."""
        if request.user.is_authenticated:
            self._check(request, int(time.time()))
        return self.get_response(request)

    def _check(self, request: HttpRequest, now: int) -> None:
        session = request.session
        seen, began = session.get(SEEN, now), session.get(BEGAN, now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
            logout(request)
        elif SEEN not in session or now - seen >= NOTED_EVERY_SECONDS:
            session[SEEN], session[BEGAN] = now, began


class LoginMiddleware(LoginRequiredMiddleware):
    """Asks for a login wherever one is needed, and leads afterwards to a page, also when a form had been sent."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """Lead to the login: from a page back to it, from the address of a form to the page of that form."""
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        if request.path == reverse("accounts:logout"):
            return redirect_to_login("", self.get_login_url(view_func))
        messages.warning(request, UNSENT)
        return redirect_to_login(page_of_form(request) or _page_about(request), self.get_login_url(view_func))


def _page_about(request: HttpRequest) -> str:
    """Return the page of the customer whom a form was about, else the landing page."""
    number = request.resolver_match.kwargs.get("number") if request.resolver_match else None
    return reverse("customers:detail", args=[number]) if number else reverse("insights:overview")


class SecondFactorMiddleware:
    """Leads who lacks the second factor that their role needs to the page where they set it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let pass whoever needs none or has one."""
        user = request.user
        if not isinstance(user, User) or not lacks_second_factor(user):
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in WITHOUT_SECOND_FACTOR:
            return None
        if request.method != "GET":
            raise PermissionDenied
        return redirect("mfa_activate_totp")
