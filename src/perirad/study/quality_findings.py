"""What `perirad check` says of the quality of one case: warnings, each with its limit and the reason for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perirad.errors import Problem
from perirad.study.quality import PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perirad.study.quality import CaseLook

__all__ = ["case_findings"]

TINY_MM: Final = 5.0
"""Diameter below which a lesion is tiny: T1a of the TNM classification ends at 5 mm; a beam is about 1 mm wide."""
TINY_PIXELS: Final = 400
"""Pixels (20 x 20) below which co-occurrence and zone matrices are mostly empty."""
COLOURED_SHARE: Final = 0.01
"""Share of coloured pixels above which a picture has a colour window; letters and calipers are below."""
FULL_COLOUR_SHARE: Final = 0.25
"""And above which most of what is looked at is coloured, as in elastography; Doppler boxes are mostly grey inside."""
COLOURED_IN_REGION: Final = 5
"""Coloured pixels in a region that count: one or two are noise of JPEG."""
BRIGHT_SHARE: Final = 0.05
"""Share at the highest grey value above which gain has clipped echoes. Of 188 real pictures the most had 0.018."""
DARK_SHARE: Final = 0.5
"""Share at the lowest value above which little is left to measure. Shadows and cysts are black: real ones reach 0.2."""
FEW_LEVELS: Final = 32
"""Different grey values below which a picture was posterised, e.g. saved with a small palette; real ones have 150."""
MANY_PIXELS: Final = 1000
"""Pixels from which grey values can be counted on: in fewer, few values are natural."""


def case_findings(look: CaseLook, *, plausible: bool = True) -> tuple[Problem, ...]:
    """Warnings about one case, none for a sound one; nothing in millimetres where they are not `plausible`."""
    found = (*_views(look), *_colours(look), *_marks(look), *_grey(look), *_size(look, plausible), *_edge(look))
    return tuple(Problem(expected, what, look.case_id, look.file, mend, "warning") for expected, what, mend in found)


Said = tuple[str, str, str]


def _views(look: CaseLook) -> Iterator[Said]:
    if look.views:
        mend = "if these are two views side by side, crop the picture to the one with the lesion"
        yield "a picture should show one view", look.views, mend


def _colours(look: CaseLook) -> Iterator[Said]:
    share = look.coloured.get(PICTURE, 0) / look.field_pixels
    if share >= COLOURED_SHARE:
        window, whole = "a Doppler or elastography window", "elastography or another colour map"
        kind = whole if share >= FULL_COLOUR_SHARE else window
        found = f"{_percent(share)} of it coloured, as by {kind}"
        yield "a picture should be B-mode in grey", found, "use the picture without colour of the same view"
    touched = {name: n for name, n in look.coloured.items() if name != PICTURE and n >= COLOURED_IN_REGION}
    # Rings are nested: the smallest one says it for those around it.
    inner = [name for name in touched if name == "I"] + [name for name in touched if name != "I"][:1]
    if inner:
        found = " and ".join(f"{touched[name]} coloured pixels in {name}" for name in inner)
        mend = "use the picture without calipers and colour, or exclude the case"
        yield "lesion and rings should be free of coloured overlays", found, mend


def _marks(look: CaseLook) -> Iterator[Said]:
    for what, regions in look.marked.items():
        touched = {name: n for name, n in regions.items() if n >= COLOURED_IN_REGION}
        inner = [name for name in touched if name == "I"] + [name for name in touched if name != "I"][:1]
        if inner:
            found = f"{what}: " + " and ".join(f"{touched[name]} pixels in {name}" for name in inner)
            mend = 'use the picture without them, or leave them out: [regions] exclude = ["text", "calipers", "needle"]'
            yield "lesion and rings should be free of marks", found, mend


def _grey(look: CaseLook) -> Iterator[Said]:
    clipped, place = look.clipped, "lesion and rings"
    if look.n_measured < MANY_PIXELS:
        return
    if clipped.bright > BRIGHT_SHARE:
        found = f"{_percent(clipped.bright)} of their pixels at {clipped.highest:g}, the highest"
        yield f"grey levels of {place} should not be clipped", found, "lower the gain, or export it without windowing"
    if clipped.dark > DARK_SHARE:
        found = f"{_percent(clipped.dark)} of their pixels at {clipped.lowest:g}, the lowest"
        yield f"grey levels of {place} should not be clipped", found, "raise the gain, or export it without windowing"
    if look.n_levels < FEW_LEVELS:
        found = f"{look.n_levels} in {look.n_measured} pixels"
        yield f"{place} should have at least {FEW_LEVELS} grey levels", found, "export the picture in 8-bit grey"


def _size(look: CaseLook, plausible: bool) -> Iterator[Said]:
    """In pixels alone where the millimetres are assumed, or cannot be true."""
    known = plausible and not look.assumed
    if (known and look.diameter_mm < TINY_MM) or look.lesion_pixels < TINY_PIXELS:
        size = f"{look.lesion_pixels} pixels" + (f", {look.diameter_mm:.1f} mm across" if known else "")
        expected = f"a lesion should be at least {TINY_MM:g} mm across and have {TINY_PIXELS} pixels"
        yield expected, size, "check outline and spacing; texture of so few pixels is uncertain"


def _edge(look: CaseLook) -> Iterator[Said]:
    if look.edges:
        found = f"one that touches the {' and the '.join(look.edges)} edge"
        yield (
            "a lesion should lie whole inside the picture",
            found,
            "use a picture that shows it whole, or exclude the case",
        )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.0095 else f"{100 * share:.1g} %"
