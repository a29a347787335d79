"""Tokens, and the counters of the rate limits."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A key with which a program acts as its owner. Only its digest is kept; the prefix tells tokens apart."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80, help_text=_("Which program uses it, for whom to ask later."))
    prefix = models.CharField(_("prefix"), max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.prefix} ({self.name})"

    def is_live(self, now: datetime) -> bool:
        """Tell whether the token, of itself, opens anything at the time `now`."""
        return self.revoked_at is None and now < self.expires_at


class RateWindow(models.Model):
    """How many requests somebody made within one window of time. The table is unlogged: a crash may forget it."""

    key = models.CharField(max_length=100, primary_key=True)
    requests = models.IntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "api_rate_window"

    def __str__(self) -> str:
        return f"{self.requests} requests"
