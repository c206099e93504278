"""Read the ruler that a scanner draws beside its picture: millimetres per pixel from a screenshot."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray, frozen
from perirad.errors import InputError
from perirad.image.image import Calibration, Image, Source
from perirad.image.ruler_comb import find_combs, tick_signal
from perirad.image.ruler_scale import LONG_MM, guess_tick, trust
from perirad.image.ruler_ticks import Ticks, measure_ticks, sort_combs

__all__ = ["CONFIDENCE_LIMIT", "AxisRuler", "RulerReading", "calibrate_ruler", "read_ruler"]

CONFIDENCE_LIMIT = 0.8
"""A reading below this is shown and never used."""

Side = Literal["left", "right", "top", "bottom"]
Float32 = NDArray[np.float32]

LEAST_SIDE = 64  # pixels
HINT = 0.3  # a second axis as sure as this, and slightly different, warns of pixels that are not square
FAINT = 0.25  # a ruler less sure than this is none
RIVAL = 0.5  # a second ruler as sure as this must agree
AGREE = 0.01
NUMBERS = 0.025  # numbers beside the ticks are a ruler too, with a period that is not as well known
APART = 60  # pixels
SQUARENESS = 1.5  # rulers whose spacings differ more than this are not those of one picture


@dataclass(frozen=True)
class AxisRuler:
    """A ruler along one axis of the picture.

    Parameters
    ----------
    side : {"left", "right", "top", "bottom"}
        Where it stands; left and right measure down the rows, top and bottom across the columns.
    period_px : float
        Distance of neighbouring ticks, least squares over all ticks.
    places_px : ndarray of shape (n_ticks,)
        Middle of each tick, row or column.
    band_px : tuple of int
        First and last column (row, for top and bottom) of the ticks.
    residual_px : float
        Root mean square distance of the ticks from equal spacing.
    every : int
        Every how many ticks stands a longer one; 1 where none does.
    confidence : float
        0 to 1, of this ruler alone.
    """

    side: Side
    period_px: float
    places_px: FloatArray
    band_px: tuple[int, int]
    residual_px: float
    every: int
    confidence: float

    @property
    def is_upright(self) -> bool:
        """Whether it measures down the rows."""
        return self.side in ("left", "right")

    def line(self) -> str:
        """Say where the ticks are and how well they fit."""
        count, period, residual = self.places_px.size, self.period_px, self.residual_px
        return f"{self.side}: {count} ticks, {period:.2f} px apart (rms {residual:.2f} px)"


@dataclass(frozen=True)
class RulerReading:
    """What the rulers of a picture say.

    Parameters
    ----------
    spacing_mm : tuple of float
        (row, column), mm per pixel.
    rulers : tuple of AxisRuler
        One, or one along either axis, the surest first. With one only, the pixels are taken for square.
    tick_mm : float
        Distance of neighbouring ticks.
    stated : bool
        Whether `tick_mm` was stated; otherwise it was told from the ticks' pattern or guessed.
    confidence : float
        0 to 1; below `CONFIDENCE_LIMIT` the reading must not be used.
    words : tuple of str
        What raised or lowered the confidence.
    """

    spacing_mm: tuple[float, float]
    rulers: tuple[AxisRuler, ...]
    tick_mm: float
    stated: bool
    confidence: float
    words: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Whether the reading may be used."""
        return self.confidence >= CONFIDENCE_LIMIT

    def line(self) -> str:
        """Say the reading in one line."""
        rulers = "; ".join(ruler.line() for ruler in self.rulers)
        source = "stated" if self.stated else "told from their pattern"
        return f"{rulers}; ticks every {self.tick_mm:g} mm ({source}); confidence {self.confidence:.2f}"


