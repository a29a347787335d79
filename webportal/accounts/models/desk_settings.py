"""Settings that administrators change while the portal runs: one row."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import UNKNOWN
from webportal.accounts.roles import Role
from webportal.common.values import is_paying

LEAST_AUDIT_DAYS = 90
"""The database deletes no younger audit event, whoever asks: see the migrations of `audit`."""


def default_second_factor_roles() -> list[str]:
    """Return the roles that the settings of this installation make use a second factor until an administrator says."""
    return list(settings.SECOND_FACTOR_ROLES)


def default_export_roles() -> list[str]:
    """Return the roles that export lists until an administrator says otherwise: agents work customer by customer."""
    return [Role.SUPERVISOR, Role.ANALYST, Role.ADMINISTRATOR]


class DeskSettings(models.Model):
    """Rules of the desk. Without a row, the defaults below hold."""

    singleton = models.IntegerField(primary_key=True, default=1, editable=False)
    second_factor_roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        verbose_name=_("roles that need a second factor"),
        blank=True,
        default=default_second_factor_roles,
        help_text=_("Users of these roles can do nothing but set up their second factor until they have one."),
    )
    hold_out_percent = models.PositiveSmallIntegerField(
        _("hold-out share, percent"),
        default=10,
        validators=[MaxValueValidator(50)],
        help_text=_("Share of the customers at risk that nobody contacts, to learn what contacting changes. 0 to 50."),
    )
    invitation_hours = models.PositiveSmallIntegerField(
        _("invitations are good for, hours"),
        default=72,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 14)],
        help_text=_("1 hour to 14 days. Changes what is sent from now on."),
    )
    keep_audit_days = models.PositiveIntegerField(
        _("keep audit, days"),
        default=730,
        validators=[MinValueValidator(LEAST_AUDIT_DAYS), MaxValueValidator(3650)],
        help_text=_("90 days to 10 years. What is older goes with the next `apply_retention`."),
    )
    keep_invitation_days = models.PositiveSmallIntegerField(
        _("keep used and expired invitations, days"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("1 day to a year."),
    )

    rest_days = models.PositiveSmallIntegerField(
        _("leave in peace after a contact, days"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
        help_text=_("1 to 180 days in which the worklist does not name somebody again who was reached."),
    )
    fatigue_days = models.PositiveSmallIntegerField(
        _("notice of recent contacts, days"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
        help_text=_("1 to 180 days back that the notice on the customer page looks."),
    )
    fatigue_contacts = models.PositiveSmallIntegerField(
        _("notice of recent contacts, number"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("So many contacts in these days, 1 to 20, and the customer page warns."),
    )
    worth_paid = models.FloatField(
        _("worth of a paying customer"),
        default=1.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(1000.0)],
        help_text=_(
            "0 to 1000. The worklist ranks by probability times worth; 0 leaves them out. "
            "Every level but “free” is one of paying customers."
        ),
    )
    worth_free = models.FloatField(
        _("worth of a customer who does not pay"),
        default=0.2,
        validators=[MinValueValidator(0.0), MaxValueValidator(1000.0)],
        help_text=_("0 to 1000, on the same scale; also of customers whose level is unknown."),
    )
    worths = models.JSONField(
        _("worth of single levels"),
        default=dict,
        blank=True,
        help_text=_("Levels that are worth something else, one a line: “family 2.5”. 0 to 1000, on the same scale."),
    )
    keep_work_days = models.PositiveSmallIntegerField(
        _("keep contacts, notes and closed tasks, days"),
        default=1095,
        validators=[MinValueValidator(30), MaxValueValidator(3650)],
        help_text=_("30 days to 10 years. What is older goes with the next `apply_retention`."),
    )

    export_roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        verbose_name=_("roles that export lists of customers"),
        blank=True,
        default=default_export_roles,
        help_text=_(
            "Users of these roles may download a list as CSV, for a purpose that they name. Analysts get pseudonyms."
        ),
    )
    exports_a_day = models.PositiveSmallIntegerField(
        _("exports of lists, a user and day"),
        default=5,
        validators=[MaxValueValidator(1000)],
        help_text=_("0 to 1000, from midnight UTC on."),
    )

    class Meta:
        verbose_name = _("desk settings")
        verbose_name_plural = _("desk settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(singleton=1), name="desk_settings_is_one_row"),
            models.CheckConstraint(condition=models.Q(hold_out_percent__lte=50), name="desk_settings_hold_out"),
            models.CheckConstraint(
                condition=models.Q(worth_paid__gte=0, worth_free__gte=0), name="desk_settings_worth"
            ),
            models.CheckConstraint(
                condition=models.Q(keep_audit_days__gte=LEAST_AUDIT_DAYS), name="desk_settings_keep_audit"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Desk settings"))

    def worth_of(self, level: str | None) -> float:
        """Return what a customer of a level is worth, whatever levels the logs bring."""
        usual = self.worth_paid if is_paying(level) else self.worth_free
        return float(self.worths.get(level or UNKNOWN, usual))

    @classmethod
    def current(cls) -> "DeskSettings":
        """Return the row, or the defaults before an administrator saved one."""
        return cls.objects.filter(singleton=1).first() or cls()
