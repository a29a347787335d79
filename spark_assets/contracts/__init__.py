"""The published tables as plain data: the only seam between the data side and the portal.

The publisher writes these columns, the portal's models read them, and one test holds contract, Spark schema and
Django models equal. Nothing here imports pyspark or Django. `explanations`
says what the JSON columns of a customer hold, `summary` that of the overview, `search_keys` how names are keyed.
"""

from dataclasses import dataclass
from enum import StrEnum

from spark_assets.contracts.limits import MAX_NUMBER_LENGTH
from spark_assets.contracts.search_keys import MAX_KEY_BYTES


class RiskBand(StrEnum):
    """Bands of churn probability, cut by lift over the usual rate of leaving (see `SnapshotSummary.band_lifts`)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ColumnType(StrEnum):
    """Column types, named as PostgreSQL names them."""

    BIGINT = "bigint"
    INTEGER = "integer"
    DOUBLE = "double precision"
    TEXT = "text"
    DATE = "date"
    TIMESTAMP = "timestamp with time zone"
    JSON = "jsonb"


@dataclass(frozen=True)
class Column:
    """One published column: its name, PostgreSQL type, whether it may be null, and what it means.

    `max_bytes` bounds a text in UTF-8, None does not. The widest index entry of the texts fits btree's 2,704 bytes.
    """

    name: str
    type: ColumnType
    meaning: str
    nullable: bool = False
    max_bytes: int | None = None


@dataclass(frozen=True)
class Table:
    """One published table: its columns in order and its primary key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


UNKNOWN = "unknown"
"""How summaries and filters name a value of which the logs say nothing."""

OTHERS = ""
"""The values of a summary that are too many to name one by one. No customer has an empty value."""

_T = ColumnType

SNAPSHOT = Table(
    name="snapshot",
    key=("snapshot_id",),
    columns=(
        Column("snapshot_id", _T.BIGINT, "Number of the snapshot, rising with every publish."),
        Column("as_of_date", _T.DATE, "Last UTC date in the logs; features hold everything up to its end."),
        Column("data_from", _T.DATE, "First UTC date in the logs."),
        Column("horizon_days", _T.INTEGER, "Days after the as-of date that a churn probability speaks of."),
        Column(
            "model_version", _T.TEXT, "Version of the model that scored; null when nothing was scored.", nullable=True
        ),
        Column("model_note", _T.TEXT, "Why nothing was scored; null when it was.", nullable=True),
        Column("dagster_run_id", _T.TEXT, "The Dagster run that published."),
        Column("customer_rows", _T.BIGINT, "Rows of `customer_snapshot` in this snapshot."),
        Column("scored_rows", _T.BIGINT, "Rows among them with a churn probability."),
        Column("published_at", _T.TIMESTAMP, "When readers began to see this snapshot."),
        Column("summary", _T.JSON, "Figures of the overview page, see `SnapshotSummary`."),
        Column("model_facts", _T.JSON, "What scores rest on, see `ModelFacts`; null without any.", nullable=True),
        Column("model_card", _T.JSON, "Card of the model that scored, without its features.", nullable=True),
    ),
)

CURRENT_SNAPSHOT = Table(
    name="current_snapshot",
    key=("singleton",),
    columns=(
        Column("singleton", _T.INTEGER, "Always 1: the table holds one row."),
        Column("snapshot_id", _T.BIGINT, "The snapshot that readers see."),
    ),
)

FAILED_RUN = Table(
    name="failed_run",
    key=("singleton",),
    columns=(
        Column("singleton", _T.INTEGER, "Always 1: the table holds the newest failure, and none once one succeeds."),
        Column("dagster_run_id", _T.TEXT, "The run that was to publish and failed."),
        Column("failed_at", _T.TIMESTAMP, "When it failed."),
        Column("causes", _T.TEXT, "Its failed steps with their errors' own words, a line each."),
    ),
)

