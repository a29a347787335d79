"""Whatever lies in a folder, listing it ends soon, names what is no file, and loses no file."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from spark_assets.lake.local_listing import _reason, list_local

NO_FILE = "it is a pipe, a socket or a device, and no file"
READ_ALREADY = "it leads to a folder that is read already: remove the link"


def test_pipes_sockets_devices_and_broken_links_are_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    (tmp_path / "a.json").write_bytes(b"{}\n")
    (tmp_path / "b.json").symlink_to(tmp_path / "a.json")
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "to pipe.json").symlink_to(tmp_path / "pipe.json")
    (tmp_path / "device.json").symlink_to("/dev/zero")
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self.json").symlink_to("self.json")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s.json")
    found = list_local(str(tmp_path))
    assert [name for name, _ in found.files] == ["a.json", "b.json"]
    assert found.unreadable == {
        "device.json": NO_FILE,
        "gone.json": "it is a link to nothing",
        "pipe.json": NO_FILE,
        "s.json": NO_FILE,
        "self.json": "it is a link that leads in a circle",
        "to pipe.json": NO_FILE,
    }


def test_links_that_lead_back_end_soon_and_are_named(tmp_path: Path) -> None:
    """Each level would double the paths, up to the kernel's limit of 40 links."""
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/x.json").touch()
    (tmp_path / "a/b/up").symlink_to("../..")
    (tmp_path / "a/up").symlink_to("..")
    (tmp_path / "a/beside").symlink_to("b")
    program = "import sys; from spark_assets.lake.storage import listing; l = listing(sys.argv[1]); print(len(l.files))"
    listed = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, timeout=60, check=True)
    assert listed.stdout == b"1\n"
    found = list_local(str(tmp_path))
    assert [name for name, _ in found.files] == ["a/b/x.json"]
    assert found.unreadable == dict.fromkeys(["a/beside", "a/b/up", "a/up"], READ_ALREADY)


def test_a_link_to_a_folder_elsewhere_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere/day").mkdir(parents=True)
    (tmp_path / "elsewhere/day/x.json").write_bytes(b"abc")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/logs").symlink_to(tmp_path / "elsewhere")
    ((name, info),) = list_local(str(tmp_path / "inbox")).files
    written = (tmp_path / "elsewhere/day/x.json").stat()
    assert (name, info.size, info.mtime_ns) == ("logs/day/x.json", 3, written.st_mtime_ns)


def test_names_that_are_no_utf_8_are_shown_with_escapes(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json")).touch()
    assert list_local(str(tmp_path)).unreadable == {"\\xff.json": "the name is not UTF-8: rename the file"}


def test_a_folder_that_may_not_be_read_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("closed", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.json").touch()
    scan = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("/closed"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)  # tests may run as root, whom no mode keeps out
    found = list_local(str(tmp_path))
    assert [name for name, _ in found.files] == ["open/x.json"]
    assert found.unreadable == {"closed": "it may not be read"}


def test_other_errors_are_told_in_their_own_words() -> None:
    assert _reason(OSError(5, "Input/output error")) == "Input/output error"
