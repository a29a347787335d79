"""Postgres restarted in the midst of COPY: readers keep the snapshot, and another try publishes."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from pyspark.sql import DataFrame, SparkSession

from deploy.local.postgres import EmbeddedPostgres
from spark_assets.errors import PostgresAwayError
from spark_assets.publishing.publish import publish
from tests.spark_assets.publishing.conftest import own_postgres, run_sql
from tests.spark_assets.publishing.snapshots import FACTS, customer, frame, publish_rows, summary_of

pytestmark = pytest.mark.slow("a drill: Postgres restarted within COPY")

PATIENCE_SECONDS = 60


class Wire(socketserver.ThreadingTCPServer):
    """The way to a Postgres, on which everything behind the word COPY is held up until it has restarted."""

    daemon_threads = True

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.postgres = postgres
        self.copying, self.restarted = threading.Event(), threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()
        threading.Thread(target=self._restart_when_copying, daemon=True).start()

    @property
    def url(self) -> str:
        """Address of Postgres by this way."""
        parts = urlsplit(str(self.postgres.url))
        return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{self.server_address[1]}")))

    def _restart_when_copying(self) -> None:
        if self.copying.wait(PATIENCE_SECONDS):
            self.postgres.stop()
            self.postgres.start()
            self.restarted.set()


class _Connection(socketserver.BaseRequestHandler):
    server: Wire

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", int(urlsplit(str(self.server.postgres.url)).port or 0))) as server:
            back = threading.Thread(target=self._answer, args=(server,), daemon=True)
            back.start()
            while told := self.request.recv(65_536):
                server.sendall(told)
                if b"COPY " in told:
                    self.server.copying.set()
                    self.server.restarted.wait(PATIENCE_SECONDS)
                    break
            server.shutdown(socket.SHUT_WR)
            back.join()

    def _answer(self, server: socket.socket) -> None:
        while answer := server.recv(65_536):
            self.request.sendall(answer)


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    with own_postgres() as made:
        yield made


def current(url: str) -> list[tuple[object, ...]]:
    return run_sql(url, "select customer_number from current_customer order by 1")


def test_a_restart_is_told_as_such_and_the_next_try_publishes(spark: SparkSession, server: EmbeddedPostgres) -> None:
    rows = [customer("2"), customer("3")]
    publish_rows(spark, str(server.url), [customer("1")])

    def rows_of(snapshot_id: int) -> DataFrame:
        return frame(spark, rows, snapshot_id).coalesce(1)

    with Wire(server) as wire:
        with pytest.raises(PostgresAwayError, match="Postgres at "):
            publish(wire.url, rows_of, lambda _: summary_of(rows), FACTS, 90)
        assert wire.restarted.wait(PATIENCE_SECONDS)
        wire.shutdown()
    assert current(str(server.url)) == [("1",)]
    publish_rows(spark, str(server.url), rows)
    assert current(str(server.url)) == [("2",), ("3",)]
    tables = run_sql(str(server.url), "select relname from pg_class where relkind = 'r' and relname like '%_stage_%'")
    assert tables == []
