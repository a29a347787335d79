"""What each response tells the browser to guard: plain text, which the settings use too."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

DASH_STARTER = "var renderer = new DashRenderer();"
"""The one inline script of a Dash page; a test fails when a new Dash writes it differently."""

DASH_PATHS = "/charts/"

CARD_PATHS = "/card/"
"""Pages that other systems may frame."""


def source_hash(source: str) -> str:
    """Return the policy's name for an inline script or style element that holds `source`."""
    return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"


def _policy(scripts: str, styles: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            f"style-src {styles}",
            f"style-src-elem {styles}",
            # Bars get their length from style attributes, and Plotly its drawings, which have no fixed text to hash.
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "frame-src 'self'",
            "frame-ancestors 'self'",
            "form-action 'self'",
            "base-uri 'none'",
        )
    )


POLICY = _policy("'self'", "'self'")
# Dash's parts carry their style sheets in their scripts, and no list of hashes would outlive an upgrade.
DASH_POLICY = _policy(f"'self' {source_hash(DASH_STARTER)}", "'self' 'unsafe-inline'")

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation"),
            *("gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb"),
        )
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
"""On each response, whoever made it: a page, a static file, an error, a refusal."""


def guards_of(path: str, embedders: Sequence[str]) -> dict[str, str]:
    """Return the headers of every answer at `path`; `embedders` are the origins that may frame the card."""
    if path.startswith(CARD_PATHS):
        return _card_guards(embedders)
    return {"Content-Security-Policy": DASH_POLICY if path.startswith(DASH_PATHS) else POLICY, **HEADERS}


def _card_guards(embedders: Sequence[str]) -> dict[str, str]:
    """Return a policy of a page that only shows: no script, no form, no trace for others, framed by `embedders` alone.

    `X-Frame-Options` knows no list of hosts, so it stands where there is nobody to let in.
    """
    policy = (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        " ".join(("frame-ancestors", *(embedders or ("'none'",)))),
        "form-action 'none'",
        "base-uri 'none'",
    )
    guards = {name: value for name, value in HEADERS.items() if name != "X-Frame-Options"}
    framing = {} if embedders else {"X-Frame-Options": "DENY"}
    return {**guards, **framing, "Content-Security-Policy": "; ".join(policy), "Referrer-Policy": "no-referrer"}
