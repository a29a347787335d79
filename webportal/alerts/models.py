"""Watches, the alerts they bring, webhooks, and the outbox of deliveries."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import RiskBand
from webportal.alerts.webhooks import check_url, seal, unseal
from webportal.common.presentation import GROUPS
from webportal.common.values import MAX_LENGTHS, level_label


class Webhook(models.Model):
    """Where alerts are sent, signed by a secret that both sides know; it is kept encrypted, and shown to nobody."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.URLField(_("address"), max_length=500, validators=[check_url])
    sealed_secret = models.TextField(editable=False)
    takes_customers = models.BooleanField(
        _("gets alerts of watched customers"),
        default=False,
        help_text=_("Whoever watches them. Alerts of segments come to it where the segment names it."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        """The secret in the clear, for signing."""
        return unseal(self.sealed_secret)

    @secret.setter
    def secret(self, secret: str) -> None:
        self.sealed_secret = seal(secret)


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
