"""Array types of the package, each named once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
Int32Array = NDArray[np.int32]
CodeArray = NDArray[np.uint8]
# Sets of islands: bit n stands for the n-th island.
SetArray = NDArray[np.uint64]
FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