CUSTOMER_SNAPSHOT = Table(
    name="customer_snapshot",
    key=("snapshot_id", "customer_number"),
    columns=(
        Column("snapshot_id", _T.BIGINT, "The snapshot this row belongs to; the table is partitioned by it."),
        Column("customer_number", _T.TEXT, "`userId` of the logs.", max_bytes=4 * MAX_NUMBER_LENGTH),
        Column("first_name", _T.TEXT, "First name as last seen.", nullable=True, max_bytes=512),
        Column("last_name", _T.TEXT, "Last name as last seen.", nullable=True, max_bytes=512),
        Column("gender", _T.TEXT, "As last seen, mostly `F` or `M`.", nullable=True, max_bytes=64),
        Column("level", _T.TEXT, "Plan as last seen, mostly `free` or `paid`.", nullable=True, max_bytes=64),
        Column("location", _T.TEXT, "Place as last seen.", nullable=True, max_bytes=200),
        Column("registered_on", _T.DATE, "UTC date of the registration.", nullable=True),
        Column("last_seen_at", _T.TIMESTAMP, "Time of the last logged-in event."),
        Column("cancelled_on", _T.DATE, "UTC date of the cancellation; null while the account lives.", nullable=True),
        Column("days_listened", _T.INTEGER, "Distinct UTC dates with at least one song."),
        Column("songs_per_day", _T.DOUBLE, "Songs / days listened; null before the first song.", nullable=True),
        Column("account_age_days", _T.INTEGER, "Days from registration to as-of date or cancellation.", nullable=True),
        Column("days_listened_7d", _T.INTEGER, "Days listened among the last 7 up to the as-of date."),
        Column("days_listened_30d", _T.INTEGER, "Days listened among the last 30 up to the as-of date."),
        Column("songs_7d", _T.INTEGER, "Songs in the last 7 days up to the as-of date."),
        Column("songs_30d", _T.INTEGER, "Songs in the last 30 days up to the as-of date."),
        Column(
            "churn_probability",
            _T.DOUBLE,
            "Probability in [0, 1] of cancelling within the horizon; null once cancelled or when nothing was scored.",
            nullable=True,
        ),
        Column("risk_band", _T.TEXT, "A `RiskBand`; null where the probability is null.", nullable=True),
        Column(
            "pseudonym",
            _T.TEXT,
            "Keyed hash of the number, which analysts see in its place; null in snapshots older than pseudonyms.",
            nullable=True,
        ),
        Column("reasons", _T.TEXT, "JSON: list of `Reason`, weightiest first; null without a score.", nullable=True),
        Column("change", _T.TEXT, "JSON: a `Change`; null where there is nothing to compare with.", nullable=True),
        Column("doubts", _T.TEXT, "JSON: list of `Doubt`; null without any.", nullable=True),
        Column("name_key", _T.TEXT, "Both names as `searching.name_key`.", nullable=True, max_bytes=MAX_KEY_BYTES),
        Column("last_name_key", _T.TEXT, "Last name for searching.", nullable=True, max_bytes=MAX_KEY_BYTES),
        Column(
            "risen_from",
            _T.TEXT,
            "The `RiskBand` of the as-of date before where the band has risen since, by the same model; else null.",
            nullable=True,
        ),
        Column(
            "hold_out_draw",
            _T.INTEGER,
            "Hash of the number in [0, `HOLD_OUT_DRAWS`), the same in every snapshot; null in older snapshots.",
            nullable=True,
        ),
        Column("activity", _T.TEXT, "JSON: songs on each of the last `ACTIVITY_DAYS` days.", nullable=True),
        Column("moments", _T.TEXT, "JSON: list of `Moment`, newest first; null without any.", nullable=True),
    ),
)

CURRENT_CUSTOMER_VIEW = "current_customer"
"""View: the rows of `customer_snapshot` that belong to the current snapshot."""

PSEUDONYMOUS_CUSTOMER_VIEW = "pseudonymous_customer"
"""View for analysts: `customer_snapshot` with the pseudonym as number, the region as location, and without names."""

ERASED_CUSTOMER = "erased_customer"
"""Table of the portal: who asked to be erased. Ingestion reads its `customer_number` and loads none of them."""

PARTITIONED_TABLES = (CUSTOMER_SNAPSHOT,)

OPEN_TO_ANALYSTS = frozenset(
    {
        *("snapshot_id", "gender", "level", "registered_on", "last_seen_at", "cancelled_on", "days_listened"),
        *("songs_per_day", "account_age_days", "days_listened_7d", "days_listened_30d", "songs_7d", "songs_30d"),
        *("churn_probability", "risk_band", "pseudonym", "reasons", "change", "doubts", "risen_from"),
        *("activity", "moments"),
    }
)
"""Columns of `customer_snapshot` that analysts read as they are. Any other is null for them, or told in place of it:
a new column is closed until it stands here."""

OPEN_TO_API = OPEN_TO_ANALYSTS - {"snapshot_id", "pseudonym"} | {
    *("customer_number", "first_name", "last_name", "location", "name_key", "last_name_key", "hold_out_draw"),
}
"""Columns that the API gives to a token whose owner sees personal data; a new one is closed until it stands here."""
