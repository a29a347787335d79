"""Finds the browser files of Dash for `collectstatic` and WhiteNoise."""

from collections.abc import Iterable, Iterator

from django.core.files.storage import FileSystemStorage
from django_plotly_dash.finders import DashComponentFinder


class DashFilesFinder(DashComponentFinder):  # type: ignore[misc] # untyped base
    """Django-plotly-dash's finder without source maps and metadata, and which WhiteNoise can ask.

    WhiteNoise passes None for the patterns to ignore, which the original cannot take.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ignore_patterns = ["*.py", "*.pyc", "*.map", "*.json", "*.jl", "__pycache__", ".gitkeep"]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield each file's path and storage."""
        yield from super().list([*(ignore_patterns or ())])
