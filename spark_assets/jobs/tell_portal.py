"""Telling the portal of a run that failed; needs no Spark, so that whoever watches runs can do it."""

from datetime import datetime

from spark_assets.publishing.database import check_url, publisher_url_if_any
from spark_assets.publishing.failures import note_failure

TOLD = "The portal says so."


def tell_portal(run_id: str, failed_at: datetime, causes: str) -> str:
    """Have the portal show that a run failed; returns in words what came of it.

    Raises:
        SettingsError: the database's address is none.
        PublishError: it cannot be reached, or is not migrated.
    """
    url = publisher_url_if_any()
    if not url:
        return "No database is set here (PUBLISH_DATABASE_URL or DATABASE_URL), so the portal is not told."
    told = note_failure(check_url(url), run_id, failed_at, causes)
    return TOLD if told else "A newer run has ended since, so the portal is not told."