def read_ruler(pixels: NDArray[Any], tick_mm: float | None = None) -> RulerReading | None:
    """Find equally spaced ticks beside the tissue and read the pixel spacing from them.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns)
        Grey values on the scale 0-255, finite. Ticks must be brighter than what they stand on.
    tick_mm : float, optional
        Distance of neighbouring ticks (the smallest that are drawn), where it is known.

    Returns
    -------
    RulerReading or None
        None where no three equally spaced marks were found that look like ticks.

    Raises
    ------
    InputError
        When `pixels` is not a finite picture, or `tick_mm` is not positive.

    Notes
    -----
    Strips of three columns (and rows) are searched for the comb that explains most of their short bright marks;
    then each tick's centre of gravity is measured and the period fitted by least squares. Not told apart are pixels
    that are not square where only one axis has a ruler.
    """
    grey = _checked(pixels, tick_mm)
    if min(grey.shape) < LEAST_SIDE:
        return None
    found = [ruler for upright in (True, False) if (ruler := _read_axis(grey, upright=upright)) is not None]
    if not found:
        return None
    found.sort(key=lambda ruler: ruler.confidence, reverse=True)
    return _combined(grey, found, tick_mm)


def calibrate_ruler(image: Image, reading: RulerReading) -> Image:
    """Return the image with the spacing of a ruler.

    Raises
    ------
    InputError
        When the reading's confidence is below `CONFIDENCE_LIMIT`.
    """
    if not reading.is_sure:
        raise InputError(
            f"a ruler must be read with a confidence of at least {CONFIDENCE_LIMIT}",
            f"{reading.confidence:.2f} ({'; '.join(reading.words)})",
            file=image.name,
            mend="state the distance of the ticks, or the spacing_mm",
        )
    return replace(
        image, spacing_mm=reading.spacing_mm, calibration=Calibration(Source.RULER, f"ruler, {reading.line()}")
    )


def _checked(pixels: NDArray[Any], tick_mm: float | None) -> Float32:
    if pixels.ndim != 2 or pixels.dtype.kind not in "biuf":
        raise InputError("a picture must be grey, of rows and columns", f"{pixels.dtype}, shape {pixels.shape}")
    grey = np.ascontiguousarray(pixels, dtype=np.float32)
    if not np.isfinite(grey).all():
        raise InputError("pixel values must be finite", f"{int((~np.isfinite(grey)).sum())} NaN or infinite pixels")
    if tick_mm is not None and not (math.isfinite(tick_mm) and tick_mm > 0.0):
        raise InputError("the distance of the ticks must be positive", f"tick_mm={tick_mm}")
    return grey


def _read_axis(grey: Float32, *, upright: bool) -> AxisRuler | None:
    """Read the surest ruler along one axis; a rival that disagrees makes it less sure."""
    view = grey if upright else np.ascontiguousarray(grey.T)
    extent = _tissue(view)
    signal = tick_signal(view)
    rulers = []
    for comb, columns in sort_combs(find_combs(signal)):
        ticks = measure_ticks(signal, comb, columns)
        if ticks is not None:
            rulers.append(_axis_ruler(ticks, extent, view.shape[1], upright=upright))
    rulers.sort(key=lambda ruler: ruler.confidence, reverse=True)
    if not rulers or rulers[0].confidence < FAINT:
        return None
    best = _finest(rulers)
    rivals = [other for other in rulers if other is not best and other.confidence >= RIVAL]
    spoilt = any(not _same_scale(best, other) for other in rivals) or _is_grid(best, rivals)
    return replace(best, confidence=0.6 * best.confidence) if spoilt else best


def _finest(rulers: list[AxisRuler]) -> AxisRuler:
    """The surest ruler, or the one beside it of which it counts the long ticks only."""
    best = rulers[0]
    for other in rulers[1:]:
        near = abs(other.band_px[0] - best.band_px[0]) <= APART
        finer = other.period_px < 0.75 * best.period_px and _same_scale(best, other)
        if other.confidence >= max(FAINT, 0.6 * rulers[0].confidence) and near and finer:
            best = other
    return best


def _is_grid(best: AxisRuler, rivals: list[AxisRuler]) -> bool:
    """Whether the same comb stands in several places, as the bullets of a menu do; a ruler may stand on either side."""
    apart = [other for other in rivals if abs(other.band_px[0] - best.band_px[0]) > APART]
    return any(other.side == best.side for other in apart) or len(apart) > 1


