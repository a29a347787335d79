"""Bodies that come in chunks, without a length: Django reads as many bytes as a length announces, and so none."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings

BROKEN_BODY = "encore.broken_body"
"""In the environment of a request whose chunks were none; `RequestLimitsMiddleware` refuses it."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_length(application: Application) -> Application:
    """Return an application that reads a chunked body first, and so knows its length.

    One byte more than a body may have is read at most: the limit on lengths then refuses it.
    """

    def reading(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING") and environ.get("wsgi.input_terminated"):
            try:
                body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
            except OSError:  # gunicorn's errors of chunks are such
                body, environ[BROKEN_BODY] = b"", True
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return application(environ, start_response)

    return reading
