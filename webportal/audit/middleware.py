"""Remembers the request for the audit, and writes down every refusal, whoever refused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from webportal.audit.models import Kind
from webportal.audit.services import current_request, record

FORBIDDEN = 403


class AuditMiddleware:
    """Stands right after the user is known, so that it sees the refusals of all that comes after."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request` with it in the audit's hands."""
        token = current_request.set(request)
        try:
            response = self.get_response(request)
            if response.status_code == FORBIDDEN:
                record(Kind.REFUSED, request=request, details={"method": request.method})
            return response
        finally:
            current_request.reset(token)
