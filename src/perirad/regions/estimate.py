"""The record of what was estimated from a picture: which pixels, whether anything was clear, and in words how sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perirad.arrays import BoolArray, frozen

__all__ = ["Estimate", "nothing"]


@dataclass(frozen=True)
class Estimate:
    """Pixels found by looking at the picture.

    Parameters
    ----------
    mask : ndarray of bool, shape (n_rows, n_columns)
        The pixels; for an estimator that is not sure, the cautious choice that its docstring names.
    clear : bool
        Whether the picture showed clearly what was looked for.
    words : str
        What was seen and how sure it is, a clause for a person.
    """

    mask: BoolArray
    clear: bool
    words: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "mask", frozen(np.ascontiguousarray(self.mask, dtype=np.bool_)))


def nothing(shape: tuple[int, int], words: str) -> Estimate:
    """Return the estimate of no pixel at all, with the reason."""
    return Estimate(np.zeros(shape, dtype=np.bool_), False, words)
