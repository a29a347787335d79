"""Questions to the snapshot that readers see."""

from spark_assets.publishing.database import connect


def mean_probability(url: str, horizon_days: int | None) -> float | None:
    """Mean churn probability of the current snapshot; None without one, or when it looks another way ahead."""
    statement = (
        "SELECT (SELECT avg(churn_probability) FROM current_customer) FROM snapshot "
        "JOIN current_snapshot USING (snapshot_id) WHERE horizon_days = %s"
    )
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement, (horizon_days,))
        found = cursor.fetchone()
    return float(found[0]) if found and found[0] is not None else None
