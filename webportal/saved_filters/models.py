"""The saved filter. It holds an address, no customer: what it shows each reader depends on whom they may see."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import Team

LONGEST_NAME = 80
LONGEST_QUERY = 2_000


class Audience(models.TextChoices):
    """Who finds a filter in the menu."""

    OWNER = "owner", _("Only me")
    TEAM = "team", _("My team")
    ALL = "all", _("Everybody")


class SavedFilter(models.Model):
    """A name for a filtered list."""

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    query = models.CharField(_("filter"), max_length=LONGEST_QUERY, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    audience = models.CharField(_("for"), max_length=10, choices=Audience.choices, default=Audience.OWNER)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    saved_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_name_once_an_owner"),
            models.CheckConstraint(
                condition=models.Q(audience=Audience.TEAM, team__isnull=False)
                | models.Q(audience__in=(Audience.OWNER, Audience.ALL), team=None),
                name="saved_filter_team_when_for_one",
            ),
        ]
        indexes = [models.Index(fields=["audience"], name="saved_filter_audience")]

    def __str__(self) -> str:
        return self.name
