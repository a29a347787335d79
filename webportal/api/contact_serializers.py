"""Contacts as the API takes and tells them: the fields of the desk's form, by the same rules."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from spark_assets.contracts import RiskBand
from webportal.api.parameters import Known
from webportal.desk.forms import check_contact_time
from webportal.desk.models import Channel, Contact, Outcome, Reason
from webportal.desk.models.contact import LONGEST_OFFER, LONGEST_WORDS

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
