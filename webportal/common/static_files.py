"""Static files: browser files of Dash, and names and compression behind TLS."""

from collections.abc import Iterable, Iterator

from django.core.files.storage import FileSystemStorage
from django_plotly_dash.finders import DashComponentFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage


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


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # untyped base
    """Hashed and compressed files, looking for references in style sheets only.

    Django also follows the source map comment of each script, and fails on Dash's, whose maps we leave out.
    """

    patterns = tuple(entry for entry in CompressedManifestStaticFilesStorage.patterns if entry[0] == "*.css")
