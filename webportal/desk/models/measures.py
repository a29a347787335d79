"""What recorded outcomes taught: a few figures a snapshot, so that no request counts millions of customers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HoldOutMeasure(models.Model):
    """The customers at risk in one snapshot, by what was done with them, and how many of them left in its horizon.

    The share is the one in force when the snapshot was first seen. Until the horizon has passed the counts are null.
    """

    snapshot_id = models.BigIntegerField(_("snapshot"), primary_key=True)
    as_of_date = models.DateField(_("data up to"))
    horizon_days = models.PositiveIntegerField(_("horizon, days"))
    hold_out_percent = models.PositiveSmallIntegerField(_("hold-out share, percent"))
    counted_at = models.DateTimeField(_("counted"), null=True)
    held_out = models.BigIntegerField(_("held out"), null=True)
    held_out_left = models.BigIntegerField(_("held out, left"), null=True)
    open_to_calls = models.BigIntegerField(_("open to calls"), null=True)
    open_to_calls_left = models.BigIntegerField(_("open to calls, left"), null=True)
    called = models.BigIntegerField(_("called"), null=True)
    called_left = models.BigIntegerField(_("called, left"), null=True)

    class Meta:
        verbose_name = _("hold-out measure")
        verbose_name_plural = _("hold-out measures")
        ordering = ["-as_of_date"]

    def __str__(self) -> str:
        return f"{self.as_of_date:%Y-%m-%d}"


class BandMeasure(models.Model):
    """Contacts whose end is known, by the band that the agent saw, and how many of these customers left."""

    risk_band = models.TextField(_("band"), primary_key=True)
    contacts = models.BigIntegerField(_("contacts"))
    left = models.BigIntegerField(_("left"))
    expected = models.FloatField(_("expected to leave"))
    wrong_alarms = models.BigIntegerField(_("wrong alarms"))
    snapshot_id = models.BigIntegerField(_("snapshot"))
    as_of_date = models.DateField(_("data up to"))
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("measure of a band")
        verbose_name_plural = _("measures of bands")

    def __str__(self) -> str:
        return self.risk_band
