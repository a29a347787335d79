import socket

import pytest

from deploy.local import processes
from deploy.local.console import LocalError


def test_a_taken_port_is_passed_over() -> None:
    with socket.create_server((processes.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert not processes.is_free(port)
        assert processes.first_free([port, port + 1, port + 2]) > port
        assert processes.service_port(port) != port


def test_the_remembered_port_is_kept_when_free() -> None:
    port = processes.service_port()
    assert processes.service_port(port) == port


def test_none_free_is_one_clear_message() -> None:
    with socket.create_server((processes.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LocalError, match=f"No free port between {port} and {port}"):
            processes.first_free([port])
