"""The databases of the publishing tests."""

from tests.spark_assets.publishing.conftest import bare_database, database, migrated, server

__all__ = ["bare_database", "database", "migrated", "server"]
