"""Formats of requests and responses: JSON alone, and errors as problems. The framework imports it by name."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from webportal.common.error_pages import error_body


class JsonAlone(BaseContentNegotiation):
    """Takes the one renderer there is: an `Accept` that nobody can meet is no reason to tell nothing."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """Return the first parser."""
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer and its media type."""
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class JsonBody(JSONParser):
    """JSON that ends as a refusal however deep it is nested, and in whatever encoding it says that it is."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 - JSON is any
        """Return what the body says; raise `ParseError` for what cannot be read as JSON in UTF-8."""
        try:
            return super().parse(stream, media_type, {**(parser_context or {}), "encoding": "utf-8"})
        except RecursionError:
            raise ParseError("JSON is nested too deep.") from None


INVALID = "A parameter is wrong: see the fields."
GONE = "The customer whom this page goes on behind is gone. Begin again without it."


class NoSnapshot(exceptions.NotFound):
    """Nothing has been published yet."""

    default_detail = "No snapshot has been published yet."
    default_code = "no_snapshot"


class TookTooLong(exceptions.APIException):
    """The database was not waited for any longer."""

    status_code = 503
    default_detail = "So few customers meet this that finding them takes too long. Ask for fewer filters, or by number."
    default_code = "took_too_long"


def problem_of(failure: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to `failure`, or None for one that is ours: Django then logs it and answers 500."""
    response: Response | None = exception_handler(failure, context)
    if response is None:
        return None
    if isinstance(failure, exceptions.ValidationError):
        response.data = error_body("invalid", INVALID, _fields(response.data))
    else:
        code, message = _said(failure)
        response.data = error_body(code, message)
    return response


def _said(failure: Exception) -> tuple[str, str]:
    if isinstance(failure, Http404):
        failure = exceptions.NotFound()
    elif isinstance(failure, DjangoPermissionDenied):
        failure = exceptions.PermissionDenied()
    assert isinstance(failure, exceptions.APIException)  # noqa: S101 - the framework's handler answers to no other
    return str(failure.get_codes()), str(failure.detail)


def _fields(data: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: [str(message) for message in messages] for name, messages in data.items()}
