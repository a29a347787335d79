"""Choosing TCP ports on 127.0.0.1."""

import random
import socket
from collections.abc import Iterable

from deploy.local.errors import LocalError

HOST = "127.0.0.1"
# below the range that the system hands out to outgoing connections, so a remembered port stays free
SERVICE_RANGE = range(20000, 32000)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def first_free(wanted: Iterable[int]) -> int:
    """Return the first free port of `wanted`.

    Raises:
        LocalError: none is free.
    """
    tried = []
    for port in wanted:
        if is_free(port):
            return port
        tried.append(port)
    raise LocalError(
        f"No free port between {min(tried)} and {max(tried)} on {HOST}: stop a program that listens there."
    )


def service_port(remembered: int | None = None) -> int:
    """Return the remembered port when it is free, else a random free one of the service range."""
    if remembered and is_free(remembered):
        return remembered
    # many clones may start at once: at random they seldom choose the same
    return first_free(random.sample(SERVICE_RANGE, 50))
