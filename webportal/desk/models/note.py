"""Notes: what the next agent should know about a customer, whatever came of any contact."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
