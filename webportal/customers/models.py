"""The published tables, as `spark_assets.contracts` fixes them, and regions of places. The portal only reads."""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from spark_assets.contracts import (
    CURRENT_CUSTOMER_VIEW,
    CURRENT_SNAPSHOT,
    CUSTOMER_SNAPSHOT,
    FAILED_RUN,
    PSEUDONYMOUS_CUSTOMER_VIEW,
    SNAPSHOT,
    UNKNOWN,
)
from spark_assets.contracts.summary import SnapshotSummary
from webportal.common.customer_numbers import NumberKey
from webportal.common.presentation import CANCELLED, GROUPS, UNSCORED, Group
from webportal.common.values import is_paying, level_label

AnyCustomers = TypeVar("AnyCustomers", bound="CustomerColumns")
PATTERN = ", ([^,]*)$"
"""Regular expression whose group is the region; a place without a comma has none, for it may be a town alone."""


class Region(Func):
    """SQL expression of the region of a column of places, null where there is none; an index exists on it."""

    function = "substring"
    output_field = TextField()

    def __init__(self, column: str | F, pattern: Value | None = None, **extra: Any) -> None:  # noqa: ANN401 - Func's own
        super().__init__(column, pattern or Value(PATTERN), **extra)


def at_place(customers: "QuerySet[CustomerColumns]", place: str) -> "QuerySet[CustomerColumns]":
    """Return those at a whole place or in a region; pseudonymous rows hold regions alone."""
    return at_places(customers, [place])


def at_places(customers: "QuerySet[AnyCustomers]", places: Sequence[str]) -> "QuerySet[AnyCustomers]":
    """Return those at one of these places or regions, as summaries count them; `UNKNOWN` stands for no place.

    What has a comma is a whole place. What has none is a region, or a whole place that is written without one.
    """
    wanted = Q(location__in=places)
    if UNKNOWN in places:
        wanted |= Q(location=None)
    regions = [place for place in places if "," not in place]
    if regions and not customers.model.is_pseudonymous:
        customers = customers.alias(region=Region("location"))
        wanted |= Q(region__in=regions)
    return customers.filter(wanted)


class Snapshot(models.Model):
    """One publish: what it was computed from, by which model, and the figures of the overview."""

    snapshot_id = models.BigIntegerField(primary_key=True)
    as_of_date = models.DateField()
    data_from = models.DateField()
    horizon_days = models.IntegerField()
    model_version = models.TextField(null=True)
    model_note = models.TextField(null=True)
    dagster_run_id = models.TextField()
    customer_rows = models.BigIntegerField()
    scored_rows = models.BigIntegerField()
    published_at = models.DateTimeField()
    summary = models.JSONField()
    model_facts = models.JSONField(null=True)
    model_card = models.JSONField(null=True)

    class Meta:
        db_table = SNAPSHOT.name

    def __str__(self) -> str:
        return f"Snapshot {self.snapshot_id} of {self.as_of_date:%Y-%m-%d}"


class CurrentSnapshot(models.Model):
    """The pointer to the snapshot that readers see: one row, moved by the publisher."""

    singleton = models.IntegerField(primary_key=True, default=1)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = CURRENT_SNAPSHOT.name
        constraints = [models.CheckConstraint(condition=models.Q(singleton=1), name="current_snapshot_is_one_row")]

    def __str__(self) -> str:
        return f"Current: snapshot {self.snapshot_id}"


class FailedRun(models.Model):
    """The newest run that was to publish and failed: no row once a later one succeeded."""

    singleton = models.IntegerField(primary_key=True, default=1)
    dagster_run_id = models.TextField()
    failed_at = models.DateTimeField()
    causes = models.TextField()

    class Meta:
        db_table = FAILED_RUN.name
        constraints = [models.CheckConstraint(condition=models.Q(singleton=1), name="failed_run_is_one_row")]

    def __str__(self) -> str:
        return f"Run {self.dagster_run_id} failed at {self.failed_at:%Y-%m-%d %H:%M}"


