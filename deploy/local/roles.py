"""The separate roles of the embedded Postgres: one that publishes and one that serves pages."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from deploy.local.database import CONNECT_TIMEOUT_S, connects
from deploy.local.errors import LocalError
from deploy.local.private_files import read_or_create_secret

SCRIPT = Path(__file__).resolve().parents[1] / "postgres" / "roles.sql"
PUBLISHER = "encore_publisher"
PORTAL = "encore_portal"


@dataclass(frozen=True)
class RoleUrls:
    """Who connects as whom: the owner migrates."""

    owner: str
    publisher: str
    portal: str


def ensure_roles(admin_url: str, owner_url: str, folder: Path) -> RoleUrls:
    """Make the roles beside the owner as the superuser of `admin_url`, and return the URLs of all.

    Their passwords are kept in `folder`. What the roles may do is granted by `manage.py database_roles`.
    """
    urls = {role: _url_of(role, owner_url, folder) for role in (PUBLISHER, PORTAL)}
    if not all(map(connects, urls.values())):
        _run_script(admin_url, owner_url, urls)
    return RoleUrls(owner_url, urls[PUBLISHER], urls[PORTAL])


def _run_script(admin_url: str, owner_url: str, urls: dict[str, str]) -> None:
    try:
        with closing(psycopg2.connect(admin_url, connect_timeout=CONNECT_TIMEOUT_S)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('encore.owner', %s, false)", [urlsplit(owner_url).username])
                cursor.execute(SCRIPT.read_text(encoding="utf-8"))
                for role, url in urls.items():
                    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
                    cursor.execute(statement.format(sql.Identifier(role), sql.Literal(urlsplit(url).password)))
    except psycopg2.Error as error:
        raise LocalError(f"The roles of the embedded Postgres cannot be made: {error.diag.message_primary}") from None


def _url_of(role: str, owner_url: str, folder: Path) -> str:
    parts = urlsplit(owner_url)
    password = read_or_create_secret(folder / f"password-{role}", 24)
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{parts.hostname}:{parts.port}"))
