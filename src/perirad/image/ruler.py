"""Read the ruler that a scanner draws beside its picture: millimetres per pixel from a screenshot."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perirad.errors import InputError
from perirad.image.image import Calibration, Image, Source
from perirad.image.ruler_axis import FAINT, RIVAL, AxisRuler, read_axis
from perirad.image.ruler_scale import HINT, LONG_MM, guess_tick
from perirad.image.ruler_second import AGREE, SQUARENESS, look_again

__all__ = [
    "AGREE",
    "CONFIDENCE_LIMIT",
    "AxisRuler",
    "RulerReading",
    "calibrate_ruler",
    "find_rulers",
    "read_ruler",
    "weigh_rulers",
]

CONFIDENCE_LIMIT = 0.8
"""A reading below this is shown and never used."""

Float32 = NDArray[np.float32]

LEAST_SIDE = 64  # pixels
WHITE = 255.0
TOLD, GUESSED = 0.97, 0.5  # the most that is believed of ticks whose distance nobody stated
ACROSS = 0.7  # the most that is believed of a ruler across without one down the depth
LEAST_LONGER = 3
HINTED = "faint marks along the other axis agree"
OVERLOOKED = "scanners draw a ruler down the depth too, and it was not seen: state whether pixels are square"


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
    source : str
        Where `tick_mm` came from, in words.
    confidence : float
        0 to 1; below `CONFIDENCE_LIMIT` the reading must not be used.
    words : tuple of str
        What raised or lowered the confidence.
    """

    spacing_mm: tuple[float, float]
    rulers: tuple[AxisRuler, ...]
    tick_mm: float
    stated: bool
    source: str
    confidence: float
    words: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Whether the reading may be used."""
        return self.confidence >= CONFIDENCE_LIMIT

    def cell(self) -> str:
        """Spacing as a table's `spacing_mm` takes it: one number where both axes say the same to what can be read."""
        row, column = self.spacing_mm
        same = abs(row / column - 1.0) <= AGREE
        return f"{(row + column) / 2.0:.4g}" if same else f"{row:.4g} {column:.4g}"

    def line(self) -> str:
        """Say the reading in one line."""
        rulers = "; ".join(ruler.line() for ruler in self.rulers)
        return f"{rulers}; ticks every {self.tick_mm:g} mm ({self.source}); confidence {self.confidence:.2f}"


def read_ruler(pixels: NDArray[Any], tick_mm: float | None = None, *, square: bool = False) -> RulerReading | None:
    """Find equally spaced ticks beside the tissue and read the pixel spacing from them.

    Parameters
    ----------
    pixels : ndarray of shape (n_rows, n_columns)
        Grey values, finite; on the scale 0-255, or from 0 to the largest where that is more. Ticks must be brighter
        than what they stand on.
    tick_mm : float, optional
        Distance of neighbouring ticks (the smallest that are drawn), where it is known.
    square : bool
        Whether somebody states that pixels are square; asked for where a ruler across is all that was read.

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
    then each tick's centre of gravity is measured and the period fitted by least squares. Where one axis is read, the
    other is searched again for faint ticks and numbers: what contradicts square pixels makes the reading unsure.
    Scanners draw a ruler down the depth, many none across: a ruler down alone is believed (nearly all scanners have
    square pixels), a ruler across alone is not, as the other was probably overlooked. Marks that stand again in several
    places or have words beside each are taken for a list. Look at the figure.
    """
    found = find_rulers(pixels)
    return weigh_rulers(found, pixels.shape, tick_mm, square=square)


def find_rulers(pixels: NDArray[Any]) -> list[AxisRuler]:
    """Find the surest ruler along either axis, in pixels: at most two, the surer first; see `read_ruler`."""
    grey = _checked(pixels)
    if min(grey.shape) < LEAST_SIDE:
        return []
    found = [ruler for upright in (True, False) if (ruler := read_axis(grey, upright=upright)) is not None]
    found.sort(key=lambda ruler: ruler.confidence, reverse=True)
    if not found or found[0].confidence < CONFIDENCE_LIMIT or (len(found) == 2 and _is_heard(*found)):
        return found
    hint = look_again(grey, found[0])
    return found if hint is None else [found[0], hint]


def _is_heard(best: AxisRuler, second: AxisRuler) -> bool:
    """Whether the second ruler is sure enough to agree or to contradict."""
    return second.confidence >= RIVAL or (second.confidence >= FAINT and _agree(best, second))


def _agree(best: AxisRuler, second: AxisRuler) -> bool:
    return abs(best.period_px / second.period_px - 1.0) <= AGREE


