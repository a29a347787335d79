"""Contacts by the API: the fields of the desk's form, by the same rules."""

import re
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from spark_assets.contracts import RiskBand
from webportal.accounts.models import DeskSettings, User
from webportal.api.endpoint import NUMBER, REFUSALS, Endpoint, current_snapshot, customer_of, note, token_of, worker_of
from webportal.api.parameters import ContactsParameters, Known, read_contacts_parameters, write_contact_cursor
from webportal.api.serializers import Error
from webportal.audit.models import Kind
from webportal.desk.errors import DeskRefusalError
from webportal.desk.forms import check_contact_time
from webportal.desk.models import Channel, Contact, Outcome, Reason
from webportal.desk.models.contacts import LONGEST_OFFER, LONGEST_WORDS
from webportal.desk.selectors import contacts_page, fatigue_of
from webportal.desk.services.contacts import is_what_was_told, record_contact

ANY_TEXT = r"^[^\u0000]*$"
"""All but the one sign that PostgreSQL cannot hold."""
BANDS = [band.value for band in RiskBand]


class NewContactSerializer(Known):
    """A contact that was had."""

    unknown = "There is no such field."

    channel = serializers.ChoiceField(choices=Channel.values, help_text="Who turned to whom, and how.")
    outcome = serializers.ChoiceField(choices=Outcome.values, help_text="What came of it.")
    offered = serializers.RegexField(
        ANY_TEXT,
        default="",
        allow_blank=True,
        max_length=LONGEST_OFFER,
        help_text="What was offered; nothing by default.",
    )
    reason = serializers.ChoiceField(
        default=None,
        choices=Reason.values,
        allow_null=True,
        help_text="Why the customer stays or goes, in their own view; null for what was not said.",
    )
    words = serializers.RegexField(
        ANY_TEXT, default="", allow_blank=True, max_length=LONGEST_WORDS, help_text="In words, for the next agent."
    )
    at = serializers.DateTimeField(
        default=None,
        allow_null=True,
        validators=[check_contact_time],
        help_text="When, if not now: within the last 30 days; UTC where no offset is named.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse fields that do not exist; write what was not said as the desk's form does."""
        attrs = super().validate(attrs)
        return {**attrs, "reason": attrs["reason"] or ""}


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A contact, with the score that whoever recorded it saw."""

    agent = serializers.SlugRelatedField[Any](
        slug_field="username", read_only=True, allow_null=True, help_text="User name; null for a former user."
    )
    channel = serializers.ChoiceField(choices=Channel.values, help_text="Who turned to whom, and how.")
    outcome = serializers.ChoiceField(choices=Outcome.values, help_text="What came of it.")
    reason = serializers.SerializerMethodField(help_text="In the customer's own view; null for what was not said.")
    risk_band = serializers.ChoiceField(choices=BANDS, allow_null=True, help_text="Its band then.")

    class Meta:
        model = Contact
        fields = (
            "id",
            "at",
            "agent",
            "channel",
            "offered",
            "outcome",
            "reason",
            "words",
            "recorded_at",
            "corrects",
            "standing",
            "held_out",
            "snapshot_id",
            "as_of_date",
            "model_version",
            "churn_probability",
            "risk_band",
        )
        read_only_fields = fields
        extra_kwargs = {
            "id": {"help_text": "By which a correction names it."},
            "at": {"help_text": "When it was."},
            "offered": {"help_text": "Empty for nothing."},
            "words": {"help_text": "In words."},
            "recorded_at": {"help_text": "When it was first written down."},
            "corrects": {"help_text": "The contact that it corrects; null for none."},
            "standing": {"help_text": "Whether it counts: false once it was corrected or withdrawn."},
            "held_out": {"help_text": "Whether the customer was in the hold-out group."},
            "snapshot_id": {"help_text": "The snapshot that was current."},
            "as_of_date": {"help_text": "Last date in its logs."},
            "model_version": {"help_text": "The model that had scored; null for none."},
            "churn_probability": {"help_text": "As it was then; null without a score."},
        }

    @extend_schema_field(serializers.ChoiceField(choices=Reason.values, allow_null=True))
    def get_reason(self, contact: Contact) -> str | None:
        """Return the reason, or None for what was not said."""
        return contact.reason or None


class FatigueSerializer(serializers.Serializer[Any]):
    """That a customer was in contact often lately."""

    contacts = serializers.IntegerField(help_text="Contacts that reached the customer.")
    within_days = serializers.IntegerField(source="days", help_text="Within so many days.")
    days_ago = serializers.IntegerField(help_text="How many days ago the last of them was; 0 is today.")
    last = ContactSerializer(help_text="That contact.")


class ContactPageSerializer(serializers.Serializer[Any]):
    """One page of a customer's contacts, the newest first."""

    customer_number = serializers.CharField(help_text="Whose they are.")
    fatigue = FatigueSerializer(
        allow_null=True, help_text="A notice, once there were as many contacts as the desk's settings say; else null."
    )
    next = serializers.CharField(allow_null=True, help_text="Parameter `after` of the next page; null on the last one.")
    contacts = ContactSerializer(many=True, help_text="Those that stand.")


KEY = "Idempotency-Key"
KEY_SHAPE = r"^[!-~]{1,200}$"
HOW_KEYS_LOOK = "1 to 200 signs without spaces, new for each contact: a UUID will do."
WORKERS_REFUSALS = {
    **REFUSALS,
    403: OpenApiResponse(Error, "The token's owner does not work at the desk, as analysts."),
}


class KeyUsed(APIException):
    """A key came with another contact before."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "This key came with another contact before. Nothing was written: send this one with a new key."
    default_code = "key_used"


class ContactsEndpoint(Endpoint):
    """The contacts of one customer."""

    @extend_schema(
        operation_id="list_customer_contacts",
        parameters=[NUMBER, ContactsParameters],
        responses={200: ContactPageSerializer, **WORKERS_REFUSALS},
    )
    def get(self, request: Request, number: str) -> Response:
        """The contacts that were had with the customer so far, the newest first, a page at a time."""
        worker_of(request)
        limit, behind = read_contacts_parameters(request, number)
        customer = customer_of(request, current_snapshot(), number)
        contacts, further = contacts_page(number, behind, limit)
        note(request, Kind.VIEWED, [customer])
        page = {
            "customer_number": number,
            "fatigue": fatigue_of(number, DeskSettings.current(), timezone.now()),
            "next": write_contact_cursor(number, further) if further else None,
            "contacts": contacts,
        }
        return Response(ContactPageSerializer(page).data)

    @extend_schema(
        operation_id="record_customer_contact",
        parameters=[
            NUMBER,
            OpenApiParameter(
                KEY,
                {"type": "string", "pattern": KEY_SHAPE},
                OpenApiParameter.HEADER,
                required=True,
                description=f"{HOW_KEYS_LOOK} A contact that is sent again with its key is written once.",
            ),
        ],
        request=NewContactSerializer,
        responses={
            201: OpenApiResponse(ContactSerializer, "It was recorded."),
            200: OpenApiResponse(ContactSerializer, "It was recorded before, with this key."),
            **WORKERS_REFUSALS,
            409: OpenApiResponse(Error, "The key came with another contact before."),
        },
    )
    def post(self, request: Request, number: str) -> Response:
        """Record a contact by the token's owner; it closes the customer's tasks, as on the customer's page."""
        agent = worker_of(request)
        token = _token_of_key(request, agent)
        wanted = NewContactSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        told, snapshot = wanted.validated_data, current_snapshot()
        customer = customer_of(request, snapshot, number)
        prefix = token_of(request).prefix
        try:
            contact, is_new = record_contact(
                agent=agent, customer=customer, snapshot=snapshot, token=token, told=told, by_token=prefix
            )
        except DeskRefusalError:
            raise KeyUsed from None
        if not is_new and not is_what_was_told(contact, told):
            raise KeyUsed
        return Response(ContactSerializer(contact).data, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


def _token_of_key(request: Request, agent: User) -> UUID:
    """Return what stands in for the token of a form: the same for a key of the same user, whatever program sends it."""
    key = request.headers.get(KEY, "")
    if not re.fullmatch(KEY_SHAPE, key):
        raise ValidationError({KEY: [f"Send this header: {HOW_KEYS_LOOK}"]})
    return uuid5(NAMESPACE_OID, f"encore.api.contact {agent.pk} {key}")
