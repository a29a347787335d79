"""Serializers of customers and snapshots, with the grounds of a score."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from spark_assets.contracts import CUSTOMER_SNAPSHOT, OPEN_TO_API, SNAPSHOT, RiskBand
from webportal.api.parameters import write_cursor
from webportal.api.selectors import CustomerPage
from webportal.customers.detail.explanation import ChangeReading, Explanation, read_change, read_explanation
from webportal.customers.detail.risk import Fit, OfAHundred, read_of_a_hundred
from webportal.customers.detail.warnings import Warned, read_doubts
from webportal.customers.models import CustomerColumns, CustomerSnapshot, Snapshot


@dataclass(frozen=True)
class Told:
    """A customer with everything that is said of the score."""

    snapshot: Snapshot
    customer: CustomerColumns
    explanation: Explanation | None
    change: ChangeReading | None
    doubts: tuple[Warned, ...]
    of_a_hundred: OfAHundred | None


def told_of(customer: CustomerColumns, snapshot: Snapshot) -> Told:
    """Return what is said of a customer's score today."""
    return Told(
        snapshot,
        customer,
        read_explanation(customer, snapshot),
        read_change(customer, snapshot),
        read_doubts(customer, snapshot, timezone.now().date()),
        read_of_a_hundred(customer, snapshot),
    )


class ReasonSerializer(serializers.Serializer[Any]):
    """One topic's part in a score."""

    topic = serializers.CharField(help_text="What it is about.")
    sentence = serializers.CharField(help_text="With the customer's own figure and what is typical.")
    raises = serializers.BooleanField(help_text="Whether it raises the probability; else it lowers it.")
    points = serializers.FloatField(help_text="By about how many percentage points, without a sign.")


class ExplanationSerializer(serializers.Serializer[Any]):
    """Why a customer has this probability."""

    base_percent = serializers.FloatField(help_text="Where nothing is known of a customer.")
    reasons = ReasonSerializer(source="parts", many=True, help_text="The weightiest first.")
    others_raise = serializers.BooleanField(help_text="Whether all other topics together raise the probability.")
    others_points = serializers.FloatField(help_text="By about how many percentage points, without a sign.")


class MoveSerializer(serializers.Serializer[Any]):
    """A topic whose part in the score moved."""

    topic = serializers.CharField(help_text="What it is about.")
    sentence = serializers.CharField(help_text="The old and the new figure.")
    up = serializers.BooleanField(help_text="Whether that brought the probability up.")


class ChangeSerializer(serializers.Serializer[Any]):
    """What changed since the as-of date before."""

    since = serializers.DateField(help_text="That as-of date.")
    comparable = serializers.BooleanField(help_text="Whether the same model scored then and now.")
    was_percent = serializers.FloatField(source="was", allow_null=True, help_text="Then; null without a score.")
    difference = serializers.FloatField(help_text="Now minus then, in percentage points.")
    moved = MoveSerializer(many=True, help_text="What moved it most.")


class DoubtSerializer(serializers.Serializer[Any]):
    """A reason not to trust a score."""

    title = serializers.CharField(help_text="In a few words.")
    text = serializers.CharField(help_text="In a sentence.")


class OfAHundredSerializer(serializers.Serializer[Any]):
    """Of 100 customers with such a score, how many left, with an interval of 95 %."""

    left = serializers.IntegerField(help_text="Of a hundred.")
    low = serializers.IntegerField(help_text="Lower end of the interval.")
    high = serializers.IntegerField(help_text="Upper end of the interval.")
    leavers = serializers.IntegerField(help_text="Counted among the examples.")
    examples = serializers.IntegerField(help_text="Examples with such scores.")
    least = serializers.FloatField(help_text="Their least score, in percent.")
    greatest = serializers.FloatField(help_text="Their greatest score, in percent.")
    fit = serializers.ChoiceField(
        choices=[fit.value for fit in Fit], help_text="Where this customer's score lies beside theirs."
    )


def open_columns(names: Iterable[str]) -> list[str]:
    """Return those of the columns that the contract opens to the API: none because nobody thought of it."""
    return [name for name in names if name in OPEN_TO_API]


class ErrorDetail(serializers.Serializer[Any]):
    """What went wrong."""

    code = serializers.CharField(help_text="A word for programs.")
    message = serializers.CharField(help_text="A sentence for people.")
    fields = serializers.DictField(  # type: ignore[assignment] # a field of this name, beside the serializer's own
        child=serializers.ListField(child=serializers.CharField()), help_text="What is wrong, by parameter."
    )


class Error(serializers.Serializer[Any]):
    """The body of each answer that is not 200."""

    error = ErrorDetail()


class CustomerSerializer(serializers.ModelSerializer[CustomerSnapshot]):
    """One customer as of a snapshot; null is what the logs never said, or what the token's owner may not see."""

    risk_band = serializers.ChoiceField(
        choices=[band.value for band in RiskBand], allow_null=True, help_text="Band of the probability."
    )

    class Meta:
        model = CustomerSnapshot
        fields = open_columns(CUSTOMER_SNAPSHOT.column_names)
        read_only_fields = fields
        extra_kwargs = {
            column.name: {"help_text": column.meaning.replace("`", "")} for column in CUSTOMER_SNAPSHOT.columns
        }


class SnapshotSerializer(serializers.ModelSerializer[Snapshot]):
    """The snapshot that readers see, and the model that scored it."""

    class Meta:
        model = Snapshot
        fields = [name for name in SNAPSHOT.column_names if name not in ("summary", "dagster_run_id")]
        read_only_fields = fields
        extra_kwargs = {column.name: {"help_text": column.meaning.replace("`", "")} for column in SNAPSHOT.columns}


class CustomerPageSerializer(serializers.Serializer[CustomerPage]):
    """One page of customers, all of one snapshot."""

    snapshot_id = serializers.IntegerField(source="snapshot.snapshot_id", help_text="The snapshot they are from.")
    as_of_date = serializers.DateField(source="snapshot.as_of_date", help_text="Last date in its logs.")
    horizon_days = serializers.IntegerField(
        source="snapshot.horizon_days", help_text="Days after that date that a probability speaks of."
    )
    next = serializers.SerializerMethodField(help_text="Parameter `after` of the next page; null on the last one.")
    customers = CustomerSerializer(many=True)

    def get_next(self, page: CustomerPage) -> str | None:
        """Return where the next page goes on."""
        return write_cursor(page.next) if page.next else None


class CustomerDetailSerializer(serializers.Serializer[Told]):
    """One customer, the snapshot that says so, and what the score rests on."""

    snapshot = SnapshotSerializer()
    customer = CustomerSerializer()
    explanation = ExplanationSerializer(allow_null=True, help_text="Why; null without a score.")
    change = ChangeSerializer(allow_null=True, help_text="Since the as-of date before; null where nothing compares.")
    doubts = DoubtSerializer(many=True, help_text="When not to trust the score.")
    of_a_hundred = OfAHundredSerializer(
        allow_null=True, help_text="What came of such scores before; null where nobody knows."
    )
