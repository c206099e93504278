"""B-mode physics: scatterers, point-spread function, envelope, log compression.

The echo of a cell is the sum of its scatterers, each with a random phase (cells are longer than half a wavelength, so
the phase of a scatterer placed anywhere in a cell is uniform). Few occupied cells per resolution cell give speckle that
is not fully developed; many give Rayleigh statistics (Burckhardt 1978, doi 10.1109/T-SU.1978.30978; Wagner et al. 1983,
doi 10.1109/T-SU.1983.31404).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

__all__ = ["CENTRES", "Scanner", "beamform", "compress", "scatterers"]

Float32 = NDArray[np.float32]
Complex64 = NDArray[np.complex64]

SPEED_MM_PER_US = 1.54
FWHM = 2.3548  # full width at half maximum of a Gaussian, in standard deviations
LOOKS = (-1.5, 0.0, 1.5)  # compounded angles, as lateral frequencies in standard deviations of the beam's spectrum
MARGIN_ROWS, MARGIN_COLUMNS = 16, 40  # beyond three widths of the widest pulse: no wrap-around through the FFT


@dataclass(frozen=True)
class Scanner:
    """Settings of one centre's machine.

    Parameters
    ----------
    frequency_mhz : float
        Centre frequency; sets the size of the speckle.
    cycles : float
        Length of the pulse.
    f_number : float
        Focal length over aperture, both ways.
    spacing_mm : float
        Millimetres from pixel to pixel, square.
    dynamic_range_db, white_db : float
        Decibels shown between black and white, and the echo level that is shown white.
    floor_db : float
        Level of the electronic noise.
    rows, columns : tuple of int
        Least and largest picture size.
    """

    frequency_mhz: float
    cycles: float
    f_number: float
    spacing_mm: float
    dynamic_range_db: float
    white_db: float
    floor_db: float
    rows: tuple[int, int]
    columns: tuple[int, int]

    @property
    def wavelength_mm(self) -> float:
        """Wavelength in soft tissue."""
        return SPEED_MM_PER_US / self.frequency_mhz


CENTRES = {
    "A": Scanner(12.0, 2.4, 3.0, 0.07, 62.0, 32.5, -32.0, (504, 534), (560, 610)),
    "B": Scanner(8.0, 2.2, 2.7, 0.09, 57.0, 29.0, -31.0, (480, 500), (520, 560)),
}


def scatterers(rng: np.random.Generator, amplitude: Float32, density: Float32) -> Complex64:
    """Draw the complex scatterer field: both parts of an echo uniform about zero.

    Parameters
    ----------
    amplitude : ndarray of shape (n_rows, n_columns)
        Root mean square echo of each cell.
    density : ndarray of shape (n_rows, n_columns)
        Probability, in (0, 1], that a cell holds a scatterer. The mean power does not depend on it: fewer scatterers
        are stronger ones.
    """
    field: Complex64 = rng.random((*amplitude.shape, 2), dtype=np.float32).view(np.complex64)[..., 0]
    field -= np.complex64(0.5 + 0.5j)
    strength = np.float32(np.sqrt(6.0)) * amplitude / np.sqrt(density)
    strength *= rng.random(amplitude.shape, dtype=np.float32) < density
    field *= strength
    return field


def beamform(field: Complex64, scanner: Scanner, *, focus_mm: float) -> Complex64:
    """Convolve a scatterer field with the point-spread function of the scanner, seen at several angles.

    The pulse is Gaussian along depth; across, the beam is Gaussian with a width that grows hyperbolically with the
    distance from the focus. Both keep the mean power of an incoherent field. A look from an angle is the same beam
    about another lateral frequency.

    Parameters
    ----------
    field : ndarray of shape (n_rows, n_columns), complex
    focus_mm : float
        Depth of the transmit focus.

    Returns
    -------
    ndarray of shape (n_looks, n_rows, n_columns), complex
        One echo per look; where scatterers are many, the envelope of each look has Rayleigh statistics.
    """
    n_rows, n_columns = field.shape
    mm = scanner.spacing_mm
    shape = (fft.next_fast_len(n_rows + MARGIN_ROWS), fft.next_fast_len(n_columns + MARGIN_COLUMNS))
    axial = transfer(np.array([pulse_sd_mm(scanner) / mm]), shape[0])[0]
    spectrum = fft.fft(field, shape[0], axis=0)
    spectrum *= axial[:, None]
    echo = fft.ifft(spectrum, axis=0, overwrite_x=True)[:n_rows]
    spectrum = fft.fft(echo, shape[1], axis=1)
    beam = beam_sd_mm(scanner, np.arange(n_rows, dtype=np.float64) * mm, focus_mm) / mm
    seen = np.empty((len(LOOKS), *spectrum.shape), dtype=np.complex64)
    for look, steer in zip(seen, LOOKS, strict=True):
        np.multiply(spectrum, transfer(beam, shape[1], steer), out=look)
    looks: Complex64 = fft.ifft(seen, axis=2, overwrite_x=True)[:, :, :n_columns].astype(np.complex64, copy=False)
    return looks


def transfer(sd_cells: NDArray[np.float64], n: int, steer: float = 0.0) -> Float32:
    """Transfer functions of Gaussian kernels, a row for each width, that keep the power of white noise.

    `steer` moves the centre of the passed frequencies, in standard deviations of the Gaussian.
    """
    frequency = (2.0 * np.pi * fft.fftfreq(n)).astype(np.float32)
    gain: Float32 = np.multiply.outer(sd_cells.astype(np.float32), frequency)
    gain -= np.float32(steer)
    gain *= gain
    gain *= np.float32(-0.5)
    np.exp(gain, out=gain)
    gain *= np.sqrt(2.0 * np.sqrt(np.pi) * sd_cells).astype(np.float32)[:, None]
    return gain


def pulse_sd_mm(scanner: Scanner) -> float:
    """Standard deviation of the pulse along depth: half its length in tissue, as the echo travels both ways."""
    return scanner.cycles * scanner.wavelength_mm / 2.0 / FWHM


def beam_sd_mm(scanner: Scanner, depth_mm: NDArray[np.float64], focus_mm: float) -> NDArray[np.float64]:
    """Standard deviation of the beam across, narrowest at the focus."""
    waist = scanner.wavelength_mm * scanner.f_number / FWHM
    reach = 2.2 * scanner.wavelength_mm * scanner.f_number**2 * 3.0
    widened: NDArray[np.float64] = waist * np.sqrt(1.0 + ((depth_mm - focus_mm) / reach) ** 2)
    return widened


def compress(looks: Complex64, scanner: Scanner, *, gain_db: float = 0.0) -> NDArray[np.uint8]:
    """Envelope, compounding, gain, log compression to 8 bits.

    Parameters
    ----------
    looks : ndarray of shape (n_looks, n_rows, n_columns), complex
        Beamformed echoes, unit power at 0 dB; their powers are averaged.
    gain_db : float
        Overall gain, which raises noise and echo alike.
    """
    envelope = np.abs(looks)
    power = np.einsum("kij,kij->ij", envelope, envelope)
    power *= np.float32(1.0 / len(looks))
    power += np.float32(10.0 ** (scanner.floor_db / 10.0))
    np.log(power, out=power)
    grey_per_db = 255.0 / scanner.dynamic_range_db
    power *= np.float32(grey_per_db * 10.0 / np.log(10.0))
    power += np.float32(grey_per_db * (gain_db - scanner.white_db) + 255.0)
    np.rint(power, out=power)
    grey: NDArray[np.uint8] = np.clip(power, 0.0, 255.0, out=power).astype(np.uint8)
    return grey
