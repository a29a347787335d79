"""The endpoints: each reads its parameters, calls one selector, and serialises."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from spark_assets.contracts import RiskBand
from webportal.api.cards import sign_card
from webportal.api.endpoint import NUMBER, REFUSALS, Endpoint, current_snapshot, customer_of, note, token_of
from webportal.api.formats import GONE, NoSnapshot, TookTooLong
from webportal.api.openapi import operations_of
from webportal.api.parameters import CustomersParameters, read_parameters
from webportal.api.selectors import customers_page, history_of
from webportal.api.serializers import CustomerDetailSerializer, CustomerPageSerializer, SnapshotSerializer, told_of
from webportal.api.tokens import TokenAuthentication
from webportal.audit.models import Kind
from webportal.common.query_limits import TookTooLongError, at_most
from webportal.customers.listing.paging import ListGoneError

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


class PastScoreSerializer(serializers.Serializer[Any]):
    """What one snapshot says of a customer."""

    snapshot_id = serializers.IntegerField(help_text="The snapshot.")
    as_of_date = serializers.DateField(help_text="Last date in its logs.")
    model_version = serializers.CharField(allow_null=True, help_text="The model that scored; another one scores anew.")
    churn_probability = serializers.FloatField(allow_null=True, help_text="Null without a score.")
    risk_band = serializers.ChoiceField(
        choices=[band.value for band in RiskBand], allow_null=True, help_text="Null without a score."
    )


class HistorySerializer(serializers.Serializer[Any]):
    """The scores of a customer over the snapshots that are kept."""

    customer_number = serializers.CharField(help_text="Whose they are.")
    history = PastScoreSerializer(many=True, help_text="The newest first.")


class CardSerializer(serializers.Serializer[Any]):
    """Where a card is, and until when."""

    url = serializers.URLField(help_text="For a frame. Whoever has it sees the card, so show it to nobody else.")
    expires_at = serializers.DateTimeField(help_text="From then on it shows nothing.")


class HistoryEndpoint(Endpoint):
    """The scores of one customer over time."""

    @extend_schema(
        operation_id="get_customer_history", parameters=[NUMBER], responses={200: HistorySerializer, **REFUSALS}
    )
    def get(self, request: Request, number: str) -> Response:
        """What each kept snapshot says of the customer's score."""
        customer = customer_of(request, current_snapshot(), number)
        note(request, Kind.VIEWED, [customer])
        told = {"customer_number": number, "history": history_of(request.user, number)}
        return Response(HistorySerializer(told).data)


class CardEndpoint(Endpoint):
    """A card of one customer, for a frame in another system's page."""

    @extend_schema(
        operation_id="issue_customer_card",
        parameters=[NUMBER],
        request=None,
        responses={201: CardSerializer, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """A signed address of a small page about the customer; it expires soon, and with this token."""
        customer_of(request, current_snapshot(), number)
        expires_at = timezone.now() + timedelta(seconds=settings.CARD_LIFE_SECONDS)
        url = request.build_absolute_uri(reverse("crm:card", args=[sign_card(number, token_of(request))]))
        return Response(CardSerializer({"url": url, "expires_at": expires_at}).data, status.HTTP_201_CREATED)
