"""The views over `customer_snapshot`: made anew by each migration that changes the table's columns.

    migrations.RunPython(recreate_published_views, recreate_published_views)

They are built from the columns that the table has at that point of the migrations. A new column is null for analysts
until the contract lists it in `OPEN_TO_ANALYSTS`.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from spark_assets.contracts import (
    CURRENT_CUSTOMER_VIEW,
    CUSTOMER_SNAPSHOT,
    OPEN_TO_ANALYSTS,
    PSEUDONYMOUS_CUSTOMER_VIEW,
)
from webportal.customers.models import PATTERN

INSTEAD = {"customer_number": "pseudonym", "location": f"substring(location, '{PATTERN}')"}
"""What analysts get in place of a personal column; any other that is not open to them is null."""


def recreate_published_views(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop both views and make them from the table's columns; without pseudonyms there is none for analysts."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"drop view if exists {PSEUDONYMOUS_CUSTOMER_VIEW}, {CURRENT_CUSTOMER_VIEW}")
        cursor.execute(
            f"create view {CURRENT_CUSTOMER_VIEW} as select c.* from {CUSTOMER_SNAPSHOT.name} c "  # noqa: S608 - our names
            "where c.snapshot_id = (select s.snapshot_id from current_snapshot s)"
        )
        cursor.execute(
            "select column_name, data_type from information_schema.columns where table_schema = current_schema() "
            "and table_name = %s order by ordinal_position",
            [CUSTOMER_SNAPSHOT.name],
        )
        columns = dict(cursor.fetchall())
        if "pseudonym" not in columns:
            return
        shown = ", ".join(f"{_told(name, kind)} as {name}" for name, kind in columns.items())
        cursor.execute(
            f"create view {PSEUDONYMOUS_CUSTOMER_VIEW} as "  # noqa: S608 - our names, and the catalogue's
            f"select {shown} from {CUSTOMER_SNAPSHOT.name} where pseudonym is not null"
        )


def _told(name: str, kind: str) -> str:
    return name if name in OPEN_TO_ANALYSTS else INSTEAD.get(name, f"null::{kind}")
