"""What a watch found in a snapshot."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from webportal.alerts.models.watch import Watch

BAND_LENGTH = 10


class Alert(models.Model):
    """One crossing of a watched customer, or how many of a segment rose: once for each watch and snapshot."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts")
    watch = models.ForeignKey(Watch, models.SET_NULL, null=True, related_name="alerts")
    snapshot_id = models.BigIntegerField()
    as_of_date = models.DateField()
    segment = models.TextField(blank=True)
    count = models.BigIntegerField(default=1)
    # Another model scored the snapshot before, so the step may be the model's.
    model_changed = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [models.UniqueConstraint(fields=["watch", "snapshot_id"], name="alert_once_a_snapshot")]
        indexes = [
            models.Index("owner", models.F("id").desc(), name="alert_inbox"),
            models.Index(fields=["created_at"], name="alert_created"),
        ]

    def __str__(self) -> str:
        return f"{self.segment or _('watched customer')} ({self.as_of_date:%Y-%m-%d})"


class AlertedCustomer(models.Model):
    """A customer whom an alert names; of a segment the riskiest alone."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="customers")
    customer_number = models.TextField(db_collation="C", db_index=True)
    was = models.CharField(max_length=BAND_LENGTH)
    band = models.CharField(max_length=BAND_LENGTH)
    churn_probability = models.FloatField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.customer_number
