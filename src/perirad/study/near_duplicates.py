"""Pictures that are nearly the same: perceptual hashes propose a pair, the correlation of thumbnails decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perirad.arrays import BoolArray, FloatArray

__all__ = ["FLIPS", "Fingerprint", "Pair", "fingerprint", "near_duplicates", "tissue"]

Thumbnail = NDArray[np.uint8]

SIDE: Final = 64
NEAR_BITS: Final = 12
"""Bits of 64 in which hashes of one picture may differ. Half (32) differ between strangers; strangers among 188 real
pictures came as near as 10 now and then, which the second step sorts out."""
NEAR_CORRELATION: Final = 0.98
"""Thumbnails of one picture, saved again, correlate above this; strangers among 188 real pictures reached 0.84."""
FLIPS: Final = ("", "turned left to right", "turned upside down", "turned by 180 degrees")

_DARK = 0.06
"""Share of the grey range below which a pixel is a black margin: JPEG leaves no margin quite black."""
_LIT = 0.05
"""Share of lit pixels from which a row or column belongs to the tissue; less is a stray letter."""
_HASH, _LOW, _BLOCK = 32, 8, 256


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a picture: its tissue in 64 x 64 grey values, shape (64, 64), uint8."""

    thumbnail: Thumbnail


class Pair(NamedTuple):
    """Two nearly equal pictures by position, how the second is turned, and how well the thumbnails agree."""

    first: int
    second: int
    turned: str
    correlation: float


def tissue(pixels: FloatArray) -> FloatArray:
    """Return a picture without black margins; the whole of it where it has no grey at all.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns)
        Grey values.
    """
    lowest, highest = float(pixels.min()), float(pixels.max())
    lit = pixels > lowest + _DARK * (highest - lowest)
    rows, columns = (np.flatnonzero(lit.mean(axis=axis) > _LIT) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return pixels
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def fingerprint(pixels: FloatArray) -> Fingerprint:
    """Fingerprint of a picture, shape (n_rows, n_columns); margins, size and grey range do not enter it."""
    small = _shrunk(tissue(pixels), SIDE, SIDE)
    lowest, highest = float(small.min()), float(small.max())
    scale = 255.0 / (highest - lowest) if highest > lowest else 0.0
    return Fingerprint(np.round((small - lowest) * scale).astype(np.uint8))


def near_duplicates(prints: Sequence[Fingerprint]) -> tuple[Pair, ...]:
    """Return all pairs of pictures that are nearly the same, mirrored ones among them.

    A pair is a candidate when its DCT hash (pHash, 64 bits) or its gradient hash (dHash, 64 bits) differ in at most
    `NEAR_BITS` bits, and a finding when the thumbnails correlate by at least `NEAR_CORRELATION` (Pearson). A picture
    without any contrast is nobody's duplicate.

    Notes
    -----
    Of 47 real pictures all copies were found after JPEG, resizing, brightening and mirroring, 37 after a gamma of 1.4,
    10 after cropping 1 % on every side: a copy whose tissue was cropped may escape, a stranger was never accused.
    """
    if len(prints) < 2:
        return ()
    upright = np.stack([item.thumbnail for item in prints])
    own = _Signs.of(upright)
    found: dict[tuple[int, int], Pair] = {}
    for turned, pictures in zip(FLIPS, _flipped(upright), strict=True):
        for pair in _pairs(own, _Signs.of(pictures), turned):
            known = found.get(pair[:2])
            if known is None or pair.correlation > known.correlation:
                found[pair[:2]] = pair
    return tuple(sorted(found.values()))


def _flipped(pictures: Thumbnail) -> tuple[Thumbnail, ...]:
    return pictures, pictures[:, :, ::-1], pictures[:, ::-1], pictures[:, ::-1, ::-1]


@dataclass(frozen=True)
class _Signs:
    """Hashes as +1 and -1, shape (n, 64) each, and thumbnails as unit vectors, shape (n, 4096): products compare."""

    by_dct: NDArray[np.float32]
    by_gradient: NDArray[np.float32]
    vectors: NDArray[np.float32]

    @classmethod
    def of(cls, pictures: Thumbnail) -> _Signs:
        grey = pictures.astype(np.float64)
        vectors = grey.reshape(len(grey), -1)
        vectors = vectors - vectors.mean(axis=1, keepdims=True)
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
        hashes = [(_by_dct(picture), _by_gradient(picture)) for picture in grey]
        first, second = (_as_signs(np.stack(bits)) for bits in zip(*hashes, strict=True))
        return cls(first, second, vectors.astype(np.float32))


def _pairs(own: _Signs, other: _Signs, turned: str) -> Iterator[Pair]:
    """Compare block by block, so that memory grows with the number of pictures and not with its square."""
    least = SIDE - 2 * NEAR_BITS  # a product of signs is bits that agree minus bits that differ
    for start in range(0, len(own.vectors), _BLOCK):
        rows = slice(start, start + _BLOCK)
        near: BoolArray = own.by_dct[rows] @ other.by_dct.T >= least
        near |= own.by_gradient[rows] @ other.by_gradient.T >= least
        for i, j in np.argwhere(near):
            first, second = start + int(i), int(j)
            if first < second:
                agreement = float(own.vectors[first] @ other.vectors[second])
                if agreement >= NEAR_CORRELATION:
                    yield Pair(first, second, turned, min(agreement, 1.0))


def _as_signs(bits: BoolArray) -> NDArray[np.float32]:
    return np.where(bits, np.float32(1.0), np.float32(-1.0))


def _by_dct(picture: FloatArray) -> BoolArray:
    """DCT hash: which of the 8 x 8 lowest cosine coefficients of a 32 x 32 picture lie above their median."""
    k = np.arange(_HASH)
    cosines = np.cos(np.pi * (2 * k[None, :] + 1) * k[:_LOW, None] / (2 * _HASH))
    low = (cosines @ _shrunk(picture, _HASH, _HASH) @ cosines.T).ravel()
    above: BoolArray = low > np.median(low[1:])  # the first is the mean brightness
    return above


def _by_gradient(picture: FloatArray) -> BoolArray:
    """Gradient hash: whether grey rises from each of 8 x 9 cells to the next on its right."""
    cells = _shrunk(picture, 8, 9)
    rises: BoolArray = (cells[:, 1:] > cells[:, :-1]).ravel()
    return rises


def _shrunk(picture: FloatArray, n_rows: int, n_columns: int) -> FloatArray:
    """Mean of the area under each new pixel, for any sizes."""
    return _means(_means(picture, n_rows).T, n_columns).T


def _means(values: FloatArray, n: int) -> FloatArray:
    """Means of n equal parts along the rows: differences of the running sum, interpolated where a part ends."""
    size = len(values)
    total = np.zeros((size + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=total[1:])
    ends = np.arange(n + 1) * (size / n)
    low = np.minimum(ends.astype(np.intp), size - 1)
    share = (ends - low)[:, None]
    means: FloatArray = np.diff(total[low] * (1.0 - share) + total[low + 1] * share, axis=0) * (n / size)
    return means
