from pathlib import Path

import pytest

from spark_assets.errors import SettingsError
from spark_assets.secrets import secret


def test_a_secret_is_a_variable_or_lies_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush\n", encoding="utf-8")
    assert secret("KEY", {"KEY": "hush"}) == "hush"
    assert secret("KEY", {"KEY_FILE": str(tmp_path / "key")}) == "hush"
    assert secret("KEY", {"KEY": "", "KEY_FILE": ""}) is None


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"KEY_FILE names .*none, which cannot be read"):
        secret("KEY", {"KEY_FILE": str(tmp_path / "none")})
