"""What a score rests on, in words and figures: the readings of the customer page, for programs."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from webportal.customers.doubts import Warned, read_doubts
from webportal.customers.explanation import ChangeReading, Explanation, read_change, read_explanation
from webportal.customers.hundred import Fit, OfAHundred, read_of_a_hundred
from webportal.customers.models import CustomerColumns, Snapshot


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
