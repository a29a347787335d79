"""`EMAIL_URL`: where mails of the portal and notices are handed in. It carries a password and is never shown."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
SHAPE = (
    "smtps://user:password@host:465 (TLS from the start), smtp://user:password@host:587 (STARTTLS) "
    "or smtp+plain://127.0.0.1:25 (a relay on this machine)"
)
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class MailServer:
    """A mail server. `security` is `smtps` (TLS from the start), `smtp` (STARTTLS) or `smtp+plain`."""

    host: str
    port: int
    security: str
    user: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> "MailServer":
        """Parse `EMAIL_URL`; the way is encrypted, except to this very machine.

        Raises:
            ValueError: it has another form; the text says which, and shows no part of it.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError(f"EMAIL_URL is not of the form {SHAPE}.") from None
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(f"EMAIL_URL is not of the form {SHAPE}.")
        if parts.scheme == "smtp+plain" and parts.hostname not in THIS_MACHINE:
            raise ValueError(
                "EMAIL_URL: smtp+plain is for a relay on this machine only, as in smtp+plain://127.0.0.1:25."
            )
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port or PORTS[parts.scheme], parts.scheme, user, password)
