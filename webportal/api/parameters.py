"""The parameters of lists, checked one by one before anything is asked of the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from spark_assets.contracts import RiskBand
from spark_assets.contracts.limits import MAX_NUMBER_LENGTH
from webportal.api.selectors import ORDERS, Wanted
from webportal.common.values import MAX_LENGTHS
from webportal.customers.listing import paging
from webportal.customers.listing.paging import POSITION_TYPES, Order, Position
from webportal.desk.selectors import ContactPlace

MOST = 200
USUAL = 50
CURSOR_SALT = "encore.api.cursor"
CONTACTS_SALT = "encore.api.contacts"
CONTACTS_TYPES = (str, str, int)
"""What a cursor of contacts holds: customer number, time in ISO 8601, id of the contact."""
LONGEST_SEARCH = 100
PLAIN = r"^[^\u0000-\u001f]+$"


class CursorField(serializers.CharField):
    """Where a page begins: signed by us for the list of this `salt`, so that it says only what we said."""

    default_error_messages = {"cursor": "This is no `next` of an answer of the last day. Begin again without it."}

    def __init__(self, *, salt: str, types: Sequence[type], **kwargs: Any) -> None:  # noqa: ANN401 - a field's own
        super().__init__(required=False, max_length=paging.LONGEST, **kwargs)
        self.salt = salt
        self.types = types

    def to_internal_value(self, data: str) -> list[Any]:  # type: ignore[override] # text outside, values inside
        """Return the values; refuse what `cursors.read_cursor` refuses."""
        text = super().to_internal_value(data)
        try:
            return paging.read_cursor(text, self.salt, self.types)
        except paging.BadCursorError:
            self.fail("cursor")


class Known(serializers.Serializer[Any]):
    """Takes what it names and nothing else: what is not known would be ignored in silence."""

    unknown = "There is no such parameter."

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what does not exist, by name."""
        unknown = sorted(set(self.initial_data) - set(self.fields))
        if unknown:
            raise serializers.ValidationError({name: [self.unknown] for name in unknown})
        return attrs


class CustomersParameters(Known):
    """Parameters of `GET /api/v1/customers/`."""

    q = serializers.RegexField(
        PLAIN,
        required=False,
        max_length=LONGEST_SEARCH,
        trim_whitespace=False,
        help_text="A search, as in the box of the portal's pages: the beginning of a number in any writing, or of the "
        "words of a name. It has one page, the nearest kind of match first, and takes neither `order` nor `after`.",
    )
    number_prefix = serializers.RegexField(
        PLAIN,
        required=False,
        max_length=MAX_NUMBER_LENGTH,
        help_text="Only customers whose number begins so.",
        error_messages={"invalid": "No customer number begins so: control characters are none of its signs."},
    )
    band = serializers.ChoiceField(
        required=False, choices=[band.value for band in RiskBand], help_text="Only customers in this risk band."
    )
    level = serializers.RegexField(
        PLAIN,
        required=False,
        max_length=MAX_LENGTHS["level"],
        trim_whitespace=False,
        help_text="Only customers of this level as the logs write it (free, paid, family), or of none (unknown).",
    )
    place = serializers.RegexField(
        PLAIN,
        required=False,
        max_length=MAX_LENGTHS["location"],
        trim_whitespace=False,
        help_text="Only customers of this place as it is written (Bozeman, MT), of a state or region alone (MT), "
        "or of none (unknown).",
    )
    risen = serializers.BooleanField(
        required=False,
        help_text="Only customers whose band has risen since the as-of date before, or only the others.",
    )
    last_seen_from = serializers.DateField(
        required=False, help_text="Only customers last seen on this UTC day or later."
    )
    last_seen_before = serializers.DateField(required=False, help_text="Only customers last seen before this UTC day.")
    order = serializers.ChoiceField(
        default=Order.NUMBER.value,
        choices=[order.value for order in ORDERS],
        help_text="By number, highest risk first, or last seen first.",
    )
    limit = serializers.IntegerField(default=USUAL, min_value=1, max_value=MOST, help_text="Customers in one answer.")
    after = CursorField(
        salt=CURSOR_SALT,
        types=POSITION_TYPES,
        help_text="The `next` of the answer before: the page goes on there, in the same snapshot.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse parameters that do not exist, and a page of another order."""
        attrs = super().validate(attrs)
        for name in ("order", "after"):
            if "q" in attrs and name in self.initial_data:
                raise serializers.ValidationError({name: ["A search has one page, in an order of its own."]})
        after = _position(attrs)
        if after and after.order != attrs["order"]:
            raise serializers.ValidationError({"after": ["This page was in another order."]})
        return attrs


class ContactsParameters(Known):
    """Parameters of `GET /api/v1/customers/{number}/contacts/`."""

    limit = serializers.IntegerField(default=USUAL, min_value=1, max_value=MOST, help_text="Contacts in one answer.")
    after = CursorField(
        salt=CONTACTS_SALT,
        types=CONTACTS_TYPES,
        help_text="The `next` of the answer before, about this customer: the page goes on there.",
    )


def read_parameters(request: Request) -> Wanted:
    """Return what is wanted; raise `ValidationError` naming each parameter that is wrong."""
    found = _checked(CustomersParameters, request)
    return Wanted(
        order=Order(found["order"]),
        limit=found["limit"],
        asked=found.get("q"),
        prefix=found.get("number_prefix"),
        band=found.get("band"),
        level=found.get("level"),
        place=found.get("place"),
        risen=found.get("risen"),
        seen_from=found.get("last_seen_from"),
        seen_before=found.get("last_seen_before"),
        after=_position(found),
    )


def read_contacts_parameters(request: Request, number: str) -> tuple[int, ContactPlace | None]:
    """Return how many contacts are wanted and behind which; raise `ValidationError` naming what is wrong."""
    found = _checked(ContactsParameters, request)
    if "after" not in found:
        return found["limit"], None
    of, at, key = found["after"]
    if of != number:
        raise serializers.ValidationError({"after": ["This page was of another customer."]})
    return found["limit"], ContactPlace(datetime.fromisoformat(at), key)


def write_cursor(position: Position) -> str:
    """Return the text by which a list of customers goes on behind `position`."""
    return paging.write_cursor(list(position), CURSOR_SALT)


def write_contact_cursor(number: str, place: ContactPlace) -> str:
    """Return the text by which the list of a customer's contacts goes on behind `place`."""
    return paging.write_cursor([number, place.at.isoformat(), place.id], CONTACTS_SALT)


def _checked(parameters: type[Known], request: Request) -> dict[str, Any]:
    asked = parameters(data=request.query_params.dict())  # a plain one: what is empty is wrong, too
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _position(found: dict[str, Any]) -> Position | None:
    return Position(*found["after"]) if "after" in found else None
