"""What the API tells of customers and snapshots."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from spark_assets.contracts import CUSTOMER_SNAPSHOT, OPEN_TO_API, SNAPSHOT, RiskBand
from webportal.api.parameters import write_cursor
from webportal.api.selectors import CustomerPage
from webportal.api.telling import (
    ChangeSerializer,
    DoubtSerializer,
    ExplanationSerializer,
    OfAHundredSerializer,
    Told,
)
from webportal.customers.models import CustomerSnapshot, Snapshot


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
