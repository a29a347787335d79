"""Errors of the API as JSON: a word for programs, a sentence for people, and what is wrong by field."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from webportal.common.refusals import error_body

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
    elif isinstance(failure, PermissionDenied):
        failure = exceptions.PermissionDenied()
    assert isinstance(failure, exceptions.APIException)  # noqa: S101 - the framework's handler answers to no other
    return str(failure.get_codes()), str(failure.detail)


def _fields(data: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: [str(message) for message in messages] for name, messages in data.items()}
