"""The parameters of the list of customers, checked one by one before anything is asked of the database."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from spark_assets.contracts import RiskBand
from webportal.api.selectors import ORDERS, Wanted
from webportal.customers import cursors
from webportal.customers.listing import Position
from webportal.customers.numbers import LONGEST
from webportal.customers.ordering import Order

MOST = 200
USUAL = 50
CURSOR_SALT = "encore.api.cursor"
LONGEST_SEARCH = 100
LONGEST_PLACE = 200
PLAIN = r"^[^\u0000-\u001f]+$"
SHAPE = r"^[0-9A-Za-z._:@-]+$"
"""Signs of a customer number, see `webportal.customers.numbers`; written so that other languages read it too."""


class CursorField(serializers.CharField):
    """Where a page begins: signed by us, so that it says only what we said."""

    default_error_messages = {"cursor": "This is no `next` of an answer of the last day. Begin again without it."}

    def to_internal_value(self, data: str) -> Position:  # type: ignore[override] # text outside, a position inside
        """Return the position; refuse text that we did not sign, or not within `cursors.LIFE_SECONDS`."""
        text = super().to_internal_value(data)
        try:
            return Position(*cursors.read_cursor(text, CURSOR_SALT))
        except cursors.BadCursorError:
            self.fail("cursor")


class CustomersParameters(serializers.Serializer[Wanted]):
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
        SHAPE,
        required=False,
        max_length=LONGEST,
        help_text="Only customers whose number begins so.",
        error_messages={"invalid": "No customer number begins so: letters, digits and . _ : @ - only."},
    )
    band = serializers.ChoiceField(
        required=False, choices=[band.value for band in RiskBand], help_text="Only customers in this risk band."
    )
    level = serializers.ChoiceField(
        required=False, choices=["free", "paid"], help_text="Only customers of this subscription level."
    )
    place = serializers.RegexField(
        PLAIN,
        required=False,
        max_length=LONGEST_PLACE,
        trim_whitespace=False,
        help_text="Only customers of this place as it is written (Bozeman, MT), or of a state or region alone (MT).",
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
        required=False,
        max_length=cursors.LONGEST,
        help_text="The `next` of the answer before: the page goes on there, in the same snapshot.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse parameters that do not exist, and a page of another order: both would be ignored in silence."""
        unknown = sorted(set(self.initial_data) - set(self.fields))
        if unknown:
            raise serializers.ValidationError({name: ["There is no such parameter."] for name in unknown})
        for name in ("order", "after"):
            if "q" in attrs and name in self.initial_data:
                raise serializers.ValidationError({name: ["A search has one page, in an order of its own."]})
        after: Position | None = attrs.get("after")
        if after and after.order != attrs["order"]:
            raise serializers.ValidationError({"after": ["This page was in another order."]})
        return attrs


def read_parameters(request: Request) -> Wanted:
    """Return what is wanted; raise `ValidationError` naming each parameter that is wrong."""
    parameters = CustomersParameters(data=request.query_params.dict())  # a plain one: what is empty is wrong, too
    parameters.is_valid(raise_exception=True)
    found = parameters.validated_data
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
        after=found.get("after"),
    )


def write_cursor(position: Position) -> str:
    """Return the text that `CursorField` reads back."""
    return cursors.write_cursor(list(position), CURSOR_SALT)
