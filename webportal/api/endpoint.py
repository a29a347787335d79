"""What all endpoints share: limits, what a refusal looks like, and the note in the audit."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.exceptions import NotFound, PermissionDenied, Throttled
from rest_framework.request import Request
from rest_framework.views import APIView

from webportal.accounts.models import User
from webportal.api.formats import NoSnapshot
from webportal.api.models import ApiToken
from webportal.api.serializers import Error
from webportal.api.tokens import wait_of_address, wait_of_token
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.customer_numbers import is_wellformed
from webportal.common.localization import PLAIN
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import get_current_snapshot, get_customer
from webportal.desk.selectors import may_work

NUMBER = OpenApiParameter(
    "number",
    str,
    OpenApiParameter.PATH,
    description="The customer's number, percent-encoded or as the links of the portal write it.",
)
REFUSALS = {
    400: OpenApiResponse(Error, "A parameter is wrong, or there is none of this name."),
    401: OpenApiResponse(Error, "There is no token, or it opens nothing."),
    404: OpenApiResponse(Error, "There is no such thing, or it is not for this token's owner."),
    429: OpenApiResponse(Error, "Too many requests: wait for the seconds of the header Retry-After."),
}


class Endpoint(APIView):
    """An address of the API: limits first by address, then signs in, then limits by token.

    It writes days and numbers in sentences the same for all: a program is of no region, whatever it says it accepts.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - as below
        """Answer plainly."""
        with translation.override(PLAIN):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - whatever the route gives
        """Refuse before anything is looked up; guessing tokens counts as asking."""
        _refuse_if(wait_of_address(request))
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, ApiToken):
            _refuse_if(wait_of_token(request.auth))


def _refuse_if(wait: int | None) -> None:
    if wait is not None:
        raise Throttled(wait)


def token_of(request: Request) -> ApiToken:
    """Return the token that a request came with."""
    token = request.auth
    assert isinstance(token, ApiToken)  # noqa: S101 - nobody else signs in here
    return token


def worker_of(request: Request) -> User:
    """Return the token's owner; raise `PermissionDenied` for who does not work at the desk, as analysts."""
    owner = token_of(request).owner
    if not may_work(owner):
        raise PermissionDenied("Contacts are for those who work at the desk.")
    return owner


def note(request: Request, kind: Kind, customers: Sequence[CustomerColumns]) -> None:
    """Write down who was shown, as pages do, and by which token."""
    details = {"token": request.auth.prefix} if isinstance(request.auth, ApiToken) else {}
    record(kind, subjects=[customer.customer_number for customer in customers], details=details)


def current_snapshot() -> Snapshot:
    """Return the snapshot that readers see; raise `NoSnapshot` before the first publish."""
    snapshot = get_current_snapshot()
    if snapshot is None:
        raise NoSnapshot
    return snapshot


def customer_of(request: Request, snapshot: Snapshot, number: str) -> CustomerColumns:
    """Return the customer with exactly this number; raise `NotFound` when there is none for the token's owner."""
    customer = get_customer(request.user, snapshot, number) if is_wellformed(number) else None
    if customer is None:
        raise NotFound("There is no customer of this number.", "no_customer")
    return customer
