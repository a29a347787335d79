"""Log lines as JSON, each with the id of the request it was written in."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Of the request that this thread answers."""

FIGURES = "figures"
"""Who logs a line gives its figures by name under this one of `extra`."""


class RequestId(logging.Filter):
    """Notes the request's id on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.request_id = request_id.get()
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request id, and the figures that came with it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback is a text within it."""
        document: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
        }
        document |= getattr(record, FIGURES, {})
        if record.exc_info:
            document["exception"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False)