def _axis_ruler(ticks: Ticks, extent: tuple[int, int], n_columns: int, *, upright: bool) -> AxisRuler:
    middle = (ticks.columns[0] + ticks.columns[1]) / 2.0
    near = middle < n_columns / 2.0
    side: Side = ("left" if near else "right") if upright else ("top" if near else "bottom")
    return AxisRuler(
        side=side,
        period_px=ticks.period,
        places_px=frozen(ticks.places),
        band_px=ticks.columns,
        residual_px=ticks.residual,
        every=ticks.pattern.every,
        confidence=trust(ticks, _cover(ticks, extent)),
    )


def _tissue(view: Float32) -> tuple[int, int]:
    """First and last row of the tissue: rows that are bright over a good part of their length."""
    dark = float(np.percentile(view[::4, ::4], 10)) + 12.0
    bright = np.flatnonzero((view > dark).mean(axis=1) > 0.15)
    return (int(bright[0]), int(bright[-1])) if bright.size else (0, 0)


def _cover(ticks: Ticks, extent: tuple[int, int]) -> float:
    """Share of the tissue's extent along which the ticks run, to half a period beyond the last."""
    length = extent[1] - extent[0]
    if length <= 0:
        return 0.0
    half = ticks.period / 2.0
    overlap = min(ticks.places[-1] + half, extent[1]) - max(ticks.places[0] - half, extent[0])
    return max(0.0, float(overlap) / length)


def _same_scale(one: AxisRuler, other: AxisRuler) -> bool:
    """Whether the periods agree, or one counts every second, fifth or tenth tick of the other."""
    ratio = max(one.period_px, other.period_px) / min(one.period_px, other.period_px)
    return any(abs(ratio / times - 1.0) <= NUMBERS for times in (1, 2, 5, 10))


def _combined(grey: Float32, found: list[AxisRuler], tick_mm: float | None) -> RulerReading:
    """Bring both axes together: agreement makes surer, contradiction less sure."""
    words: list[str] = []
    rulers, confidence = _joined(found, words)
    best = rulers[0]
    extent = grey.shape[0] if best.is_upright else grey.shape[1]
    if tick_mm is None:
        guess = guess_tick(best.period_px, best.every, extent)
        words.append(guess.why)
        tick, confidence = guess.tick_mm, confidence * 0.97 if guess.sure else min(confidence, 0.5)
    else:
        tick, confidence = tick_mm, confidence * _fits(tick_mm, rulers, words)
    by_axis = {ruler.is_upright: tick / ruler.period_px for ruler in reversed(rulers)}
    if len(by_axis) == 1:
        words.append("one ruler only: pixels taken for square")
    spacing = (by_axis.get(True, tick / best.period_px), by_axis.get(False, tick / best.period_px))
    return RulerReading(spacing, rulers, tick, tick_mm is not None, confidence, tuple(words))


def _joined(found: list[AxisRuler], words: list[str]) -> tuple[tuple[AxisRuler, ...], float]:
    best = found[0]
    if len(found) == 1 or found[1].confidence < FAINT:
        return (best,), best.confidence
    second = found[1]
    ratio = best.period_px / second.period_px
    if abs(ratio - 1.0) <= AGREE:
        words.append("both axes agree")
        return (best, second), 1.0 - (1.0 - best.confidence) * (1.0 - second.confidence)
    stretched = 1.0 / SQUARENESS <= ratio <= SQUARENESS
    if second.confidence < (HINT if stretched else RIVAL):
        return (best,), best.confidence
    words.append(f"the axes differ by a factor of {ratio:.3g}")
    if stretched and second.confidence >= 0.7 and (best.every == second.every or 1 in (best.every, second.every)):
        return (best, second), 0.95 * max(best.confidence, second.confidence)
    return (best,), 0.5 * best.confidence


def _fits(tick_mm: float, rulers: tuple[AxisRuler, ...], words: list[str]) -> float:
    """Less where longer ticks would stand at distances nobody draws: it was not the smallest that was stated."""
    every = max(ruler.every for ruler in rulers)
    if every == 1 or tick_mm * every in LONG_MM:
        return 1.0
    words.append(f"longer ticks at every {tick_mm * every:g} mm are unusual: is {tick_mm:g} mm the smallest distance?")
    return 0.7
