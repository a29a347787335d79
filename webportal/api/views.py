"""The endpoints: each reads its parameters, calls one selector, and serialises."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from webportal.api.authentication import TokenAuthentication
from webportal.api.endpoint import NUMBER, REFUSALS, Endpoint, current_snapshot, customer_of, note
from webportal.api.parameters import CustomersParameters, read_parameters
from webportal.api.problems import GONE, NoSnapshot, TookTooLong
from webportal.api.reference import operations_of
from webportal.api.selectors import customers_page
from webportal.api.serializers import CustomerDetailSerializer, CustomerPageSerializer, SnapshotSerializer
from webportal.api.telling import told_of
from webportal.audit.models import Kind
from webportal.common.patience import TookTooLongError, at_most
from webportal.customers.listing import ListGoneError

MILLISECONDS = 5_000


class CustomersEndpoint(Endpoint):
    """The customers that the token's owner may see."""

    @extend_schema(
        operation_id="list_customers",
        parameters=[CustomersParameters],
        responses={200: CustomerPageSerializer, **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """Customers by number, name, band, level, place or last visit, a page at a time."""
        wanted = read_parameters(request)
        try:
            with at_most(MILLISECONDS):
                page = customers_page(request.user, wanted)
        except TookTooLongError:
            raise TookTooLong from None
        except ListGoneError:
            raise ValidationError({"after": [GONE]}) from None
        if page is None:
            raise NoSnapshot
        note(request, Kind.SEARCHED, page.customers)
        return Response(CustomerPageSerializer(page).data)


class CustomerEndpoint(Endpoint):
    """One customer."""

    @extend_schema(
        operation_id="get_customer", parameters=[NUMBER], responses={200: CustomerDetailSerializer, **REFUSALS}
    )
    def get(self, request: Request, number: str) -> Response:
        """The customer with exactly this number, in the current snapshot, and what the score rests on."""
        snapshot = current_snapshot()
        customer = customer_of(request, snapshot, number)
        note(request, Kind.VIEWED, [customer])
        return Response(CustomerDetailSerializer(told_of(customer, snapshot)).data)


class SnapshotEndpoint(Endpoint):
    """The current snapshot."""

    @extend_schema(operation_id="get_snapshot", responses={200: SnapshotSerializer, **REFUSALS})
    def get(self, request: Request) -> Response:
        """What the scores were computed from, by which model, and when they were published."""
        return Response(SnapshotSerializer(current_snapshot()).data)


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
