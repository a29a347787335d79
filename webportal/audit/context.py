"""The request that is being answered, for those who write audit events far from any view (model changes)."""

from contextvars import ContextVar

from django.http import HttpRequest

current_request: ContextVar[HttpRequest | None] = ContextVar("encore_request", default=None)
