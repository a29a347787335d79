"""The views over `customer_snapshot`: made anew by each migration that changes the table's columns.

    migrations.RunPython(recreate_published_views, recreate_published_views)

They are built from the columns that the table has at that point of the migrations, so a new column is in both of them
unless it is personal: then its name belongs into `WITHHELD` here.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from spark_assets.contracts import CURRENT_CUSTOMER_VIEW, CUSTOMER_SNAPSHOT, PSEUDONYMOUS_CUSTOMER_VIEW
from webportal.customers.regions import PATTERN

WITHHELD = {
    "customer_number": "pseudonym",
    "first_name": "null::text",
    "last_name": "null::text",
    "name_key": "null::text",
    "last_name_key": "null::text",
    "hold_out_draw": "null::integer",  # drawn from the number without a key
    "location": f"substring(location, '{PATTERN}')",
}
"""What analysts get in place of a personal column."""


def recreate_published_views(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop both views and make them from the table's columns; without pseudonyms there is none for analysts."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"drop view if exists {PSEUDONYMOUS_CUSTOMER_VIEW}, {CURRENT_CUSTOMER_VIEW}")
        cursor.execute(
            f"create view {CURRENT_CUSTOMER_VIEW} as select c.* from {CUSTOMER_SNAPSHOT.name} c "  # noqa: S608 - our names
            "where c.snapshot_id = (select s.snapshot_id from current_snapshot s)"
        )
        cursor.execute(
            "select column_name from information_schema.columns where table_schema = current_schema() "
            "and table_name = %s order by ordinal_position",
            [CUSTOMER_SNAPSHOT.name],
        )
        columns = [name for (name,) in cursor.fetchall()]
        if "pseudonym" not in columns:
            return
        shown = ", ".join(f"{WITHHELD.get(name, name)} as {name}" for name in columns)
        cursor.execute(
            f"create view {PSEUDONYMOUS_CUSTOMER_VIEW} as "  # noqa: S608 - our names, and the catalogue's
            f"select {shown} from {CUSTOMER_SNAPSHOT.name} where pseudonym is not null"
        )
