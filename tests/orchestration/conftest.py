"""A real Postgres with the portal's tables, as the publisher's tests have it."""

from tests.spark_assets.publishing.conftest import database, migrated, server

__all__ = ["database", "migrated", "server"]
