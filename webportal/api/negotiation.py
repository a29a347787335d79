"""The API speaks JSON, whatever a caller would rather have."""

from collections.abc import Sequence

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class JsonAlone(BaseContentNegotiation):
    """Takes the one renderer there is: an `Accept` that nobody can meet is no reason to tell nothing."""

    def select_parser(self, request: Request, parsers: Sequence[BaseParser]) -> BaseParser:
        """Return the first parser."""
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer and its media type."""
        return renderers[0], renderers[0].media_type
