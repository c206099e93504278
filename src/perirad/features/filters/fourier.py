"""The frequency grid of the filters that act on the Fourier transform."""

from __future__ import annotations

import numpy as np
from scipy import fft

from perirad.arrays import FloatArray

__all__ = ["frequencies"]


def frequencies(shape: tuple[int, ...]) -> list[FloatArray]:
    """Frequencies along each axis, in the order of the discrete Fourier transform, ready to broadcast; 1 is Nyquist's.

    Notes
    -----
    The IBSI 2 reference maps have the n frequencies of an axis run evenly from -1 to 1, both included. Those of the
    transform, which leave out +1 for even n, miss the maps of the Simoncelli wavelet at levels 2 and 3.
    """
    return list(np.meshgrid(*(fft.ifftshift(np.linspace(-1.0, 1.0, n)) for n in shape), indexing="ij", sparse=True))
