"""The lease of a lake on S3, as moto knows it, with real processes: killed, frozen, raced, and cut off from S3."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.httpsession import URLLib3Session

from spark_assets.errors import LakeBusyError, LeaseLostError, PassingError, SettingsError
from spark_assets.lake import s3_lease, storage
from tests.aws import REGION, bucket, moto_server
from tests.lakes_on_s3 import BUCKET, address, age, holding, lock, put, wait_until, written

PATIENCE_S = 30.0
HERE = f"process {os.getpid()} on {socket.gethostname()}"


@pytest.fixture(scope="module")
def variables() -> Iterator[dict[str, str]]:
    with moto_server() as found:
        yield found


@pytest.fixture
def lake(variables: dict[str, str]) -> Iterator[str]:
    with bucket(BUCKET, variables):
        yield address(variables)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    """The session that clients of this process are made of, to listen to what they send."""
    made = boto3.Session()
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", made)
    return made


@pytest.fixture
def cut(session: boto3.Session) -> threading.Event:
    """While it is set, no request of this process reaches S3."""
    is_cut = threading.Event()

    def refuse(request: Any, **_: object) -> None:  # noqa: ANN401 - botocore has no types
        if is_cut.is_set():
            raise EndpointConnectionError(endpoint_url=request.url)

    session.events.register("before-send.s3", refuse)
    return is_cut


def leased(
    lake: str, who: str = "Step daily_activity", stop: Callable[[], object] = lambda: None
) -> AbstractContextManager[None]:
    place = storage.s3_place(lake)
    assert place is not None
    return s3_lease.leased(place, who, stop)


def is_free(lake: str) -> bool:
    with suppress(LakeBusyError), leased(lake):
        return True
    return False


def test_a_second_step_is_told_who_is_at_work_and_until_when(lake: str) -> None:
    with leased(lake, "Step ingest_logs"):
        told = (
            rf"Step ingest_logs of {HERE} is at work in the lake s3://lakes/encore: wait .* from \d\d:\d\d:\d\d UTC on"
        )
        with pytest.raises(LakeBusyError, match=told), leased(lake):
            pytest.fail("never reached")
    assert written() is None
    with leased(lake):
        pass


def test_a_step_that_fails_gives_the_lake_back(lake: str) -> None:
    with pytest.raises(ZeroDivisionError), leased(lake):
        raise ZeroDivisionError
    assert written() is None


def test_a_killed_holder_keeps_the_lake_until_its_lease_runs_out(lake: str) -> None:
    with holding(lake, seconds=6) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        killed = time.monotonic()
        with pytest.raises(LakeBusyError, match=f"Step ingest_logs of process {holder.pid} on"), leased(lake):
            pytest.fail("never reached")
        wait_until(lambda: is_free(lake))
    assert time.monotonic() - killed > 1  # of six: S3 tells whole seconds, and the lease is some time old
    assert written() is None


def test_a_holder_that_lives_keeps_the_lake_for_longer_than_a_lease(lake: str) -> None:
    with holding(lake, seconds=6) as holder:
        until = time.monotonic() + 8
        while time.monotonic() < until:
            assert not is_free(lake)
            time.sleep(0.1)
        assert written()["writes"] > 2
        holder.communicate()
        assert holder.returncode == 0
    assert written() is None


def test_a_frozen_holder_fails_when_it_wakes_and_leaves_the_others_lease_alone(lake: str) -> None:
    with holding(lake, seconds=2) as holder:
        os.kill(holder.pid, signal.SIGSTOP)
        wait_until(lambda: is_free(lake))
        with leased(lake, "Step daily_activity"):
            os.kill(holder.pid, signal.SIGCONT)
            _, complaint = holder.communicate()
            assert "LeaseLostError: Step ingest_logs could not keep the lake s3://lakes/encore to itself" in complaint
            assert f"Step daily_activity of {HERE} may be at work there. Run it again." in complaint
            assert written()["who"] == "Step daily_activity"
            assert not is_free(lake)


def test_a_holder_that_sleeps_past_its_lease_keeps_the_lake_that_nobody_took(lake: str) -> None:
    with holding(lake, seconds=2) as holder:
        os.kill(holder.pid, signal.SIGSTOP)
        time.sleep(3)
        os.kill(holder.pid, signal.SIGCONT)
        holder.communicate()
        assert holder.returncode == 0


def test_who_loses_the_lake_is_stopped_and_fails(lake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_lease, "SECONDS", 1.0)
    stopped: list[float] = []
    other = json.dumps({"who": "Step ingest_logs", "process": 7, "host": "worker-3", "seconds": 60})
    lost = pytest.raises(LeaseLostError, match="Step ingest_logs of process 7 on worker-3 may be at work there")
    with lost as told, leased(lake, stop=lambda: stopped.append(time.monotonic())):
        put(other.encode())
        wait_until(lambda: len(stopped) > 1)
        raise ZeroDivisionError  # as a step does whose Spark jobs were cancelled
    assert isinstance(told.value.__cause__, ZeroDivisionError)
    assert issubclass(LeaseLostError, PassingError)
    assert written() == json.loads(other)


def test_a_loss_that_comes_to_light_at_the_end_is_told(lake: str) -> None:
    with pytest.raises(LeaseLostError, match="Another step may be at work there"), leased(lake):
        put(b"somebody's")
    assert lock().value == b"somebody's"


def test_of_two_that_find_a_lease_run_out_one_takes_it(lake: str, session: boto3.Session) -> None:
    put(b"Step ingest_logs of process 7")
    age(s3_lease.SECONDS)
    taken: list[AbstractContextManager[None]] = []

    def take_first(**_: object) -> None:
        """Take the lake over between the look of the other and its write."""
        if not taken:
            taken.append(leased(lake, "Step first"))
            taken[0].__enter__()

    session.events.register("after-call.s3.GetObject", take_first)
    with pytest.raises(LakeBusyError, match=f"Step first of {HERE} is at work"), leased(lake, "Step second"):
        pytest.fail("never reached")
    taken[0].__exit__(None, None, None)
    assert written() is None


def test_a_lease_is_known_again_when_the_answer_to_its_write_was_lost(lake: str, session: boto3.Session) -> None:
    sent: list[str] = []

    def lose(request: Any, **_: object) -> None:  # noqa: ANN401 - botocore has no types
        """Send the first write, and have its answer not arrive, so that boto3 writes again."""
        sent.append(request.url)
        if len(sent) == 1:
            URLLib3Session().send(request)
            raise ReadTimeoutError(endpoint_url=request.url)

    session.events.register("before-send.s3.PutObject", lose)
    with leased(lake):
        assert len(sent) == 3  # the write, again, which is refused, and over our own
    assert written() is None


def test_a_lock_that_was_copied_from_a_disk_ends_like_any_lease(lake: str) -> None:
    put(b"Step ingest_logs of process 7")
    with pytest.raises(LakeBusyError, match="Another step is at work in the lake"), leased(lake):
        pytest.fail("never reached")
    age(s3_lease.SECONDS)
    assert is_free(lake)


def test_s3_out_of_reach_for_a_moment_is_no_loss(
    lake: str, cut: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_lease, "SECONDS", 12.0)
    with leased(lake):
        cut.set()
        time.sleep(4)  # a renewal is missed
        assert written()["writes"] == 1
        cut.clear()
        wait_until(lambda: written()["writes"] > 1)
    assert written() is None


def test_s3_out_of_reach_for_longer_ends_the_step(
    lake: str, cut: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_lease, "SECONDS", 2.0)
    stopped = threading.Event()
    lost = pytest.raises(LeaseLostError, match="Another step may be at work there")
    with lost, leased(lake, stop=stopped.set):
        cut.set()
        assert stopped.wait(PATIENCE_S)
    cut.clear()
    assert written() is not None  # it could not be given back


def test_what_s3_refuses_is_said(lake: str, variables: dict[str, str]) -> None:
    with (
        pytest.raises(SettingsError, match=r"^The lake s3://nobodys/encore cannot be locked: NoSuchBucket\.$"),
        leased(address(variables, "nobodys")),
    ):
        pytest.fail("never reached")


def test_s3_that_cannot_be_reached_is_an_error_that_passes(variables: dict[str, str]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        nowhere = f"s3://secret-id:secret-key@lakes/encore?region={REGION}&scheme=http"
        uri = f"{nowhere}&endpoint_override=127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(PassingError, match="The lake s3://lakes/encore cannot be locked: ") as told, leased(uri):
            pytest.fail("never reached")
    assert "secret" not in str(told.value)
