"""What tells a menu or a list from a ruler: its marks stand again in other places, or have words beside them."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from perirad.arrays import FloatArray

__all__ = ["MENU", "list_doubt"]

Float32 = NDArray[np.float32]

MENU = "the same marks stand in several places, as in a menu"
REACH = 8  # rows about a mark
APART = 60  # columns; nearer, it is the ruler's own numbers that look like its ticks
ALIKE = 0.7  # correlation
MOST_PLACES = 1  # a ruler may stand on both sides of the picture
BESIDE = slice(6, 66)  # columns beyond the marks in which words are looked for
LIT = 0.4  # of a mark's height
WORDS = 0.25  # of those columns: a number of two figures lights 0.2 at most
MOST_TICKS = 24  # that are compared


def list_doubt(signal: Float32, places: FloatArray, columns: tuple[int, int]) -> str:
    """Say why equally spaced marks are rather those of a list than the ticks of a ruler; "" where nothing says so.

    Parameters
    ----------
    signal : ndarray of shape (n_rows, n_columns), float32
        From `tick_signal`.
    places : ndarray of shape (n_marks,)
        Rows of the marks.
    columns : tuple of int
        First and last column of the marks.
    """
    step = 1 + places.size // MOST_TICKS
    rows, halfway = (np.rint(at[::step]).astype(np.int64) for at in (places, (places[1:] + places[:-1]) / 2.0))
    if _count_places(signal, rows, columns) > MOST_PLACES:
        return MENU
    if _has_words(signal, rows, halfway, columns):
        return "words stand beside each mark, as in a list"
    return ""


def _count_places(signal: Float32, rows: NDArray[np.int64], columns: tuple[int, int]) -> int:
    """How many other places have marks that look like these on the same rows."""
    bands = _bands(signal, rows)
    low, high = max(columns[0] - 2, 0), columns[1] + 3
    mark = np.median(bands[:, :, low:high], axis=0)
    alike = np.median([_correlation(band, mark) for band in bands], axis=0)
    near = np.flatnonzero(alike >= ALIKE)
    far = near[np.abs(near - low) > APART]
    return int(np.count_nonzero(np.diff(far) > APART // 2) + 1) if far.size else 0


def _correlation(band: Float32, mark: Float32) -> FloatArray:
    """Correlation of a mark with the band at each column."""
    windows = sliding_window_view(band, mark.shape[1], axis=1)
    centred = mark - mark.mean()
    mean, square = windows.mean(axis=(0, 2)), (windows**2).mean(axis=(0, 2))
    spread = np.sqrt(np.maximum((square - mean**2) * mark.size * (centred**2).sum(), 1e-6))
    found: FloatArray = np.einsum("rcw,rw->c", windows, centred).astype(np.float64) / spread
    return found


def _has_words(signal: Float32, rows: NDArray[np.int64], halfway: NDArray[np.int64], columns: tuple[int, int]) -> bool:
    """Whether on one side something wide stands beside nearly each mark and not between two."""
    level = LIT * float(np.median(_bands(signal, rows)[:, :, columns[0] : columns[1] + 1].max(axis=(1, 2))))
    on, off = (_bands(signal, at).max(axis=1) >= level for at in (rows, halfway))
    after = slice(columns[1] + BESIDE.start, columns[1] + BESIDE.stop)
    before = slice(max(columns[0] - BESIDE.stop, 0), max(columns[0] - BESIDE.start, 0))
    return any(_lit(on[:, side], 25) - _lit(off[:, side], 75) >= WORDS for side in (before, after))


def _lit(lit: NDArray[np.bool_], percentile: float) -> float:
    """Share of the columns that are lit, a percentile over the rows."""
    return float(np.percentile(lit.sum(axis=1), percentile)) / (BESIDE.stop - BESIDE.start)


def _bands(signal: Float32, rows: NDArray[np.int64]) -> Float32:
    """The rows about each mark, shape (n_marks, 2 REACH + 1, n_columns)."""
    padded = np.pad(signal, ((REACH, REACH), (0, 0)))
    return np.stack([padded[row : row + 2 * REACH + 1] for row in rows.clip(0, signal.shape[0] - 1)])
