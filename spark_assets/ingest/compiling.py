"""How the inner loops of ingest are compiled: at first use (about 6 s), then kept on disk where that can be written."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function whose arrays all belong to its caller.

    So none of them need be counted, which took four fifths of the time of `scan`. The setting is numba's own; all
    versions that pyproject.toml admits have it.
    """
    settings: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
    return cast("Kernel", njit(**settings)(kernel))


inlined = njit(cache=True, nogil=True, inline="always")
