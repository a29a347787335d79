"""Ends sessions in time, and keeps who needs a second factor from everything until they have one."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from webportal.accounts.backends import lacks_second_factor
from webportal.accounts.models import User

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
def _begin(request: HttpRequest, **_: object) -> None:
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
