"""Teams and their scopes: which customers the users of a team see."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from webportal.common.values import MAX_LENGTHS


class Team(models.Model):
    """A team and its scope.

    A customer is in the scope who meets every part of it that is set. A scope of which nothing is set holds ALL
    customers.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    levels = ArrayField(
        models.CharField(max_length=MAX_LENGTHS["level"]),
        verbose_name=_("levels"),
        blank=True,
        default=list,
        help_text=_("Customers of these levels only. None chosen: of any level."),
    )
    places = ArrayField(
        models.CharField(max_length=MAX_LENGTHS["location"]),
        verbose_name=_("places"),
        blank=True,
        default=list,
        help_text=_(
            "Customers of these places only: a place as it stands on the customer page (“Bozeman, MT”), or a state or "
            "region alone (“MT”), or “unknown” for none. One a line. Empty: of any place."
        ),
    )
    by_list = models.BooleanField(
        _("only listed customers"),
        default=False,
        help_text=_("Customers of the list below only. An empty list then means: no customer at all."),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def sees_all(self) -> bool:
        """Whether nothing is set in the scope, so that it holds all customers."""
        return not (self.levels or self.places or self.by_list)


class ScopedCustomer(models.Model):
    """A customer number on the list of a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="listed", db_index=False)
    # Bytewise, as the numbers of the snapshot: else the two could not be compared by their indexes.
    customer_number = models.TextField(db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "customer_number"], name="scoped_customer_once_a_team"),
        ]
        indexes = [models.Index(fields=["customer_number", "team"], name="scoped_customer_number")]

    def __str__(self) -> str:
        return self.customer_number
