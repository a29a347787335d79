import json
from pathlib import Path

import pyarrow as pa
import pytest

from spark_assets.erasure.do_not_load import DoNotLoad, erased_numbers, load, save, update, with_numbers
from spark_assets.errors import PublishError
from tests.spark_assets.publishing.conftest import run_sql

LISTED = with_numbers(DoNotLoad("salt"), ["7", " 8 "])
ADD = "insert into erased_customer (customer_number, pseudonym, erased_at, erased_by, reason) values "


def test_tells_who_is_on_the_list() -> None:
    assert [number in LISTED for number in ("7", "8", " 7", "77", "", None)] == [True, True, True, False, False, False]
    assert "7" not in DoNotLoad("salt")


@pytest.mark.parametrize(
    ("raw", "held"),
    [
        (b'{"userId":"7","page":', True),
        (b'{"userId" : 7, oops', True),
        (b'{"page":"Home","userId":"77"}', False),
        (b'{"sessionId":7}', False),
        (b"\xff\xfe", False),
    ],
)
def test_finds_a_customer_in_a_line_that_cannot_be_parsed(raw: bytes, held: bool) -> None:
    assert LISTED.holds_line(raw) is held


def test_tells_which_rows_belong_to_the_list() -> None:
    numbers = pa.chunked_array([["7", "9"], [None, "8"]])
    found = LISTED.holds(numbers)
    assert found is not None
    assert found.to_pylist() == [True, False, False, True]
    assert LISTED.holds(pa.chunked_array([["9", None]])) is None


def test_the_document_names_nobody(tmp_path: Path) -> None:
    save(str(tmp_path), with_numbers(DoNotLoad("salt"), ["300001"]))
    text = (tmp_path / "do_not_load.json").read_text()
    assert "300001" not in text
    assert set(json.loads(text)) == {"salt", "hashes", "pending", "names"}
    assert "300001" in load(str(tmp_path))


def test_a_list_of_an_earlier_version_is_pending_as_a_whole(tmp_path: Path) -> None:
    old = {"salt": LISTED.salt, "hashes": sorted(LISTED.hashes), "pending": []}
    (tmp_path / "do_not_load.json").write_text(json.dumps(old))
    assert load(str(tmp_path)) == LISTED


def test_two_lakes_hash_differently(tmp_path: Path) -> None:
    assert load(str(tmp_path / "a")).salt != load(str(tmp_path / "b")).salt


def test_takes_over_the_portals_table_and_never_lets_anybody_go(tmp_path: Path, database: str) -> None:
    lake = str(tmp_path)
    assert update(lake, database).hashes == frozenset()
    run_sql(database, ADD + "('7', '', now(), 'admin', 'asked')")
    first = update(lake, database)
    assert ("7" in first, len(first.pending)) == (True, 1)
    save(lake, DoNotLoad(first.salt, first.hashes))
    run_sql(database, "delete from erased_customer", ADD + "('8', '', now(), 'admin', 'asked')")
    second = update(lake, database)
    assert ("7" in second, "8" in second, len(second.pending)) == (True, True, 1)
    assert update(lake, None) == second


def test_a_database_without_the_portals_tables_erases_nobody(bare_database: str) -> None:
    assert erased_numbers(bare_database) == []


def test_nothing_is_loaded_while_the_list_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="Cannot reach Postgres"):
        update(str(tmp_path), "postgresql://nobody:x@127.0.0.1:1/none")
