"""How far a ruler is to be believed, and what its ticks' own pattern says of their distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perirad.image.ruler_ticks import Ticks

__all__ = ["HINT", "LONG_MM", "TickGuess", "guess_tick", "trust"]

LONG_MM = (5.0, 10.0, 50.0, 100.0)  # distances at which scanners draw longer ticks
USUAL_MM = (1.0, 5.0, 10.0)  # distances of the smallest ticks
PLAUSIBLE_MM = (0.03, 0.5)  # millimetres per pixel of a small-parts or an abdominal picture
USUAL_DEPTH_MM = 45.0
HINT = 0.3  # what is believed of marks that are spaced as ticks are and do not look like them
BY_COUNT = {3: 0.6, 4: 0.9, 5: 0.96}


@dataclass(frozen=True)
class TickGuess:
    """Distance of the ticks as their pattern tells it; `sure` where nothing else is usual."""

    tick_mm: float
    sure: bool
    why: str


def ramp(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high`, straight between."""
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))


def trust(ticks: Ticks, cover: float) -> float:
    """How sure it is, 0 to 1, that these are the ticks of a ruler and all of them.

    Parameters
    ----------
    ticks : Ticks
    cover : float
        Share of the tissue's extent along which the ruler runs.
    """
    parts = (
        BY_COUNT.get(ticks.ranks.size, 1.0),
        0.4 + 0.6 * ramp(ticks.complete, 0.6, 0.9),
        1.0 - 0.5 * ramp(ticks.residual, 0.5, 1.0),
        ramp(ticks.alike, 0.78, 0.95),
        ramp(ticks.pattern.even, 0.4, 0.75),
        ramp(-ticks.endless, -0.5, -0.2),
        0.6 + 0.4 * ramp(ticks.clean, 0.3, 0.8),
        0.2 + 0.8 * ramp(cover, 0.35, 0.75),
    )
    return max(float(np.prod(parts)), HINT if _is_regular(ticks, cover) else 0.0)


def _is_regular(ticks: Ticks, cover: float) -> bool:
    """Whether marks are spaced as ticks are though they do not look like them: the numbers of a ruler, perhaps."""
    whole = ticks.ranks.size >= 6 and ticks.complete >= 0.9 and cover >= 0.8
    return whole and ticks.residual <= 0.9 and ticks.clean >= 0.6


def guess_tick(period_px: float, every: int, extent_px: float) -> TickGuess:
    """Tell the distance of the ticks from their pattern.

    Parameters
    ----------
    period_px : float
    every : int
        Every how many ticks stands a longer one.
    extent_px : float
        Extent of the tissue along the ruler; only where the pattern does not tell, for the likelier guess.

    Notes
    -----
    Sure only where exactly one usual distance puts the longer ticks at 10, 50 or 100 mm and gives a plausible pixel.
    A scanner with ticks at unusual distances (2 mm with longer ones at 10 mm) would be misread: state them.
    """
    fit = [mm for mm in USUAL_MM if PLAUSIBLE_MM[0] <= mm / period_px <= PLAUSIBLE_MM[1]]
    told = [mm for mm in fit if every > 1 and mm * every in LONG_MM]
    if len(told) == 1:
        why = f"told by a longer one at every {told[0] * every:g} mm"
        return TickGuess(told[0], True, why)
    open_ = told or [mm for mm in fit if mm >= 5.0] or [10.0]
    depth = [abs(np.log(mm / period_px * extent_px / USUAL_DEPTH_MM)) for mm in open_]
    doubt = f"their pattern fits {' and '.join(f'{mm:g}' for mm in told)} mm" if told else "their pattern does not tell"
    return TickGuess(open_[int(np.argmin(depth))], False, f"guessed: {doubt}")
