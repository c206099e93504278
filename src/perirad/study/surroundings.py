"""What of a case's picture no region may use: found in the picture, or painted in a mask of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from perirad.image.roi import read_mask
from perirad.regions.exclusion import Cause, Exclusions

if TYPE_CHECKING:
    from pathlib import Path

    from perirad.arrays import BoolArray
    from perirad.image.image import Image
    from perirad.image.marks import Marks
    from perirad.regions.estimate import Estimate
    from perirad.study.casefiles import CaseFiles

__all__ = ["find_exclusions", "read_lesion"]


def read_lesion(files: CaseFiles, image: Image | None) -> BoolArray:
    """Mask of a case's lesion; without the image, for choosing the calibrated region that the lesion lies in."""
    return read_mask(
        files.mask, image, label=files.label, choice=files.lesions, frame=files.frame, image_file=files.image
    )


def _given(files: CaseFiles, look: _Look, causes: tuple[Cause, ...]) -> dict[Cause, BoolArray]:
    """Masks that readers made for a case: further lesions, the chest wall's depth, what is to be left out.

    Further lesions are those of `other_mask`, and the mask file's own where "other lesion" is asked for.
    """
    image = look.image
    given: dict[Cause, BoolArray] = {}
    others = [_read_area(path, image, files) for path in files.others]
    if Cause.OTHER_LESION in causes and (files.label is not None or files.lesions == "largest"):
        others.append(_unchosen(files, image))
    if others:
        given[Cause.OTHER_LESION] = np.logical_or.reduce(others) & ~look.lesion
    if files.chest_wall_mm is not None:
        from perirad.regions.chest_wall import below_depth  # noqa: PLC0415

        given[Cause.BELOW_CHEST_WALL] = below_depth(image, files.chest_wall_mm, look.sector)
    if files.left_out is not None:
        given[Cause.MARKED] = _read_area(files.left_out, image, files)
    return given


def _read_area(path: Path, image: Image, files: CaseFiles) -> BoolArray:
    """Everything that a mask marks."""
    return read_mask(path, image, choice="all", frame=files.frame, image_file=files.image)


def _unchosen(files: CaseFiles, image: Image) -> BoolArray:
    """Everything that the mask file marks, the case's own lesion among it."""
    from perirad.image.outlines.read import read_outlines, target_of  # noqa: PLC0415

    target = target_of(image, frame=files.frame, image_file=files.image)
    lesions = read_outlines(files.mask, target, files.label).lesions
    marked: BoolArray = np.logical_or.reduce([each.mask for each in lesions])
    return marked


class _Look:
    """A picture that is looked at as often as somebody asks, and searched once for each thing."""

    def __init__(self, image: Image, lesion: BoolArray) -> None:
        self.image = image
        self.lesion = lesion

    @cached_property
    def marks(self) -> Marks:
        from perirad.image.marks import find_marks  # noqa: PLC0415  (SciPy: only for studies that exclude something)

        return find_marks(self.image)

    @cached_property
    def sector(self) -> BoolArray:
        from perirad.regions.sector import find_sector  # noqa: PLC0415

        # Where the lesion is there is tissue, however black.
        return find_sector(self.image, self.marks.any).mask | self.lesion

    def skin(self) -> Estimate:
        from perirad.regions.skin import above_skin  # noqa: PLC0415

        return above_skin(self.image, self.sector)

    def chest_wall(self) -> Estimate:
        from perirad.regions.chest_wall import below_chest_wall  # noqa: PLC0415

        return below_chest_wall(self.image, self.sector, self.lesion)

    def shadow(self) -> Estimate:
        from perirad.regions.shadow import posterior_shadow  # noqa: PLC0415

        return posterior_shadow(self.image, self.lesion)


_FOUND: Mapping[Cause, Callable[[_Look], BoolArray]] = {
    Cause.OUTSIDE_SECTOR: lambda look: ~look.sector,
    Cause.ABOVE_SKIN: lambda look: look.skin().mask,
    Cause.BELOW_CHEST_WALL: lambda look: look.chest_wall().mask,
    Cause.TEXT: lambda look: look.marks.text,
    Cause.CALIPERS: lambda look: look.marks.calipers,
    Cause.NEEDLE: lambda look: look.marks.needle,
    Cause.COLOUR: lambda look: look.marks.colour,
    Cause.SHADOW: lambda look: look.shadow().mask,
}
"""How the picture itself tells; "other lesion" and "marked by hand" need a mask."""


def find_exclusions(
    image: Image, lesion: BoolArray, causes: tuple[Cause, ...], files: CaseFiles | None = None
) -> Exclusions:
    """Find the pixels that no region may use.

    Parameters
    ----------
    image : Image
        The picture as it was read, before any resampling: letters and calipers are told by their sharp edges.
    lesion : ndarray of bool, shape (n_rows, n_columns)
        The outlined lesion.
    causes : tuple of Cause
        What is looked for.
    files : CaseFiles, optional
        Of the case, with the masks that a reader made; they count whether asked for or not, and instead of what would
        be looked for.
    """
    look = _Look(image, lesion)
    given = {} if files is None else _given(files, look, causes)
    found = {cause: _FOUND[cause](look) for cause in causes if cause in _FOUND and cause not in given}
    masks = {cause: np.asarray(mask, dtype=np.bool_) for cause, mask in (found | given).items()}
    return Exclusions({cause: mask for cause, mask in masks.items() if mask.any()})
