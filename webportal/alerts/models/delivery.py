"""The outbox: how alerts, and the portal's other mails, go out."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
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
    """One alert on one way, or another mail of the portal: tried until it was sent, or too often.

    An alert is put into words when it is sent, by what its owner may see then. Another mail keeps its content,
    encrypted, and its recipient; both go when it is sent.
    """

    alert = models.ForeignKey(Alert, models.CASCADE, null=True, verbose_name=_("alert"), related_name="deliveries")
    subject = models.TextField(_("subject"), blank=True)
    recipient = models.TextField(_("recipient"), blank=True)
    sealed_message = models.TextField(blank=True, editable=False)
    expires_at = models.DateTimeField(_("of use until"), null=True, help_text=_("A link in it ends then."))
    created_at = models.DateTimeField(_("made"), default=timezone.now)
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
                condition=Q(channel=Channel.MAIL, webhook=None)
                | Q(channel=Channel.WEBHOOK, webhook__isnull=False, alert__isnull=False),
                name="delivery_has_its_way",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state=State.WAITING), name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.alert or self.subject} · {self.get_channel_display()}"

    @property
    def way(self) -> str:
        """Where it goes, in words that follow "delivered"."""
        return gettext("to %(webhook)s") % {"webhook": self.webhook} if self.webhook else gettext("by e-mail")

    @property
    def is_given_up(self) -> bool:
        """Whether it is tried no more."""
        return self.state == State.GIVEN_UP
