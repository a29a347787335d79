"""Liveness, and the pages for what went wrong."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from webportal.common.forms import page_of_form
from webportal.common.refusals import refuse

UNAVAILABLE_RETRY_SECONDS = "30"


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; reveals nothing and asks no database."""
    return HttpResponse("ok", content_type="text/plain")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that this page is not for this user."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that there is no such page; a visitor who is not signed in learns nothing but where to sign in."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that the request cannot be read."""
    return refuse(request, 400)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show that a form is too old to be sent, and lead back to it; `reason` is Django's, for its log."""
    page = render_to_string("403_csrf.html", {"back": page_of_form(request)})
    return HttpResponse(page, status=403)


def failure(request: HttpRequest) -> HttpResponse:
    """Show that the portal failed, or that its database cannot be reached."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = refuse(request, 503)
        response.headers["Retry-After"] = UNAVAILABLE_RETRY_SECONDS
        return response
    return refuse(request, 500)
