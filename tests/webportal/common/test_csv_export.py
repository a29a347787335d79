import pytest

from webportal.common.csv_export import harmless, rows_as_csv


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_what_a_spreadsheet_would_compute_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are() -> None:
    assert [harmless(value) for value in ("Zoë, of Bozeman", 7, None)] == ["Zoë, of Bozeman", "7", ""]


def test_rows_are_quoted_where_needed() -> None:
    """Behind the mark of UTF-8, by which Excel knows the letters."""
    assert "".join(rows_as_csv(["a", "b"], [["x,y", '"']])) == '\ufeffa,b\r\n"x,y",""""\r\n'
