"""Slow twin of the wavelet bands: the double sum over taps, on the periodically continued picture."""

from __future__ import annotations

from perirad.arrays import FloatArray


def band(pixels: FloatArray, down: FloatArray, across: FloatArray, row: int, column: int) -> float:
    """One value of a band: taps `down` along the column and `across` along the row."""
    rows, columns = pixels.shape

    def at(r: int, c: int) -> float:
        r, c = r % (rows + rows % 2), c % (columns + columns % 2)
        return float(pixels[0 if r == rows else r, 0 if c == columns else c])

    return sum(
        float(down[i] * across[j]) * at(row + 3 - i, column + 3 - j)
        for i in range(len(down))
        for j in range(len(across))
    )
