"""Everything that the database holds, table by table, to be compared: whatever was written somewhere, shows."""

from collections.abc import Collection

from django.db import connection

BY_LOOKING = {
    "audit_event": "who looked at whom is written down",
    "django_session": "when a session was last used",
    "usersessions_usersession": "which sessions there are",
    "portal_cache": "requests are counted, for the limits of rates",
    "api_rate_window": "so are those of programs",
    "django_plotly_dash_statelessapp": "django-plotly-dash notes an app when it is first asked for",
}
"""Tables that looking may write, and why; no customer's figures and nobody's work is in them."""


def stored(leaving: Collection[str] = tuple(BY_LOOKING)) -> dict[str, str]:
    """Return a digest of the rows of each table but `leaving`."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by tablename")
        names = [name for (name,) in cursor.fetchall() if name not in leaving]
        digests = {}
        for name in names:
            cursor.execute(f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from \"{name}\" t")  # noqa: S608 - the catalogue's own names
            (digests[name],) = cursor.fetchall()[0]
    return digests
