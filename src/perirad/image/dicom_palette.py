"""DICOM palettes, whole or in segments (PS3.3, sections C.7.6.3.1.5, C.7.6.3.1.6 and C.7.9)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.errors import InputError
from perirad.image.dicom_layout import Layout

__all__ = ["look_up"]

_DISCRETE, _LINEAR = 0, 1


def look_up(indices: NDArray[Any], dataset: Any, layout: Layout) -> tuple[NDArray[np.uint16], int]:
    """Look the stored values of a PALETTE COLOR picture up in its tables.

    Parameters
    ----------
    indices : ndarray of whole numbers, shape (n_rows, n_columns)
        Stored values.
    dataset : pydicom.Dataset
        The file, with three tables.
    layout : Layout
        What the header says of the pixels.

    Returns
    -------
    rgb : ndarray of uint16, shape (n_rows, n_columns, 3)
        Colours; values before or after a table take its first or last entry, as the standard says.
    white : int
        The largest value of a channel, 255 or 65535.

    Raises
    ------
    InputError
        When a table is missing, of another length than announced, or written with indirect segments, whose offsets
        readers understand differently.
    """
    rgb = np.empty((*indices.shape, 3), np.uint16)
    depths = set()
    at = indices.astype(np.int32)
    for channel, colour in enumerate(("Red", "Green", "Blue")):
        descriptor = dataset.get(f"{colour}PaletteColorLookupTableDescriptor")
        if descriptor is None or len(descriptor) != 3:
            raise _bad("a palette of three tables", f"no {colour} table", layout)
        length, first, depth = (int(number) for number in descriptor)
        table = _table(dataset, colour, (length & 0xFFFF) or 65536, depth, layout)
        rgb[..., channel] = table.take(np.clip(at - first, 0, len(table) - 1))
        depths.add(depth)
    if len(depths) > 1:
        raise _bad("palette tables of one depth", f"{sorted(depths)} bits", layout)
    return rgb, (1 << depths.pop()) - 1


def _table(dataset: Any, colour: str, length: int, depth: int, layout: Layout) -> NDArray[np.uint16]:
    if depth not in (8, 16):
        raise _bad("palette entries of 8 or 16 bits", f"{depth} bits", layout)
    whole = dataset.get(f"{colour}PaletteColorLookupTableData")
    if whole is not None:
        narrow = depth == 8 and len(whole) in (length, length + length % 2)
        entries = _entries(whole, 8 if narrow else 16, layout)
        entries = entries[:length] if narrow else entries
    else:
        pieces = dataset.get(f"Segmented{colour}PaletteColorLookupTableData")
        if pieces is None:
            raise _bad("a palette of three tables", f"no {colour} table", layout)
        entries = _joined(_entries(pieces, depth, layout), length, layout)
    if len(entries) != length:
        raise _bad(f"a palette of {length} entries", f"{len(entries)}", layout)
    if entries.max() >> depth:
        raise _bad(f"palette entries of {depth} bits", f"a value of {entries.max()}", layout)
    return entries


def _entries(data: Any, depth: int, layout: Layout) -> NDArray[np.uint16]:
    if not isinstance(data, bytes):
        raise _bad("a palette in 16-bit words", f"{type(data).__name__}", layout)
    words = np.frombuffer(data[: len(data) // 2 * 2], ">u2" if layout.big_endian else "<u2")
    if depth == 16:
        return words.astype(np.uint16)
    # Two 8-bit entries share a word, the first in its lower half.
    last = [data[-1]] if len(data) % 2 else []
    pairs = np.stack([words & 0xFF, words >> 8], axis=1).ravel()
    return np.append(pairs, np.array(last, np.uint16)).astype(np.uint16)


def _joined(code: NDArray[np.uint16], length: int, layout: Layout) -> NDArray[np.uint16]:
    """Expand segments until the table is full."""
    pieces: list[NDArray[Any]] = []
    held, at = 0, 0
    while held < length and at + 2 < len(code):
        kind, size = int(code[at]), int(code[at + 1])
        if kind == _DISCRETE:
            piece = code[at + 2 : at + 2 + size]
            at += 2 + size
        elif kind == _LINEAR and pieces and size:
            piece = _line(int(pieces[-1][-1]), int(code[at + 2]), size)
            at += 3
        else:
            raise _bad("palette segments that are discrete or linear", f"segment type {kind}, {size} long", layout)
        if not len(piece):
            raise _bad("palette segments with entries", "an empty one", layout)
        pieces.append(piece)
        held += len(piece)
    return np.concatenate(pieces).astype(np.uint16) if pieces else code[:0]


def _line(start: int, end: int, size: int) -> NDArray[Any]:
    """Entries after `start`, evenly spaced to `end`."""
    return np.rint(start + (end - start) * np.arange(1, size + 1) / size)


def _bad(expected: str, found: str, layout: Layout) -> InputError:
    return InputError(f"PALETTE COLOR needs {expected}", found, file=layout.name, mend="export it as RGB")