def weigh_rulers(
    found: list[AxisRuler], shape: tuple[int, ...], tick_mm: float | None = None, *, square: bool = False
) -> RulerReading | None:
    """Turn rulers in pixels into millimetres; quick, so that several distances of the ticks may be tried.

    Parameters
    ----------
    found : list of AxisRuler
        From `find_rulers`.
    shape : tuple of int
        Rows and columns of the picture.
    tick_mm, square
        As of `read_ruler`.

    Raises
    ------
    InputError
        When `tick_mm` is not positive.
    """
    if tick_mm is not None and not (math.isfinite(tick_mm) and tick_mm > 0.0):
        raise InputError("the distance of the ticks must be positive", f"tick_mm={tick_mm}")
    if not found:
        return None
    # Agreement of both axes makes surer, contradiction less sure.
    words = [found[0].doubt] if found[0].doubt else []
    rulers, confidence = _joined(found, words)
    best = rulers[0]
    if tick_mm is None:
        guess = guess_tick(best.period_px, _every(rulers), shape[0] if best.is_upright else shape[1])
        tick, source = guess.tick_mm, guess.why
        confidence = TOLD * confidence if guess.sure else min(confidence, GUESSED)
    else:
        tick, source, confidence = tick_mm, "stated", confidence * _fits(tick_mm, _every(rulers), words)
    spacing = _spacing(rulers, tick)
    if len(rulers) == 1:
        words.append("a ruler along one axis only: pixels " + ("stated to be" if square else "taken for") + " square")
        if not (best.is_upright or square or HINTED in words):
            words.append(OVERLOOKED)
            confidence = min(confidence, ACROSS)
    return RulerReading(spacing, rulers, tick, tick_mm is not None, source, confidence, tuple(words))


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
    detail = "; ".join([f"ruler, {reading.line()}", *reading.words])
    return replace(image, spacing_mm=reading.spacing_mm, calibration=Calibration(Source.RULER, detail))


def _checked(pixels: NDArray[Any]) -> Float32:
    if pixels.ndim != 2 or pixels.dtype.kind not in "biuf":
        raise InputError("a picture must be grey, of rows and columns", f"{pixels.dtype}, shape {pixels.shape}")
    grey = np.array(pixels, dtype=np.float32, order="C")
    if not np.isfinite(grey).all():
        raise InputError("pixel values must be finite", f"{int((~np.isfinite(grey)).sum())} NaN or infinite pixels")
    if (largest := float(grey.max(initial=0.0))) > WHITE:
        grey *= np.float32(WHITE / largest)
    return grey


def _spacing(rulers: tuple[AxisRuler, ...], tick_mm: float) -> tuple[float, float]:
    """Spacing (row, column): of each axis' own ruler, or of the only one."""
    own = {ruler.is_upright: tick_mm / ruler.period_px for ruler in rulers}
    only = tick_mm / rulers[0].period_px
    return own.get(True, only), own.get(False, only)


def _every(rulers: tuple[AxisRuler, ...]) -> int:
    """Every how many ticks stands a longer one; 1 where it is not plain.

    Two ticks that letters touch make a pattern by chance: three longer ticks are asked for, or both rulers' word.
    """
    seen = [ruler for ruler in rulers if ruler.every > 1]
    plain = any(ruler.places_px.size // ruler.every >= LEAST_LONGER for ruler in seen) or len(seen) > 1
    return seen[0].every if plain and len({ruler.every for ruler in seen}) == 1 else 1


def _joined(found: list[AxisRuler], words: list[str]) -> tuple[tuple[AxisRuler, ...], float]:
    best = found[0]
    if len(found) == 1 or found[1].confidence < FAINT:
        return (best,), best.confidence
    second = found[1]
    ratio = best.period_px / second.period_px
    if _agree(best, second) and second.confidence <= HINT:
        words.append(HINTED)
        return (best,), best.confidence
    if _agree(best, second):
        words.append("both axes agree")
        return (best, second), 1.0 - (1.0 - best.confidence) * (1.0 - second.confidence)
    # Slightly different periods warn of pixels that are not square, however faint the second ruler.
    stretched = 1.0 / SQUARENESS <= ratio <= SQUARENESS
    if second.confidence < (HINT if stretched else RIVAL):
        return (best,), best.confidence
    words.append(f"the axes differ by a factor of {ratio:.3g}")
    if stretched and second.confidence >= CONFIDENCE_LIMIT:
        return (best, second), 0.95 * math.sqrt(best.confidence * second.confidence)
    return (best,), 0.5 * best.confidence


def _fits(tick_mm: float, every: int, words: list[str]) -> float:
    """Less where longer ticks would stand at distances nobody draws: it was not the smallest that was stated."""
    if every == 1 or tick_mm * every in LONG_MM:
        return 1.0
    words.append(f"longer ticks at every {tick_mm * every:g} mm are unusual: is {tick_mm:g} mm the smallest distance?")
    return 0.7
