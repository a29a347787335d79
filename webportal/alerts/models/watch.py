"""Who watches whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import RiskBand
from webportal.alerts.models.webhook import Webhook
from webportal.common.bands import GROUPS
from webportal.common.values import MAX_LENGTHS, level_label

BANDS = (RiskBand.HIGH.value, RiskBand.MEDIUM.value)
"""Bands that customers can rise into."""


class Watch(models.Model):
    """A customer or a segment that somebody is told of. A segment has a band, and is narrowed by level and place."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    # A pseudonym where the owner sees no numbers. Bytewise, as the numbers of the snapshot.
    customer_number = models.TextField(null=True, db_collation="C")
    band = models.CharField(
        _("band they rise into"), max_length=10, blank=True, choices=[(band, GROUPS[band].label) for band in BANDS]
    )
    level = models.CharField(_("level"), max_length=MAX_LENGTHS["level"], blank=True)
    place = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("As it is written (Bozeman, MT), or a region alone (MT).")
    )
    by_mail = models.BooleanField(_("by e-mail"), default=True)
    webhook = models.ForeignKey(
        Webhook, models.SET_NULL, null=True, blank=True, verbose_name=_("webhook"), related_name="watches"
    )
    # What was published before somebody began to watch is no news.
    since_snapshot = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        constraints = [
            models.UniqueConstraint(fields=["owner", "customer_number"], name="watch_customer_once"),
            models.UniqueConstraint(
                fields=["owner", "band", "level", "place"],
                condition=Q(customer_number=None),
                name="watch_segment_once",
            ),
            models.CheckConstraint(
                condition=Q(customer_number=None, band__in=BANDS)
                | Q(customer_number__isnull=False, band="", level="", place=""),
                name="watch_is_customer_or_segment",
            ),
        ]
        indexes = [models.Index(fields=["customer_number"], name="watch_customer")]

    def __str__(self) -> str:
        return self.customer_number or self.segment

    @property
    def segment(self) -> str:
        """The segment in words, nothing for a customer."""
        parts = [self.get_band_display(), level_label(self.level) if self.level else "", self.place]
        return ", ".join(str(part) for part in parts if part) if self.band else ""
