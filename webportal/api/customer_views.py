"""The endpoints about one customer beside the customer itself: history and card."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from spark_assets.contracts import RiskBand
from webportal.api.cards import sign_card
from webportal.api.endpoint import NUMBER, REFUSALS, Endpoint, current_snapshot, customer_of, note, token_of
from webportal.api.history import history_of
from webportal.audit.models import Kind


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
