"""Steps that look into the portal's database need one."""

from tests.spark_assets.publishing.conftest import database, migrated, server

__all__ = ["database", "migrated", "server"]
