"""The audit event. Its table refuses every update and delete: see the migrations."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What happened."""

    LOGIN = "login", _("Login")
    LOGOUT = "logout", _("Logout")
    LOGIN_FAILED = "login failed", _("Login failed")
    LOCKED_OUT = "locked out", _("Locked out")
    REFUSED = "refused", _("Page refused")
    VIEWED = "viewed", _("Customer viewed")
    SEARCHED = "searched", _("Customers listed")
    EXPORTED = "exported", _("Exported")
    ERASED = "erased", _("Customer erased")
    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    DELETED = "deleted", _("Deleted")
    SECOND_FACTOR = "second factor", _("Second factor changed")
    RETENTION = "retention", _("Retention applied")
    CONTACT = "contact", _("Contact recorded")
    NOTE = "note", _("Note written")
    TASK = "task", _("Task changed")


class AuditEvent(models.Model):
    """One event. People are named by value, not by key, so that the audit outlives the rows it speaks of."""

    at = models.DateTimeField(_("when"), db_default=Now())
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(_("who"), max_length=150, blank=True)
    address = models.GenericIPAddressField(_("from"), null=True)
    # For an analyst these are pseudonyms, the only names that they saw.
    subjects = ArrayField(models.TextField(), verbose_name=_("whom"), default=list)
    purpose = models.TextField(_("purpose"), blank=True)
    path = models.TextField(_("page"), blank=True)
    details = models.JSONField(_("details"), default=dict)

    append_only = True  # see `webportal.operations.database_roles`

    class Meta:
        db_table = "audit_event"
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["at"], name="audit_event_at"),
            models.Index(fields=["actor", "at"], name="audit_event_actor"),
            models.Index(fields=["kind", "at"], name="audit_event_kind"),
            GinIndex(fields=["subjects"], name="audit_event_subjects"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.kind}"
