"""Masks of outlined lesions: one clear yes or no per pixel."""

from __future__ import annotations

from pathlib import Path

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.image import Image
from perirad.image.outlines.choose import Choice, choose
from perirad.image.outlines.read import read_outlines, target_of

__all__ = ["read_mask"]


def read_mask(
    path: Path | str,
    image: Image | tuple[int, int] | None,
    *,
    label: int | str | None = None,
    choice: Choice = "one",
    image_name: str | None = None,
    frame: int | None = None,
    image_file: Path | str | None = None,
) -> BoolArray:
    """Read the mask of a lesion.

    From PNG, BMP, TIFF, NIfTI, NRRD (Slicer's and MITK's names too), MHA, DICOM SEG, DICOM RTSTRUCT, LabelMe JSON, COCO
    JSON or CVAT XML; the format is told by content.

    Parameters
    ----------
    path : Path or str
        The file.
    image : Image or tuple of int or None
        The image it belongs to, or its (rows, columns); None leaves the size to `image_file`, or unchecked, for reading
        the outline that chooses the region of a DICOM image.
    label : int or str, optional
        Which lesion of several: by number (the mask's value, the palette index, the segment, the place in the file) or
        by the name it was given.
    choice : {"one", "largest", "all"}
        What to do with several lesions (of that label): refuse, take the largest, or join them. "largest" takes the
        largest detached piece where the file tells of one lesion only.
    image_name : str, optional
        The image's name in a file of many images (COCO, CVAT); that of `image` by default.
    frame : int, optional
        Which frame of the image, from 0; that of `image` by default, where it is not the first.
    image_file : Path or str, optional
        The image's own file: needed for RTSTRUCT; lets DICOM SEG be matched with its image, and masks with a direction
        of their own be laid on an image that has one.

    Returns
    -------
    ndarray of bool, shape (n_rows, n_columns)
        True in the lesion. Outlines are filled by pixel centres (`perirad.image.polygon.rasterise`).

    Raises
    ------
    InputError
        When the file is missing, damaged, JPEG, of another size, spacing or direction than the image; when the lesion
        is empty, covers the whole image or reaches outside it, has NaN or grey in-between values; when there are
        several lesions and none was chosen.
    """
    path = Path(path)
    target = target_of(image, image_name=image_name, frame=frame, image_file=image_file)
    mask = choose(read_outlines(path, target, label), label, choice, path.name)
    if not mask.any():
        raise InputError("mask must mark a lesion", "no marked pixel", file=path.name, mend="outline the lesion again")
    if mask.all():
        raise InputError(
            "mask must leave tissue around the lesion",
            "every pixel marked",
            file=path.name,
            mend="save the lesion as white on black",
        )
    return mask
