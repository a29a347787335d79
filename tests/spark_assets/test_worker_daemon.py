import gc
import socket
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from pyspark.sql import SparkSession

from spark_assets.worker_daemon import acknowledge_at_once, leave_out_archives, without_waits


@pytest.fixture
def stream() -> Iterator[BinaryIO]:
    """Yield one end of a connection, to read from."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()),
        server.accept()[0] as accepted,
        accepted.makefile("rb") as reading,
    ):
        yield reading


def test_workers_import_from_no_archive_and_find_what_they_need(spark: SparkSession) -> None:
    def look(_: int) -> tuple[list[str], str]:
        import pyspark

        known = [path for path, finder in sys.path_importer_cache.items() if "zipimporter" in type(finder).__name__]
        return [path for path in [*sys.path, *known] if path.endswith((".zip", ".jar"))], pyspark.__file__

    archives, imported = spark.sparkContext.parallelize([1], 1).map(look).first()
    assert archives == []
    assert Path(imported).is_file()


def test_workers_run_encores_daemon_and_keep_what_modules_hold_out_of_collections(spark: SparkSession) -> None:
    def frozen(_: int) -> int:
        return gc.get_freeze_count()

    context = spark.sparkContext
    context.parallelize(range(4), 4).map(frozen).collect()
    assert min(context.parallelize(range(4), 4).map(frozen).collect()) > 10_000


def test_an_archive_is_left_out_though_it_was_imported_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "code.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("kept_in_a_zip.py", "")
    monkeypatch.setattr(sys, "path", [str(archive), *sys.path])
    monkeypatch.setattr(sys, "path_importer_cache", dict(sys.path_importer_cache))
    __import__("kept_in_a_zip")
    assert str(archive) in sys.path_importer_cache
    leave_out_archives()
    assert str(archive) not in sys.path
    assert str(archive) not in sys.path_importer_cache
    assert str(Path(pytest.__file__).parent.parent) in sys.path


@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="the system cannot be told to acknowledge at once")
def test_what_arrives_is_acknowledged_at_once(stream: BinaryIO) -> None:
    with socket.socket(fileno=stream.fileno()) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
        acknowledge_at_once(stream)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK) == 1
        connection.detach()


def test_a_worker_freezes_what_was_imported_once(stream: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(gc, "freeze", lambda: calls.append("freeze"))
    worker_main = without_waits(lambda infile, outfile: calls.append("task"))
    for _ in range(3):
        worker_main(stream, stream)
    assert calls == ["task", "freeze", "task", "task"]
    monkeypatch.setitem(sys.modules, "imported_by_the_fourth_task", gc)
    worker_main(stream, stream)
    assert calls[-2:] == ["task", "freeze"]


def test_a_worker_that_ends_in_an_error_ends_in_it(stream: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "freeze", lambda: None)

    def broken(_infile: BinaryIO, _outfile: BinaryIO) -> None:
        raise SystemExit(-1)

    with pytest.raises(SystemExit):
        without_waits(broken)(stream, stream)
