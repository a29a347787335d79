"""CSV that a spreadsheet reads with accents and cannot take for formulas, written row by row."""

import codecs
import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        """Return the value."""
        return value


def harmless(value: object) -> str:
    """Return the text of a cell; one that a spreadsheet would compute gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def rows_as_csv(header: list[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a CSV with a header; cells are made harmless.

    It begins with the mark of UTF-8, without which Excel reads the letters of another alphabet.
    """
    writer = csv.writer(_Echo())
    yield codecs.BOM_UTF8.decode() + writer.writerow(header)
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def csv_response(name: str, header: list[str], rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """Return a download that is sent while it is read."""
    response = StreamingHttpResponse(rows_as_csv(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
