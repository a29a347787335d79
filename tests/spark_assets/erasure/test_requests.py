from pathlib import Path

import pytest

from spark_assets.erasure.requests import erased_numbers, update
from spark_assets.errors import PublishError
from spark_assets.lake.do_not_load import DoNotLoad, save
from tests.spark_assets.publishing.conftest import run_sql

ADD = "insert into erased_customer (customer_number, pseudonym, erased_at, erased_by, reason) values "


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
