import os
import subprocess
import sys
from pathlib import Path

from deploy.local.processes import exclusive, is_shared, share

ROOT = Path(__file__).parents[3]


def hold(path: Path, seconds: float) -> subprocess.Popen[str]:
    """Hold the lock in another process; returns once it is held."""
    code = (
        "import sys, time; from pathlib import Path; from deploy.local.processes import exclusive\n"
        f"with exclusive(Path({str(path)!r})):\n    print('held', flush=True); time.sleep({seconds})"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_waits_for_the_first_and_says_so(tmp_path: Path) -> None:
    waited: list[str] = []
    with hold(tmp_path / "lock", 0.5) as holder, exclusive(tmp_path / "lock", lambda: waited.append("waiting")):
        assert holder.wait(5) == 0  # it has ended by the time we come in
    assert waited == ["waiting"]


def test_a_killed_holder_releases_the_lock(tmp_path: Path) -> None:
    with hold(tmp_path / "lock", 60) as holder:
        holder.kill()
        with exclusive(tmp_path / "lock"):
            pass


def test_sharing_ends_with_the_descriptor(tmp_path: Path) -> None:
    path = tmp_path / "users"
    assert not is_shared(path)
    first, second = share(path), share(path)
    os.close(first)
    assert is_shared(path)
    os.close(second)
    assert not is_shared(path)


def test_sharing_lives_on_in_a_child(tmp_path: Path) -> None:
    path = tmp_path / "users"
    descriptor = share(path)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[descriptor]) as child:
        os.close(descriptor)
        assert is_shared(path)
        child.kill()
    assert not is_shared(path)
