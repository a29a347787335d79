"""How an alert went out."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from webportal.alerts.models.alert import Alert
from webportal.alerts.models.webhook import Webhook


class Channel(models.TextChoices):
    """By which way."""

    MAIL = "mail", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")


class State(models.TextChoices):
    """How far a delivery is."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    GIVEN_UP = "given up", _("given up")


class Delivery(models.Model):
    """One alert on one way: tried until it was sent, or too often."""

    alert = models.ForeignKey(Alert, models.CASCADE, verbose_name=_("alert"), related_name="deliveries")
    channel = models.CharField(_("way"), max_length=10, choices=Channel.choices)
    webhook = models.ForeignKey(Webhook, models.CASCADE, null=True, verbose_name=_("webhook"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    problem = models.TextField(_("problem"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["alert", "webhook"], name="delivery_once_a_webhook"),
            models.UniqueConstraint(fields=["alert"], condition=Q(webhook=None), name="delivery_once_by_mail"),
            models.CheckConstraint(
                condition=Q(channel=Channel.MAIL, webhook=None) | Q(channel=Channel.WEBHOOK, webhook__isnull=False),
                name="delivery_has_its_way",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state=State.WAITING), name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.alert} · {self.get_channel_display()}"
