"""Point-in-time features: what was known of each customer at a cut-off, from `daily_activity` alone.

Days are brought together by customer once. Then, without another shuffle, each day is taken to every cut-off after it,
days of one age bracket are merged, and the brackets are put together to windows: conditions on windows meet at most
`len(_AGES) + 1` rows per customer and cut-off instead of every day.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.errors import require_columns
from spark_assets.features.linear_counting import WORDS
from spark_assets.features.registry import FEATURES, NEEDS
from spark_assets.features.registry.feature import day_value, sources_of
from spark_assets.features.registry.formulas import FIRST_ACTION, LAST_ACTION, LAST_LEVEL_CHANGE, LIFE, Need, sum_name
from spark_assets.lake.schema import CUT_OFF, EVENT_DATE, LABEL, USER_ID

CUSTOMER_COLUMNS = ("gender", "level", "registered_on", "first_seen_on", "last_seen_at", "cancelled_on")
"""What `features_at` tells of a customer beside the features: as of the cut-off, null where the logs are silent."""

_PROFILE = ("gender", "level", "device")
_FACT_SOURCES = ("registered_at", "cancelled_at", "last_event_at")
_AGE = "age"
_AGES = tuple(sorted({need.window for need in NEEDS if isinstance(need.window, int)}))
"""Oldest day, counted back from the cut-off, of each bracket; the last bracket has no end."""

_NEXT_STRETCH = "next_stretch_on"
"""Of a day: the first day of the membership after the one that it belongs to, null in the last one."""

_OPEN_END = 1_000_000
_MERGES = {"sum": F.sum, "min": F.min, "max": F.max, "or": F.bit_or}


def features_at(daily: DataFrame, cut_offs: Sequence[date]) -> DataFrame:
    """Features of every customer seen before each cut-off, from days strictly before it.

    Whoever cancelled and came back before the cut-off is a customer again: features and `cancelled_on` are of the
    membership under way, as if the days before it were another customer's; `first_seen_on` is of all.

    Args:
        daily: `daily_activity`.
        cut_offs: first UTC dates that are *not* known; the as-of date is the day before.

    Returns:
        A row per (`cut_off`, `user_id`) with `CUSTOMER_COLUMNS` and one double per feature of the registry. For an
        account that cancelled before the cut-off, `account_age_days` ends with the cancellation.
    """
    require_columns(daily, _daily_columns())
    days = daily.repartition(USER_ID).join(returns(daily), on=USER_ID, how="left")
    merged = (
        _known_before(days.select(*_day_columns()), cut_offs)
        .groupBy(CUT_OFF, USER_ID, _AGE)
        .agg(*_merge_days(), *_facts())
        .groupBy(CUT_OFF, USER_ID)
        .agg(*_merge_ages(), *_facts())
    )
    known = merged.select("*", *_customer_columns()).join(_profiles(daily), on=[USER_ID, "profile_on"], how="left")
    return (
        known.select("*", *_dates())
        .select("*", *_shares())
        .select(CUT_OFF, USER_ID, *CUSTOMER_COLUMNS, *_feature_columns())
    )


def returns(daily: DataFrame) -> DataFrame:
    """Customers who came back on a day after a cancellation: few, beside all.

    Returns:
        (`user_id`, `back_on`, `first_ever_on`): the first active day after each cancellation, and the first of all.
    """
    cancelled = daily.where(F.col("cancelled_at").isNotNull()).select(USER_ID, F.col(EVENT_DATE).alias("left_on"))
    after = F.when(F.col(EVENT_DATE) > F.col("left_on"), F.col(EVENT_DATE))
    return (
        daily.select(USER_ID, EVENT_DATE)
        .join(cancelled, on=USER_ID, how="inner")
        .groupBy(USER_ID, "left_on")
        .agg(F.min(after).alias("back_on"), F.min(EVENT_DATE).alias("first_ever_on"))
        .where(F.col("back_on").isNotNull())
        .groupBy(USER_ID)
        .agg(F.collect_set("back_on").alias("back_on"), F.min("first_ever_on").alias("first_ever_on"))
    )


def seen_within(features: DataFrame, days: int) -> DataFrame:
    """Customers seen in the last `days` days before their cut-off, and not yet cancelled at it."""
    alive = F.col("cancelled_on").isNull()
    return features.where(alive & (F.date_diff(F.col(CUT_OFF), F.to_date("last_seen_at")) <= days))


def _daily_columns() -> list[str]:
    columns = [column for need in NEEDS for column in sources_of(need.source)]
    return list(dict.fromkeys([USER_ID, EVENT_DATE, *columns, *_PROFILE, *_FACT_SOURCES]))


def _words(need: Need) -> Iterable[tuple[str, str]]:
    """Columns of a set of linear counting: by day and by window."""
    return ((f"{need.source}_{word}", f"{need.name}_{word}") for word in range(WORDS))


def _merges() -> dict[str, tuple[str, str]]:
    """Every column that days are merged in: from which column, and how. One source may be merged in several ways."""
    columns: dict[str, tuple[str, str]] = {}
    for need in NEEDS:
        names = [day for day, _ in _words(need)] if need.merge == "or" else [need.source]
        columns |= {need.column_of(name): (name, need.merge) for name in names}
    return columns


def _day_columns() -> list[Column]:
    """What is needed of a day; a set of linear counting as one column for each long, which Spark merges by hashing."""
    sets = dict.fromkeys(need.source for need in NEEDS if need.merge == "or")
    values = dict.fromkeys(need.source for need in NEEDS if need.merge != "or")
    return [
        *(F.col(name) for name in (USER_ID, EVENT_DATE, *_FACT_SOURCES)),
        *(day_value(name) for name in values),
        *(F.col(name)[word].alias(f"{name}_{word}") for name in sets for word in range(WORDS)),
        F.coalesce("first_ever_on", EVENT_DATE).alias("first_seen_on"),
        F.col(EVENT_DATE).alias("last_seen_on"),
        F.array_min(F.filter("back_on", lambda day: day > F.col(EVENT_DATE))).alias(_NEXT_STRETCH),
    ]


def _known_before(days: DataFrame, cut_offs: Sequence[date]) -> DataFrame:
    """Each day once for every cut-off that comes after it, with its age bracket."""
    ends = F.array(*[F.lit(cut_off) for cut_off in cut_offs])
    # Filtering after the explode keeps the stage in one piece of generated code, which a filter of the array would not.
    return (
        days.where(F.col(EVENT_DATE) < F.lit(max(cut_offs)))
        .select("*", F.explode(ends).alias(CUT_OFF))
        .where(F.col(EVENT_DATE) < F.col(CUT_OFF))
        .where(F.coalesce(F.col(_NEXT_STRETCH) >= F.col(CUT_OFF), F.lit(True)))
        .withColumn(_AGE, _age_bracket())
    )


def _age_bracket() -> Column:
    days_before = F.date_diff(F.col(CUT_OFF), F.col(EVENT_DATE))
    bracket = F.when(days_before <= _AGES[0], _AGES[0])
    for age in _AGES[1:]:
        bracket = bracket.when(days_before <= age, age)
    return bracket.otherwise(_OPEN_END)


def _merge_days() -> list[Column]:
    return [_MERGES[merge](name).alias(merged) for merged, (name, merge) in _merges().items()]


def _merge_ages() -> list[Column]:
    return [column for need in NEEDS for column in _merge_window(need)]


def _merge_window(need: Need) -> list[Column]:
    pairs = list(_words(need)) if need.merge == "or" else [(need.column_of(need.source), need.name)]
    return [_MERGES[need.merge](_within(name, need)).alias(merged) for name, merged in pairs]


def _within(name: str, need: Need) -> Column:
    if need.window == LIFE:
        return F.col(name)
    inside = F.when(F.col(_AGE) <= need.window, F.col(name))
    return inside.otherwise(0) if need.merge in ("sum", "or") else inside


def _facts() -> list[Column]:
    return [
        F.min("registered_at").alias("registered_at"),
        F.min("first_seen_on").alias("first_seen_on"),
        F.max("last_seen_on").alias("last_seen_on"),
        F.max("last_event_at").alias("last_event_at"),
        F.max("cancelled_at").alias("cancelled_at"),
    ]


def _customer_columns() -> list[Column]:
    return [
        F.date_sub(F.col(CUT_OFF), 1).alias("as_of"),
        F.to_date("registered_at").alias("registered_on"),
        F.col("last_event_at").alias("last_seen_at"),
        # whoever was heard after the last cancellation has come back
        F.when(F.col("cancelled_at") >= F.col("last_event_at"), F.to_date("cancelled_at")).alias("cancelled_on"),
        F.coalesce(LAST_ACTION.name, "last_seen_on").alias("profile_on"),
    ]


def _profiles(daily: DataFrame) -> DataFrame:
    """What each day says of its customer. Joined by the day rather than merged: text cannot be merged by hashing."""
    return daily.select(USER_ID, F.col(EVENT_DATE).alias("profile_on"), *_PROFILE)


def _dates() -> list[Column]:
    """Facts in days."""
    known = F.col(FIRST_ACTION.name)
    changed = F.coalesce(LAST_LEVEL_CHANGE.name, "registered_on", known)
    steps = F.nullif(F.col(sum_name("days_active", LIFE)) - 1, F.lit(0))
    return [
        F.date_diff(F.coalesce("cancelled_on", "as_of"), F.col("registered_on")).alias("account_age_days"),
        F.date_diff("as_of", known).alias("days_known"),
        F.date_diff("as_of", changed).alias("days_on_level"),
        (F.date_diff(LAST_ACTION.name, known) / steps).alias("gap_days"),
    ]


def _shares() -> list[Column]:
    return [(F.date_diff("as_of", LAST_ACTION.name) / F.col("gap_days")).alias("silence_against_gap")]


def _feature_columns() -> list[Column]:
    return [feature.formula.column().cast("double").alias(feature.name) for feature in FEATURES]


def rolling_cut_offs(
    first_day: date, last_day: date, horizon_days: int, every_days: int, history_days: int
) -> list[date]:
    """Cut-offs whose horizon is complete within the data, newest first.

    Args:
        first_day, last_day: first and last UTC date with events.
        horizon_days: days after a cut-off that the label looks at.
        every_days: distance between two cut-offs.
        history_days: least days of data before a cut-off.
    """
    newest = last_day + timedelta(days=1 - horizon_days)
    oldest = first_day + timedelta(days=history_days)
    steps = max((newest - oldest).days // every_days + 1, 0)
    return [newest - timedelta(days=every_days * step) for step in range(steps)]


def with_label(features: DataFrame, daily: DataFrame, horizon_days: int) -> DataFrame:
    """Add `label`: 1.0 when a `Cancellation Confirmation` falls on a day in [cut-off, cut-off + horizon), else 0.0.

    Whoever came back may cancel again: every cancellation counts.
    """
    cancelled = daily.where(F.col("cancelled_at").isNotNull())
    left = cancelled.groupBy(USER_ID).agg(F.collect_set(EVENT_DATE).alias("left_on"))

    def within_horizon(day: Column) -> Column:
        days = F.date_diff(day, F.col(CUT_OFF))
        return (days >= 0) & (days < horizon_days)

    leaves = F.exists("left_on", within_horizon)
    return (
        features.join(left, on=USER_ID, how="left")
        .withColumn(LABEL, F.coalesce(leaves.cast("double"), F.lit(0.0)))
        .drop("left_on")
    )
