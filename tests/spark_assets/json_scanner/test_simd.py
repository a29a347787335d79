"""Compiled code is kept on disk by the file that its function stands in; what it takes from other files counts, too."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from numba.core.errors import NumbaRuntimeError, TypingError

from spark_assets.json_scanner import simd
from spark_assets.json_scanner.simd import Bytes, compiled

FOLDER = Path(simd.__file__).parent


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("text_kernels", ["simd"]),
        ("field_kernels", ["simd", "text_kernels"]),
    ],
)
def test_a_change_of_what_is_compiled_in_changes_the_file(name: str, parts: list[str]) -> None:
    text = (FOLDER / f"{name}.py").read_text()
    imported = re.findall(r"^from spark_assets\.json_scanner\.(\w+) import", text, re.MULTILINE)
    assert sorted(imported) == parts
    digest = hashlib.sha256(b"".join((FOLDER / f"{part}.py").read_bytes() for part in parts)).digest()[:6]
    assert f"_BUILT_ON = {int.from_bytes(digest):_}" in text


def test_a_kernel_that_makes_an_array_does_not_compile() -> None:
    @compiled
    def doubled(text: Bytes) -> Bytes:
        return np.concatenate((text, text))

    with pytest.raises((NumbaRuntimeError, TypingError, RuntimeError)):
        doubled(np.zeros(3, dtype=np.uint8))
