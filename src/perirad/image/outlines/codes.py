"""Run lengths of masks: COCO's (columns first, also packed into letters) and CVAT's (rows first, inside a box)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.outlines.records import Shape

__all__ = ["pack", "run_lengths", "spread", "unpack"]

_MOST_RUNS = 4_000_000
_FIRST_LETTER = 48
_MORE = 0x20
_SIGN = 0x10


def spread(counts: Sequence[int], shape: Shape, *, columns_first: bool, file: str) -> BoolArray:
    """Return the mask of run lengths that alternate unmarked, marked, unmarked, ...

    Parameters
    ----------
    counts : sequence of int
        Lengths, the first of unmarked pixels (0 where the first pixel is marked).
    shape : tuple of int
        (rows, columns).
    columns_first : bool
        Whether pixels are counted down the columns (COCO) or along the rows (CVAT).
    file : str
        File name, for messages.

    Raises
    ------
    InputError
        When a length is negative or no whole number, or the sum is not the number of pixels.
    """
    whole = all(isinstance(count, int) and not isinstance(count, bool) and count >= 0 for count in counts)
    if not whole or len(counts) > _MOST_RUNS:
        raise InputError("run lengths must be whole numbers, 0 or more", "others", file=file)
    n_pixels, total = shape[0] * shape[1], sum(counts)
    if total != n_pixels:
        raise InputError(f"run lengths must add up to {shape[0]} x {shape[1]} pixels", str(total), file=file)
    values = np.repeat(np.arange(len(counts)) % 2 == 1, np.asarray(counts, dtype=np.int64))
    return values.reshape(shape[::-1]).T if columns_first else values.reshape(shape)


def run_lengths(mask: BoolArray, *, columns_first: bool) -> list[int]:
    """Return the run lengths of a mask, the inverse of `spread`."""
    values = mask.T.ravel() if columns_first else mask.ravel()
    changes = np.flatnonzero(values[1:] != values[:-1]) + 1
    counts = np.diff(np.concatenate([[0], changes, [values.size]]))
    return [*([0] if values[0] else []), *counts.tolist()]


def unpack(text: str, file: str) -> list[int]:
    """Return the run lengths in a COCO string.

    Each number is cut into groups of five bits, the lowest first, a letter for each group (48 + bits, 32 more where
    another follows); the fifth bit of the last is the sign. From the fourth number on, the difference from the one
    two before is written.

    Raises
    ------
    InputError
        When a letter is none of these, or the last number is cut off.
    """
    counts: list[int] = []
    value = shift = 0
    for letter in text:
        code = ord(letter) - _FIRST_LETTER
        if not 0 <= code < 64 or shift > 40 or len(counts) > _MOST_RUNS:
            raise InputError("packed run lengths must be COCO's letters", repr(letter), file=file)
        value |= (code & 0x1F) << shift
        shift += 5
        if code & _MORE:
            continue
        value -= (1 << shift) if code & _SIGN else 0
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value = shift = 0
    if shift:
        raise InputError("packed run lengths must be whole", "a number that is cut off", file=file)
    return counts


def pack(counts: Sequence[int]) -> str:
    """Return run lengths as a COCO string, the inverse of `unpack`."""
    letters: list[str] = []
    for place, count in enumerate(counts):
        value = count - (counts[place - 2] if place > 2 else 0)
        more = True
        while more:
            bits = value & 0x1F
            value >>= 5
            more = value != (-1 if bits & _SIGN else 0)
            letters.append(chr(_FIRST_LETTER + bits + (_MORE if more else 0)))
    return "".join(letters)
