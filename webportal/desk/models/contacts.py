"""Contacts with a customer, and notes for the next agent."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_OFFER = 200
LONGEST_WORDS = 1_000


class Channel(models.TextChoices):
    """Who turned to whom, and how."""

    THEY_CALLED = "they called", _("They called")
    WE_CALLED = "we called", _("We called")
    MAIL = "mail", _("Mail")
    CHAT = "chat", _("Chat")


class Outcome(models.TextChoices):
    """What came of it; the order is that of the buttons."""

    KEPT = "kept", _("Kept")
    WILL_LEAVE = "will leave", _("Will leave")
    LEFT = "left", _("Left")
    WRONG_ALARM = "wrong alarm", _("Wrong alarm")
    NOT_REACHED = "not reached", _("Not reached")


class Reason(models.TextChoices):
    """Why the customer stays or goes, in the customer's own view."""

    PRICE = "price", _("Price")
    ADVERTS = "adverts", _("Adverts")
    MUSIC = "music", _("Music that is missing")
    FAULTS = "faults", _("Faults and errors")
    COMPETITOR = "competitor", _("Another service")
    USE = "use", _("Listens little")
    OTHER = "other", _("Something else")


class Contact(models.Model):
    """One contact, with the score that the agent saw.

    A correction is a new row that names the one it `corrects`; the old row stays, no longer standing. A contact that
    was withdrawn stands no more either. So the history is whole, and yet goes with the person when they are erased,
    which the audit could not promise.
    """

    customer_number = models.TextField(_("customer"), db_collation="C")
    at = models.DateTimeField(_("when"), default=timezone.now)
    channel = models.CharField(_("how"), max_length=20, choices=Channel.choices)
    offered = models.CharField(_("what was offered"), max_length=LONGEST_OFFER, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    words = models.TextField(_("in words"), max_length=LONGEST_WORDS, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    token = models.UUIDField(unique=True, editable=False)
    corrects = models.OneToOneField(
        "self", verbose_name=_("corrects"), on_delete=models.CASCADE, null=True, related_name="corrected_by"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    standing = models.BooleanField(_("stands"), default=True)

    # What the agent saw: the score may be another one tomorrow, and its snapshot may be dropped.
    snapshot_id = models.BigIntegerField(_("snapshot"))
    as_of_date = models.DateField(_("data up to"))
    horizon_days = models.PositiveIntegerField(_("horizon, days"))
    model_version = models.TextField(_("model"), null=True)
    churn_probability = models.FloatField(_("probability"), null=True)
    risk_band = models.TextField(_("band"), null=True)
    held_out = models.BooleanField(_("was held out"), default=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(channel__in=Channel.values), name="contact_channel_is_known"),
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="contact_outcome_is_known"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(standing=False),
                name="contact_withdrawn_stands_no_more",
            ),
        ]
        indexes = [
            models.Index(fields=["customer_number", "-at", "-id"], name="contact_customer"),
            models.Index(fields=["agent", "at"], name="contact_agent"),
            models.Index(fields=["at"], name="contact_at"),
            models.Index(
                fields=["as_of_date", "customer_number"],
                condition=models.Q(standing=True),
                name="contact_standing_as_of",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} · {self.at:%Y-%m-%d %H:%M}"


LONGEST_NOTE = 2_000


class Note(models.Model):
    """One note of one agent.

    As with contacts, other words are a new row that names the one it `corrects`; the old row stays, no longer standing.
    A note that was withdrawn stands no more either. So the history is whole, and yet goes with the person when they
    are erased, which the audit could not promise.
    """

    customer_number = models.TextField(_("customer"), db_collation="C")
    words = models.TextField(_("note"), max_length=LONGEST_NOTE)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited"), null=True)
    """When these words replaced others; `written_at` is when there was a note first."""
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    token = models.UUIDField(unique=True, editable=False)
    corrects = models.OneToOneField(
        "self", verbose_name=_("corrects"), on_delete=models.SET_NULL, null=True, related_name="corrected_by"
    )
    standing = models.BooleanField(_("stands"), default=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(standing=False), name="note_withdrawn_stands_no_more"
            ),
        ]
        indexes = [
            models.Index(fields=["customer_number", "-written_at", "-id"], name="note_customer"),
            models.Index(fields=["written_at"], name="note_written"),
        ]

    def __str__(self) -> str:
        return f"{_('Note')} · {self.written_at:%Y-%m-%d %H:%M}"
