"""Answers that say no, before or outside of any view: a page for people, JSON for the API."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

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
