import subprocess
import sys
import zipfile
from pathlib import Path

from orchestration.compute.archive import build_archive, packaged

ROOT = Path(__file__).resolve().parents[3]


def test_holds_every_module_but_the_simulation_and_nothing_compiled(tmp_path: Path) -> None:
    names = set(zipfile.ZipFile(build_archive(tmp_path)).namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "spark_assets").rglob("*.py")}
    left_out = {name for name in modules if name.startswith("spark_assets/simulation/")}
    assert left_out
    assert names & modules == modules - left_out
    assert not [name for name in names if "__pycache__" in name or not name.startswith("spark_assets/")]


def test_same_sources_give_the_same_bytes_under_the_same_name(tmp_path: Path) -> None:
    first, second = (build_archive(tmp_path / name) for name in ("a", "b") if not (tmp_path / name).mkdir())
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_runs_from_the_zip_alone(tmp_path: Path) -> None:
    with packaged() as package:
        assert [path.name for path in sorted(package.script.parent.iterdir())] == ["run_step.py", package.archive.name]
        done = subprocess.run(
            [sys.executable, str(package.script), "--help"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(package.archive)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert "STEP --params JSON" in done.stdout
    assert not package.archive.exists()
