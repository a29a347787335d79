"""Pages and JSON for refusals and errors, and the liveness probe."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from webportal.common.presentation import page_of_form

API_PATHS = "/api/"

_CODES = {
    400: ("malformed", "The request cannot be read."),
    413: ("too_large", "The request is larger than anything this portal takes."),
    500: ("failure", "The portal could not answer. The failure has been written to its log."),
    503: ("unavailable", "The portal cannot reach its database just now. Try again in half a minute."),
}


def error_body(code: str, message: str, fields: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """Return the body of an API error: a word for programs, a sentence for people, and what is wrong by field."""
    return {
        "error": {
            "code": code,
            "message": message,
            "fields": {name: list(each) for name, each in (fields or {}).items()},
        }
    }


def refuse(request: HttpRequest, status: int, fields: Mapping[str, Sequence[str]] | None = None) -> HttpResponse:
    """Return the answer of this status, one of 400, 413, 500 and 503.

    The page is rendered without the request: the frame of other pages would ask the database.
    """
    if request.path_info.startswith(API_PATHS):
        return JsonResponse(error_body(*_CODES[status], fields), status=status)
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


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
