import re
from importlib import resources
from pathlib import Path

import pytest

from spark_assets.modelling import model_card as module
from spark_assets.modelling.model_card import code_digest, packages


def test_the_code_version_follows_the_sources_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", code_digest())
    assert code_digest() == code_digest()
    monkeypatch.setattr(module.resources, "files", lambda package: tmp_path)
    (tmp_path / "modelling").mkdir()
    (tmp_path / "modelling" / "train.py").write_text("x = 1")
    before = code_digest()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "train.py").write_text("y")
    (tmp_path / "simulation").mkdir()
    (tmp_path / "simulation" / "visit.py").write_text("z")
    assert code_digest() == before
    (tmp_path / "modelling" / "train.py").write_text("x = 2")
    assert code_digest() != before


def test_versions_of_what_computes_are_known() -> None:
    assert set(packages()) == {"python", "pyspark", "xgboost-cpu", "numpy", "pandas", "pyarrow"}
    assert resources.files("spark_assets").joinpath("modelling").is_dir()
