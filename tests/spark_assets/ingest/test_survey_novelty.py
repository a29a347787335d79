from spark_assets.ingest.survey import SurveyedFile, SurveyedRange, known_sizes, part
from spark_assets.lake.ledger import FileEntry, Ledger, LogFile
from tests.spark_assets.lake.test_ledger import batch, file_entry


def known(name: str, content_hash: str, size: int = 10, **changes: object) -> FileEntry:
    return file_entry(name, content_hash, size=size, whole_lines=8, line_ends=3, **changes)


def seen(
    name: str, content_hash: str, size: int = 10, prefix_hash: str | None = None, damage: str | None = None
) -> SurveyedFile:
    file = LogFile(name, size, 0)
    return SurveyedFile(file, content_hash, (SurveyedRange(file, 0, size, damage=damage),), prefix_hash)


LEDGER = Ledger((batch(1, known("a.json", "x"), known("b.json.gz", "y"), known("empty.json", "e", size=0)),))


def test_only_plain_files_that_grew_are_looked_at_for_what_was_appended() -> None:
    files = [
        LogFile("a.json", 11, 1),
        LogFile("b.json.gz", 11, 1),
        LogFile("empty.json", 11, 1),
        LogFile("new.json", 11, 1),
    ]
    assert known_sizes(LEDGER, files) == {"a.json": 10}
    assert known_sizes(LEDGER, [LogFile("a.json", 10, 9), LogFile("a.json", 9, 9)]) == {}


def test_content_that_came_before_is_a_duplicate_of_its_first_name() -> None:
    found = part(LEDGER, [seen("a.json", "x"), seen("c.json", "y"), seen("d.json", "z"), seen("e.json", "z")])
    assert [(item.surveyed.file.name, item.first) for item in found.duplicates] == [
        ("a.json", "a.json"),
        ("c.json", "b.json.gz"),
        ("e.json", "d.json"),
    ]
    assert [item.surveyed.file.name for item in found.new] == ["d.json"]


def test_of_a_file_that_grew_only_the_rest_is_new() -> None:
    (grown,) = part(LEDGER, [seen("a.json", "z", 20, prefix_hash="x")]).new
    assert (grown.from_byte, grown.lines_before, grown.continues) == (8, 3, 1)


def test_a_file_that_grew_into_one_known_already_is_told_to_continue_its_batch() -> None:
    (grown,) = part(LEDGER, [seen("a.json", "y", 20, prefix_hash="x")]).duplicates
    assert (grown.first, grown.continues) == ("b.json.gz", 1)


def test_a_file_that_changed_is_read_from_its_start() -> None:
    (changed,) = part(LEDGER, [seen("a.json", "z", 20, prefix_hash="other")]).new
    assert (changed.from_byte, changed.lines_before, changed.continues) == (0, 0, None)


def test_empty_files_are_no_duplicates_and_damaged_ones_are_left_out() -> None:
    found = part(LEDGER, [seen("again.json", "e", 0), seen("cut.json.gz", "x", damage="it ends too early")])
    assert [item.surveyed.file.name for item in found.new] == ["again.json"]
    assert (found.duplicates, found.damaged) == ((), {"cut.json.gz": "it ends too early"})
