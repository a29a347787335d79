"""The package of a submitted step: the script that starts it, and `spark_assets` as one zip, without the simulation."""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from spark_assets.steps import run_step

_SOURCE = Path(run_step.__file__).parents[1]
_LEFT_OUT = {"__pycache__", "simulation"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The least time a zip can note: the same sources give the same bytes, whenever they were checked out."""


@dataclass(frozen=True)
class Package:
    """The zip for `--py-files`, and the script to submit."""

    archive: Path
    script: Path


@contextmanager
def packaged() -> Iterator[Package]:
    """Build the package in a folder of its own and delete it afterwards.

    The script lies beside the zip and away from its module, so that its folder, which Python puts first on the path,
    holds nothing else that could be imported.
    """
    with tempfile.TemporaryDirectory(prefix="encore-package-") as folder:
        script = Path(shutil.copy(run_step.__file__, folder))
        yield Package(build_archive(Path(folder)), script)


def build_archive(folder: Path) -> Path:
    """Write `spark_assets-<digest>.zip` into a folder; the digest is of its content."""
    unnamed = folder / "spark_assets.zip"
    with zipfile.ZipFile(unnamed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(_SOURCE.rglob("*")):
            if path.is_file() and not _LEFT_OUT & set(path.relative_to(_SOURCE).parts):
                name = path.relative_to(_SOURCE.parent).as_posix()
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED)
    digest = hashlib.sha256(unnamed.read_bytes()).hexdigest()
    return unnamed.rename(folder / f"spark_assets-{digest[:12]}.zip")
