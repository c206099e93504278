"""Read the outline of a lesion as a region of its image."""

from __future__ import annotations

from pathlib import Path

from perirad.image.image import Image
from perirad.image.outlines.choose import Choice
from perirad.image.roi import read_mask
from perirad.regions.lesion import lesion_region
from perirad.regions.region import Region

__all__ = ["read_region"]


def read_region(
    path: Path | str,
    image: Image,
    *,
    label: int | str | None = None,
    choice: Choice = "one",
    image_name: str | None = None,
    frame: int | None = None,
    image_file: Path | str | None = None,
) -> Region:
    """Read the outline of a lesion as region ``I``.

    Parameters
    ----------
    path : Path or str
        A mask or a file of outlines, of any format that `perirad.image.roi.read_mask` reads.
    image : Image
        The image; its spacing counts, not the mask's.
    label : int or str, optional
        Which lesion of several, by number or name.
    choice : {"one", "largest", "all"}
        What to do with several lesions.
    image_name, frame, image_file : optional
        The image's name in a file of many, its frame, and its own file, as `perirad.image.roi.read_mask`.

    Raises
    ------
    InputError
        As `perirad.image.roi.read_mask` and `perirad.regions.lesion.lesion_region`.
    """
    mask = read_mask(path, image, label=label, choice=choice, image_name=image_name, frame=frame, image_file=image_file)
    return lesion_region(mask, image)
