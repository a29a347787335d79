"""Rights are granted anew at each `make up` and `make materialize`, and wait for nobody who reads."""

from contextlib import closing

import psycopg2

from tests.embedded import embedded_postgres
from tests.webportal.operations.test_database_roles import manage, publish_as, run


def test_an_open_report_holds_up_neither_rights_nor_pages() -> None:
    with embedded_postgres() as server:
        urls = server.role_urls()
        manage(urls.owner, "migrate", "-v", "0")
        manage(urls.owner, "database_roles")
        publish_as(urls.publisher)
        run(urls.owner, "ALTER ROLE CURRENT_USER SET lock_timeout = '5s'")
        with closing(psycopg2.connect(urls.owner)) as reader, reader.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM customer_snapshot")
            manage(urls.owner, "migrate", "-v", "0")
            manage(urls.owner, "database_roles")
            assert cursor.fetchall() == [(2,)]
