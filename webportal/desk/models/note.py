"""Notes: what the next agent should know about a customer, whatever came of any contact."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_NOTE = 2_000


class Note(models.Model):
    """One note of one agent."""

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
    token = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-id"]
        indexes = [
            models.Index(fields=["customer_number", "-written_at", "-id"], name="note_customer"),
            models.Index(fields=["written_at"], name="note_written"),
        ]

    def __str__(self) -> str:
        return f"{_('Note')} · {self.written_at:%Y-%m-%d %H:%M}"
