"""House sizes of STYLE: a file over 250 lines wants splitting."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 250


def test_no_file_of_the_portal_is_too_long() -> None:
    files = [*(ROOT / "webportal").rglob("*.py"), *(ROOT / "tests/webportal").rglob("*.py")]
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}
    assert len(lengths) > 40
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
