"""Arrays that a thread keeps from one case to the next: new pages of memory take longer to get than to fill."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["Make", "new", "room"]

Make = Callable[[str, tuple[int, ...], DTypeLike], NDArray[Any]]
"""Gives an array for a use, of a shape and a type, whose values are not set."""

_MOST_BYTES = 32_000_000


class _Kept(threading.local):
    def __init__(self) -> None:
        self.bytes_of: dict[str, NDArray[np.uint8]] = {}


_KEPT = _Kept()


def new(_use: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Array of its own, for what is kept longer than a case."""
    return np.empty(shape, dtype)


def room(use: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Array whose values are not set, in the memory that this thread last had for the same use.

    What is in it must not outlive the next call for the same use. More than 32 MB are new memory each time.
    """
    n_bytes = math.prod(shape) * np.dtype(dtype).itemsize
    if n_bytes > _MOST_BYTES:
        return new(use, shape, dtype)
    kept = _KEPT.bytes_of.get(use)
    if kept is None or kept.size < n_bytes:
        kept = _KEPT.bytes_of[use] = np.empty(n_bytes, dtype=np.uint8)
    return kept[:n_bytes].view(dtype).reshape(shape)
