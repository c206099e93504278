"""Read the outline of a lesion as a region of its image."""

from __future__ import annotations

from pathlib import Path

from perirad.image.image import Image
from perirad.image.roi import read_mask
from perirad.regions.lesion import lesion_region
from perirad.regions.region import Region

__all__ = ["read_region"]


def read_region(path: Path | str, image: Image, *, label: int | None = None) -> Region:
    """Read the mask of a lesion as region ``I``.

    Parameters
    ----------
    path : Path or str
        PNG, BMP, TIFF, NIfTI, NRRD or MHA, of the image's size.
    image : Image
        The image; its spacing counts, not the mask's.
    label : int, optional
        Which label of a mask with several.

    Raises
    ------
    InputError
        As `perirad.image.roi.read_mask` and `perirad.regions.lesion.lesion_region`.
    """
    return lesion_region(read_mask(path, image, label=label), image)
