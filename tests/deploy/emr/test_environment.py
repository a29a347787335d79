import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from deploy.emr.environment import NODE_PYTHON, ROOTS, check, pack, pins
from deploy.local.console import LocalError
from deploy.local.settings import PROJECT_ROOT

PINNED = pins(PROJECT_ROOT / "requirements.txt")


def environment(folder: Path, **packages: str) -> Path:
    for name, version in packages.items():
        (folder / "lib" / "python3.11" / "site-packages" / f"{name}-{version}.dist-info").mkdir(parents=True)
    return folder


def test_whatever_steps_import_is_pinned() -> None:
    assert set(ROOTS) <= PINNED.keys()
    assert "pyspark" not in ROOTS


def test_the_pinned_versions_pass(tmp_path: Path) -> None:
    check(environment(tmp_path, numpy=PINNED["numpy"], xgboost_cpu=PINNED["xgboost-cpu"]), PINNED)


def test_another_version_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"pins it: numpy 0\.1\.$"):
        check(environment(tmp_path, numpy="0.1", pandas=PINNED["pandas"]), PINNED)


def test_spark_must_not_be_in_it(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="pyspark is in the environment"):
        check(environment(tmp_path, pyspark=PINNED["pyspark"]), PINNED)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An environment as it is made for the nodes, with one module in it."""
    folder = tmp_path / "environment"
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    (folder / "lib" / "python3.11" / "site-packages" / "carried.py").write_text("WORD = 'came along'\n")
    return folder


def opened(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="fully_trusted")  # noqa: S202 - we packed it; its links lead to the nodes' Python
    return folder


def test_the_interpreter_of_the_archive_is_the_nodes(made: Path, tmp_path: Path) -> None:
    pack(made, tmp_path / "environment.tar.gz")
    folder = opened(tmp_path / "environment.tar.gz", tmp_path / "opened")
    for name in ("python", "python3", "python3.11"):
        link = folder / "bin" / name
        while link.parent == folder / "bin":
            link = link.parent / link.readlink()
        assert str(link) == NODE_PYTHON == "/usr/bin/python3.11"


def test_the_interpreter_of_the_archive_starts_where_it_is_opened(made: Path, tmp_path: Path) -> None:
    here = Path(sys.executable).resolve()  # in the place of the nodes'
    pack(made, tmp_path / "environment.tar.gz", str(here))
    folder = opened(tmp_path / "environment.tar.gz", tmp_path / "opened")
    code = "import carried, sys; print(carried.WORD, sys.prefix)"
    done = subprocess.run([folder / "bin" / "python", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"came along {folder}\n"


def test_the_interpreter_of_the_archive_starts_on_a_node_that_lacks_ours(made: Path, tmp_path: Path) -> None:
    """In a mount namespace in which the Python that the environment was made with is not there."""
    ours = Path(sys.executable).resolve().parents[1]
    if not Path(NODE_PYTHON).exists() or Path(NODE_PYTHON).is_relative_to(ours):
        pytest.skip(f"there is no {NODE_PYTHON} beside the Python of this environment")
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a mount namespace")
    pack(made, tmp_path / "environment.tar.gz")
    folder = opened(tmp_path / "environment.tar.gz", tmp_path / "opened")
    code = "import carried, sys; print(carried.WORD, sys.prefix, sys.base_prefix)"
    hidden = f"mount -t tmpfs none '{ours}' && exec '{folder}/bin/python' -c '{code}'"
    done = subprocess.run(["unshare", "-rm", "sh", "-c", hidden], capture_output=True, text=True, check=True)
    assert done.stdout == f"came along {folder} /usr\n"
