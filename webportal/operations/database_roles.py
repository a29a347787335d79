"""What each database role may do with which table, worked out from contract and models.

Three roles and one that nobody signs in as, made by `deploy/postgres/roles.sql` (docs/adr/0016): the owner migrates,
`encore_publisher` writes snapshots through `encore_snapshots`, `encore_portal` serves pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg2 import sql

from spark_assets import contracts

PORTAL = "encore_portal"
PUBLISHER = "encore_publisher"
SNAPSHOTS = "encore_snapshots"
RETENTION = "audit_delete_older_than"
"""The one way by which the audit loses what is old, see the migrations of `audit`."""
ROLES = (PORTAL, PUBLISHER, SNAPSHOTS)

_CHANGE = "SELECT, INSERT, UPDATE, DELETE"
_APPEND = "SELECT, INSERT"
_READ = "SELECT"
_ERASE = "SELECT, DELETE"


@dataclass(frozen=True)
class Grant:
    """Privileges on one table, view or sequence for one role."""

    privileges: str
    kind: str
    name: str
    role: str


def roles_present() -> bool:
    """Tell whether this cluster keeps the roles apart."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
        (count,) = cursor.fetchall()[0]
    return bool(count == len(ROLES))


@transaction.atomic
def apply_grants() -> list[Grant]:
    """Take from the roles what they have, and grant what they need; the connection must own the tables."""
    found = list(grants())
    with connection.cursor() as cursor:
        for statement in _preparing():
            cursor.execute(statement)
        for grant in found:
            cursor.execute(
                sql.SQL("GRANT {} ON {} {} TO {}").format(
                    sql.SQL(grant.privileges),
                    sql.SQL(grant.kind),
                    sql.Identifier(grant.name),
                    sql.Identifier(grant.role),
                )
            )
    return found


def grants() -> Iterator[Grant]:
    """Return every grant, table by table."""
    published = {table.name for table in published_tables()}
    partitioned = {table.name for table in contracts.PARTITIONED_TABLES}
    for name in sorted(published):
        # a person is erased from snapshots by the portal, at once
        yield Grant(_ERASE if name in partitioned else _READ, "TABLE", name, PORTAL)
        if name not in partitioned:  # those it owns
            yield Grant(_CHANGE, "TABLE", name, SNAPSHOTS)
    yield Grant(_READ, "TABLE", contracts.CURRENT_CUSTOMER_VIEW, PORTAL)
    yield Grant(_READ, "TABLE", contracts.CURRENT_CUSTOMER_VIEW, SNAPSHOTS)
    yield Grant(_READ, "TABLE", contracts.PSEUDONYMOUS_CUSTOMER_VIEW, PORTAL)
    # the right to change is what PostgreSQL wants for the lock that keeps an erasure and a publish apart
    yield Grant("SELECT, UPDATE", "TABLE", contracts.ERASED_CUSTOMER, SNAPSHOTS)
    yield Grant("USAGE, SELECT", "SEQUENCE", "snapshot_id_seq", SNAPSHOTS)
    yield from _of_portal(published)


def _of_portal(published: set[str]) -> Iterator[Grant]:
    """Return the grants on the portal's own tables; a model says itself that it is `append_only`."""
    yield Grant(_READ, "TABLE", "django_migrations", PORTAL)
    yield Grant(_CHANGE, "TABLE", str(settings.CACHES["default"]["LOCATION"]), PORTAL)
    yield Grant("EXECUTE", "FUNCTION", RETENTION, PORTAL)
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.managed and not meta.proxy and meta.db_table not in published:
            append_only = getattr(model, "append_only", False)
            yield Grant(_APPEND if append_only else _CHANGE, "TABLE", meta.db_table, PORTAL)


def published_tables() -> list[contracts.Table]:
    """Return the tables that the contract names."""
    return [each for each in vars(contracts).values() if isinstance(each, contracts.Table)]


def _preparing() -> Iterator[sql.Composable]:
    database, public = sql.Identifier(str(connection.settings_dict["NAME"])), sql.Identifier("public")
    roles = sql.SQL(", ").join(map(sql.Identifier, ROLES))
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, roles)
    yield sql.SQL("REVOKE ALL ON SCHEMA {} FROM PUBLIC, {}").format(public, roles)
    yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(public, roles)
    yield sql.SQL("GRANT CREATE ON SCHEMA {} TO {}").format(public, sql.Identifier(SNAPSHOTS))
    portal = sql.Identifier(PORTAL)
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}, {}").format(public, portal, sql.Identifier(PUBLISHER))
    yield sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA {} FROM {}").format(public, portal)
    for table in contracts.PARTITIONED_TABLES:
        statement = sql.SQL("ALTER TABLE {} OWNER TO {}")
        yield from (
            statement.format(sql.Identifier(name), sql.Identifier(SNAPSHOTS)) for name in _of_other_owners(table)
        )


def _of_other_owners(table: contracts.Table) -> list[str]:
    """Return the names of the table and its partitions that were made before the roles were kept apart.

    `ALTER TABLE ... OWNER` waits for each reader, even where it changes nothing, and holds up every page meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_partition_tree(%s) JOIN pg_class c ON c.oid = relid "
            "WHERE pg_get_userbyid(c.relowner) <> %s",
            [table.name, SNAPSHOTS],
        )
        return [name for (name,) in cursor.fetchall()]
