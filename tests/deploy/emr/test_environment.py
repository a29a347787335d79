from pathlib import Path

import pytest

from deploy.emr.environment import ROOTS, check, pins
from deploy.local.errors import LocalError
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
