"""Headers on each response, and requests that are not worth answering."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from webportal.common.bodies import BROKEN_BODY
from webportal.common.error_pages import refuse
from webportal.common.headers import guards_of

Answer = Callable[[HttpRequest], HttpResponse]


class SecurityHeadersMiddleware:
    """The outermost middleware: headers that keep a page from loading from, or telling, another host."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request` and add the headers; what says nothing of caching is kept nowhere."""
        response = self.get_response(request)
        response.headers.pop("X-Frame-Options", None)  # Django's own, which knows nothing of the card
        for name, value in guards_of(request.path_info, settings.EMBED_HOSTS).items():
            response.headers[name] = value
        # The next person at this desk must not find a customer by the Back button.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class FormAddressMiddleware:
    """Gives an address that takes forms alone a page for who opens it in a browser: Django's 405 is empty."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`; status and headers of a refusal stay."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET" and not response.content:
            response.content = render_to_string("405.html").encode()
            response.headers["Content-Length"] = str(len(response.content))  # in place of that of the empty answer
        return response


class RequestLimitsMiddleware:
    """Turns away what no browser and no client of the API sends, before anything reads it.

    Django bounds a form's fields, but neither an uploaded file nor a body that nobody asked for; and PostgreSQL has
    no character NUL, so that one in a search or a cookie would end as an error of ours.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`, unless it is too large (413) or holds the character NUL (400)."""
        if request.META.get(BROKEN_BODY):
            return refuse(request, 400, {"body": ["Its chunks break off, or are none."]})
        if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return refuse(request, 413)
        holders = _holders_of_nul(request)
        if holders:
            return refuse(request, 400, {name: ["The character NUL is not allowed."] for name in holders})
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    """Return the length of the body as announced; one that is no number counts as none, as Django reads it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _holders_of_nul(request: HttpRequest) -> list[str]:
    """Return the names of the parameters and cookies that hold the character, or `path`."""
    query = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True, errors="replace")
    pairs = [("path", request.path_info), *query, *request.COOKIES.items()]
    return [name.replace("\0", "") for name, value in pairs if "\0" in name + value]
