"""One POST: signed so that the other side can check it, to the judged address, following nothing, bounded in time."""

import hmac
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from tests.webportal.alerts.conftest import SECRET, Receiver
from webportal.alerts.webhooks import PostFailedError, TargetRefusedError, post, sign

BODY = '{"number":"7","place":"Zürich"}'.encode()


def test_arrives_signed_over_time_and_body(receiver: Receiver) -> None:
    post(f"{receiver.address}?a=b", SECRET, 1_700_000_000, BODY)
    path, headers, body = receiver.got[0]
    assert (path, body) == ("/encore?a=b", BODY)
    assert headers["Content-Type"] == "application/json"
    expected = hmac.new(SECRET.encode(), headers["Encore-Timestamp"].encode() + b"." + body, sha256).hexdigest()
    assert headers["Encore-Signature"] == f"sha256={expected}"
    assert headers["Encore-Timestamp"] == "1700000000"
    assert SECRET not in str(headers)


def test_another_secret_time_or_body_signs_otherwise() -> None:
    signatures = {sign("a", 1, b"x"), sign("b", 1, b"x"), sign("a", 2, b"x"), sign("a", 1, b"y"), sign("a", 11, b"x")}
    assert len(signatures) == 5


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.status, receiver.headers = status, {"Location": f"{receiver.address}/elsewhere"}
    with pytest.raises(PostFailedError, match=f"answered {status}"):
        post(receiver.address, SECRET, 1, BODY)
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_a_refusal_is_told_by_its_status_alone(receiver: Receiver, status: int) -> None:
    receiver.status = status
    with pytest.raises(PostFailedError, match=f"^answered {status}$"):
        post(receiver.address, SECRET, 1, BODY)


def test_whoever_trickles_is_hung_up_on(receiver: Receiver, settings: Settings) -> None:
    settings.WEBHOOK_SECONDS = 1
    receiver.trickle_seconds = 10
    began = time.monotonic()
    with pytest.raises(PostFailedError, match=r"^no answer in time$"):
        post(receiver.address, SECRET, 1, BODY)
    assert time.monotonic() - began < 4


def test_whoever_says_nothing_is_told_as_slow_and_not_as_broken(settings: Settings) -> None:
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_SECONDS = ["127.0.0.1"], 1
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection and the request, and is silent
        for _ in range(3):  # the deadline and the timeout of the socket end at the same time: either may come first
            with pytest.raises(PostFailedError, match=r"^no answer in time$"):
                post(f"http://127.0.0.1:{silent.getsockname()[1]}/", SECRET, 1, BODY)


def resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let the name `crm.example` mean these addresses in this order; returns the names asked for."""
    asked: list[str] = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        found = addresses if host == "crm.example" else (host,)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_the_next_address_is_tried_where_the_first_does_not_listen(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_HOSTS = ["crm.example"]
    port = int(receiver.address.split(":")[2].split("/")[0])
    asked = resolving_to(monkeypatch, "127.0.0.77", "127.0.0.78", "127.0.0.1")
    post(f"http://crm.example:{port}/", SECRET, 1, BODY)
    assert len(receiver.got) == 1
    assert asked.count("crm.example") == 1


def test_an_address_that_says_nothing_leaves_time_for_the_next(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_HOSTS, settings.WEBHOOK_SECONDS = ["crm.example"], 2
    port = int(receiver.address.split(":")[2].split("/")[0])
    resolving_to(monkeypatch, "127.0.0.77", "127.0.0.1")
    connect = socket.create_connection
    waited: list[float] = []

    def silent_at_first(address: tuple[str, int], timeout: float) -> socket.socket:
        if address[0] == "127.0.0.77":  # a firewall that drops packets: no machine here has one
            waited.append(timeout)
            time.sleep(timeout)
            raise TimeoutError
        return connect(address, timeout)

    monkeypatch.setattr(socket, "create_connection", silent_at_first)
    post(f"http://crm.example:{port}/", SECRET, 1, BODY)
    assert len(receiver.got) == 1
    assert 0.5 < waited[0] <= 1.0


def test_one_private_address_among_several_refuses_them_all(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_HOSTS = []
    resolving_to(monkeypatch, "8.8.8.8", "127.0.0.1")
    with pytest.raises(TargetRefusedError, match="not a public one"):
        post("https://crm.example/", SECRET, 1, BODY)


def test_where_nobody_listens_it_fails_in_words(settings: Settings) -> None:
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(PostFailedError, match="connection failed"):
        post(f"http://127.0.0.1:{port}/", SECRET, 1, BODY)


def test_a_private_host_is_not_even_connected_to(receiver: Receiver, settings: Settings) -> None:
    settings.WEBHOOK_HOSTS = []
    with pytest.raises(TargetRefusedError):
        post(receiver.address, SECRET, 1, BODY)
    with pytest.raises(TargetRefusedError):
        post(receiver.address.replace("http://", "https://"), SECRET, 1, BODY)
    assert receiver.got == []


def test_the_connection_goes_to_the_address_that_was_judged(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that means another address a moment later (DNS rebinding) is not looked up a second time."""
    settings.WEBHOOK_HOSTS = ["crm.example"]
    asked: list[str] = []
    port = int(receiver.address.split(":")[2].split("/")[0])

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.99"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host if host[0].isdigit() else address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    post(f"http://crm.example:{port}/", SECRET, 1, BODY)
    assert [host for host in asked if host == "crm.example"] == ["crm.example"]
    assert receiver.got[0][1]["Host"] == f"crm.example:{port}"


@pytest.fixture
def tls_port(tmp_path: Path) -> Iterator[int]:
    """A server with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    file = tmp_path / "server.pem"
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    file.write_bytes(key.private_bytes(*private) + certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=_shake_hands, args=(server, context), daemon=True).start()
        yield server.getsockname()[1]


def _shake_hands(server: socket.socket, context: ssl.SSLContext) -> None:
    try:
        connected, _ = server.accept()
        with context.wrap_socket(connected, server_side=True) as secure:
            secure.recv(10)
    except OSError:
        return


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_port: int, settings: Settings) -> None:
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    with pytest.raises(PostFailedError, match=r"^TLS: CERTIFICATE_VERIFY_FAILED"):
        post(f"https://127.0.0.1:{tls_port}/", SECRET, 1, BODY)
