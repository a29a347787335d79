"""The endpoint of a customer's contacts: those so far, and recording one, as the desk's panel does."""

import re
from uuid import NAMESPACE_OID, UUID, uuid5

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from webportal.accounts.models import DeskSettings, User
from webportal.api.contact_serializers import ContactPageSerializer, ContactSerializer, NewContactSerializer
from webportal.api.endpoint import NUMBER, REFUSALS, Endpoint, current_snapshot, customer_of, note, token_of, worker_of
from webportal.api.parameters import ContactsParameters, read_contacts_parameters, write_contact_cursor
from webportal.api.serializers import Error
from webportal.audit.models import Kind
from webportal.desk.errors import DeskRefusalError
from webportal.desk.selectors import contacts_page, fatigue_of
from webportal.desk.services.contacts import is_what_was_told, record_contact

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
