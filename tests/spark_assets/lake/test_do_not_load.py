import json
from pathlib import Path

import pyarrow as pa
import pytest

from spark_assets.lake.do_not_load import DoNotLoad, load, save, with_numbers

LISTED = with_numbers(DoNotLoad("salt"), ["7", " 8 "])


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
