"""Addresses of other systems that alerts are sent to."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from webportal.alerts.boxes import seal, unseal
from webportal.alerts.targets import check_url


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
