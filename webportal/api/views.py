"""The endpoints: each reads its parameters, calls one selector, and serialises."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound, Throttled
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webportal.api.authentication import TokenAuthentication
from webportal.api.limits import wait_of_address, wait_of_token
from webportal.api.models import ApiToken
from webportal.api.parameters import CustomersParameters, read_parameters
from webportal.api.problems import NoSnapshot
from webportal.api.reference import operations_of
from webportal.api.selectors import customers_page
from webportal.api.serializers import CustomerDetailSerializer, CustomerPageSerializer, Error, SnapshotSerializer
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.customers.models import CustomerColumns
from webportal.customers.numbers import is_wellformed
from webportal.customers.selectors import get_current_snapshot, get_customer

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="The customer's number, whole.")
REFUSALS = {
    400: OpenApiResponse(Error, "A parameter is wrong, or there is none of this name."),
    401: OpenApiResponse(Error, "There is no token, or it opens nothing."),
    404: OpenApiResponse(Error, "There is no such thing, or it is not for this token's owner."),
    429: OpenApiResponse(Error, "Too many requests: wait for the seconds of the header Retry-After."),
}


class Endpoint(APIView):
    """An address of the API: limits first by address, then signs in, then limits by token."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - whatever the route gives
        """Refuse before anything is looked up; guessing tokens counts as asking."""
        _refuse_if(wait_of_address(request))
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, ApiToken):
            _refuse_if(wait_of_token(request.auth))


def _refuse_if(wait: int | None) -> None:
    if wait is not None:
        raise Throttled(wait)


def _note(request: Request, kind: Kind, customers: Sequence[CustomerColumns]) -> None:
    """Write down who was shown, as pages do, and by which token."""
    details = {"token": request.auth.prefix} if isinstance(request.auth, ApiToken) else {}
    record(kind, subjects=[customer.customer_number for customer in customers], details=details)


class CustomersEndpoint(Endpoint):
    """The customers that the token's owner may see."""

    @extend_schema(
        operation_id="list_customers",
        parameters=[CustomersParameters],
        responses={200: CustomerPageSerializer, **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """Customers by the beginning of their number, by band or by level, a page at a time."""
        page = customers_page(request.user, read_parameters(request))
        if page is None:
            raise NoSnapshot
        _note(request, Kind.SEARCHED, page.customers)
        return Response(CustomerPageSerializer(page).data)


class CustomerEndpoint(Endpoint):
    """One customer."""

    @extend_schema(
        operation_id="get_customer", parameters=[NUMBER], responses={200: CustomerDetailSerializer, **REFUSALS}
    )
    def get(self, request: Request, number: str) -> Response:
        """The customer with exactly this number, in the current snapshot."""
        snapshot = get_current_snapshot()
        if snapshot is None:
            raise NoSnapshot
        customer = get_customer(request.user, snapshot, number) if is_wellformed(number) else None
        if customer is None:
            raise NotFound("There is no customer of this number.", "no_customer")
        _note(request, Kind.VIEWED, [customer])
        return Response(CustomerDetailSerializer({"snapshot": snapshot, "customer": customer}).data)


class SnapshotEndpoint(Endpoint):
    """The current snapshot."""

    @extend_schema(operation_id="get_snapshot", responses={200: SnapshotSerializer, **REFUSALS})
    def get(self, request: Request) -> Response:
        """What the scores were computed from, by which model, and when they were published."""
        snapshot = get_current_snapshot()
        if snapshot is None:
            raise NoSnapshot
        return Response(SnapshotSerializer(snapshot).data)


class NothingEndpoint(Endpoint):
    """Each address under `/api/` that is none: JSON there too."""

    @extend_schema(exclude=True)
    def get(self, request: Request, **_: str) -> Response:
        """Say so."""
        raise NotFound("There is no such address.")


class SchemaEndpoint(SpectacularJSONAPIView, Endpoint):
    """The OpenAPI document, for programs with a token and for people who are signed in."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    renderer_classes = [JSONRenderer]


def reference(request: HttpRequest) -> HttpResponse:
    """Show the OpenAPI document to people, as a plain page: no script, and nothing from another host."""
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call] # untyped library
    context = {"info": document["info"], "operations": operations_of(document)}
    return render(request, "api/reference.html", context)
