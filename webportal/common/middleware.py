"""The Content-Security-Policy of every page."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse

DASH_STARTER = "var renderer = new DashRenderer();"
"""The one inline script of a Dash page; a test fails when a new Dash writes it differently."""


def script_hash(source: str) -> str:
    """Return the policy's name for the inline script `source`."""
    return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"


POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {script_hash(DASH_STARTER)}",
        # Plotly and Dash place their drawings with style attributes and elements, which have no fixed text to hash.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)


class ContentSecurityPolicyMiddleware:
    """Sets `POLICY` on each response, so that no page can load from, or send to, another host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request` and add the header."""
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        return response