class CustomerColumns(models.Model):
    """The columns of a customer in a snapshot."""

    pk = models.CompositePrimaryKey("snapshot_id", "customer_number")
    # Not a foreign key: checking one would hold up the publisher while it attaches millions of rows.
    snapshot_id = models.BigIntegerField()
    # Bytewise order lets the primary key answer prefixes and sorted lists, with no index beside it.
    customer_number = models.TextField(db_collation="C")
    first_name = models.TextField(null=True)
    last_name = models.TextField(null=True)
    gender = models.TextField(null=True)
    level = models.TextField(null=True)
    location = models.TextField(null=True)
    registered_on = models.DateField(null=True)
    last_seen_at = models.DateTimeField()
    cancelled_on = models.DateField(null=True)
    days_listened = models.IntegerField()
    songs_per_day = models.FloatField(null=True)
    account_age_days = models.IntegerField(null=True)
    days_listened_7d = models.IntegerField()
    days_listened_30d = models.IntegerField()
    songs_7d = models.IntegerField()
    songs_30d = models.IntegerField()
    churn_probability = models.FloatField(null=True)
    risk_band = models.TextField(null=True)
    pseudonym = models.TextField(null=True, db_collation="C")
    reasons = models.TextField(null=True)
    change = models.TextField(null=True)
    doubts = models.TextField(null=True)
    name_key = models.TextField(null=True, db_collation="C")
    last_name_key = models.TextField(null=True, db_collation="C")
    risen_from = models.TextField(null=True)
    hold_out_draw = models.IntegerField(null=True)
    activity = models.TextField(null=True)
    moments = models.TextField(null=True)

    is_pseudonymous = False

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Customer {self.customer_number} in snapshot {self.snapshot_id}"

    @property
    def full_name(self) -> str:
        """First and last name, or nothing when the logs are silent."""
        return " ".join(name for name in (self.first_name, self.last_name) if name)

    @property
    def shown_name(self) -> str:
        """The full name, or why there is none."""
        return _("Name withheld") if self.is_pseudonymous else self.full_name or _("Name unknown")

    @property
    def level_label(self) -> str:
        """The level in words."""
        return level_label(self.level)

    @property
    def is_paying(self) -> bool:
        """Whether the level is one that customers pay for."""
        return is_paying(self.level)

    @property
    def group(self) -> Group:
        """The band, or the group of those without one."""
        return GROUPS[CANCELLED if self.cancelled_on else self.risk_band or UNSCORED]

    def get_absolute_url(self) -> str:
        """Return the address of the customer's page."""
        return reverse("customers:detail", args=[self.customer_number])


RISKIEST_FIRST = (models.F("churn_probability").desc(nulls_last=True), models.F("customer_number"))
"""How lists are put in order; the number makes the order one of a kind, so that a page can begin after a row."""


class CustomerSnapshot(CustomerColumns):
    """A customer as of one snapshot. The table is partitioned by `snapshot_id`."""

    class Meta:
        db_table = CUSTOMER_SNAPSHOT.name
        indexes = [
            models.Index(*RISKIEST_FIRST, name="customer_snapshot_risk"),
            models.Index(models.F("level"), *RISKIEST_FIRST, name="customer_snapshot_level"),
            models.Index(models.F("location"), *RISKIEST_FIRST, name="customer_snapshot_place"),
            models.Index(Region("location"), *RISKIEST_FIRST, name="customer_snapshot_region"),
            models.Index(*RISKIEST_FIRST, condition=models.Q(risen_from__isnull=False), name="customer_snapshot_risen"),
            models.Index(fields=["-last_seen_at", "customer_number"], name="customer_snapshot_seen"),
            models.Index("pseudonym", name="customer_snapshot_pseudonym"),
            models.Index(NumberKey("customer_number"), name="customer_snapshot_key"),
            models.Index("name_key", "customer_number", name="customer_snapshot_name"),
            models.Index("last_name_key", "name_key", "customer_number", name="customer_snapshot_last_name"),
            GinIndex(SearchVector("name_key", config="simple"), name="customer_snapshot_words"),
        ]


class CurrentCustomer(CustomerColumns):
    """A view for people with a database client: the customers of the current snapshot.

    Pages read `CustomerSnapshot` by the snapshot their request began with, so that a publish in between cannot mix
    two snapshots on one page.
    """

    class Meta:
        db_table = CURRENT_CUSTOMER_VIEW
        managed = False


class PseudonymousCustomer(CustomerColumns):
    """What an analyst sees of a customer: a view that holds neither names nor numbers nor places.

    Its `customer_number` is the pseudonym and its `location` the region, so whoever reads a customer by number, by a
    number's beginning or near a number reads this view in the same way, and cannot reach the number itself.
    """

    is_pseudonymous = True

    class Meta:
        db_table = PSEUDONYMOUS_CUSTOMER_VIEW
        managed = False


def summary_of(snapshot: Snapshot) -> SnapshotSummary:
    """Return the figures that the publisher wrote with `snapshot`."""
    return cast(SnapshotSummary, snapshot.summary)
