"""Settings by the number of features, as published studies state it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from perirad.errors import InputError
from perirad.features.settings import FILTERS, FeatureSettings

__all__ = ["PRESETS", "Recognised", "preset", "recognise"]

_POINTWISE = FILTERS[3:8]

PRESETS: dict[int, FeatureSettings] = {
    102: FeatureSettings(filters=FILTERS[:1]),
    474: FeatureSettings(filters=FILTERS[:2]),
    851: FeatureSettings(filters=FILTERS[:2], slice_mm=1.0),
    939: FeatureSettings(filters=FILTERS[:3]),
    1404: FeatureSettings(filters=FILTERS[:8]),
}
"""Number of features of one region -> settings, with PyRadiomics' bins of width 25."""


def preset(count: int) -> FeatureSettings:
    """Choose the filters by the number of features of one region.

    Parameters
    ----------
    count : int
        102 (original), 474 (with wavelet), 939 (with LoG of sigma 1 to 5 mm), 1404 (with square, square root,
        logarithm, exponential and gradient); 851 (original and wavelet of the picture as a volume of one slice of
        1 mm). Bins of width 25. LBP, which PyRadiomics leaves out where scikit-image is not installed, is in none of
        them; it would add 93.

    Raises
    ------
    InputError
        Another number; `recognise` may know what it is made of.
    """
    if count not in PRESETS:
        raise InputError(f"there are presets of {', '.join(map(str, PRESETS))} features", f"count={count}")
    return PRESETS[count]


@dataclass(frozen=True)
class Recognised:
    """What a published number of features may be made of.

    Parameters
    ----------
    regions : int
        Number of regions, or of images of one region.
    settings : FeatureSettings
        That give this many features for each.
    description : str
        The same in words.
    """

    regions: int
    settings: FeatureSettings
    description: str


def recognise(count: int) -> tuple[Recognised, ...]:
    """Say which of PyRadiomics' images make a published number of features.

    Parameters
    ----------
    count : int
        Features of a study before selection.

    Returns
    -------
    tuple of Recognised
        The likeliest first: few regions, then few filters. Up to four regions, LoG with 1 to 5 sigmas (taken as 1 mm,
        2 mm, ...: a number cannot tell which), and PyRadiomics' pointwise filters and gradient all or none. Empty where
        nothing of this makes the number.

    Notes
    -----
    A picture has 102 features of the original image (9 of shape) and 93 of every other; a volume of one slice has 107
    (14 of shape) and no LoG. With LoG beside 14 features of shape (1130, 1316) a number is that of a volume of several
    slices, which perirad does not measure.
    """
    found = []
    choices = product((1, 2, 3, 4), (None, 1.0), range(6), (False, True), (False, True))
    for regions, slice_mm, n_sigmas, wavelet, pointwise in choices:
        if slice_mm is not None and n_sigmas:
            continue  # PyRadiomics leaves LoG out of a volume of one slice
        settings = FeatureSettings(
            filters=("original", *(("wavelet",) if wavelet else ()), *(("log",) if n_sigmas else ()),
                     *(_POINTWISE if pointwise else ())),
            log_sigma_mm=tuple(float(k + 1) for k in range(n_sigmas or 5)),
            slice_mm=slice_mm,
        )  # fmt: skip
        size = (102 if slice_mm is None else 107) + 93 * (len(settings.images) - 1)
        if regions * size == count:
            found.append(Recognised(regions, settings, _description(regions, settings)))
    return tuple(sorted(found, key=lambda item: (item.regions, len(item.settings.filters))))


def _description(regions: int, settings: FeatureSettings) -> str:
    parts = ["original image"]
    if "wavelet" in settings.filters:
        parts.append("four wavelet bands" if settings.slice_mm is None else "eight wavelet bands")
    if "log" in settings.filters:
        sigmas = len(settings.log_sigma_mm)
        parts.append(f"LoG of {sigmas} sigma{'s' if sigmas > 1 else ''}")
    if "square" in settings.filters:
        parts.append("square, square root, logarithm, exponential, gradient")
    picture = "as a picture (2-D)" if settings.slice_mm is None else "as a volume of one slice (3-D)"
    times = "one region" if regions == 1 else f"{regions} regions"
    return f"{times} {picture}: {', '.join(parts)}"
