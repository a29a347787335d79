"""Which columns of `customer_snapshot` others than the desk may read: those that stand here, and no other."""

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
