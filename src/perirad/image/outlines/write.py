"""Write outlines in another format: chosen by the name of the new file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from perirad.errors import InputError
from perirad.image.outlines.records import Lesion, Target
from perirad.image.outlines.write_grid import write_png, write_segments, write_volume
from perirad.image.outlines.write_seg import write_seg
from perirad.image.outlines.write_text import write_coco, write_coco_runs, write_cvat, write_labelme

__all__ = ["ENDINGS", "write_outlines"]

_Writer = Callable[[Path, Sequence[Lesion], Target], None]

_WRITERS: dict[str, _Writer] = {
    ".seg.nrrd": write_segments,
    ".coco.json": write_coco,
    ".rle.json": write_coco_runs,
    ".nii.gz": write_volume,
    ".nii": write_volume,
    ".nrrd": write_volume,
    ".mha": write_volume,
    ".json": write_labelme,
    ".xml": write_cvat,
    ".png": write_png,
    ".dcm": write_seg,
}

ENDINGS = ", ".join(_WRITERS)
"""What a new file's name may end in."""


def write_outlines(out: Path, lesions: Sequence[Lesion], target: Target) -> None:
    """Write lesions so that reading the file gives back the same pixels.

    Parameters
    ----------
    out : Path
        The new file. Its name tells the format: `.png` (one lesion 255, several by number), `.nii`, `.nii.gz`, `.nrrd`,
        `.mha` (by number), `.seg.nrrd` (Slicer's named segments), `.json` (LabelMe), `.coco.json` (COCO polygons),
        `.rle.json` (COCO run lengths), `.xml` (CVAT for images), `.dcm` (DICOM SEG; needs highdicom and a DICOM image).
    lesions : sequence of Lesion
        At least one.
    target : Target
        The image: its size and name are written down, its spacing where the format has room for it, its file gives
        volumes their directions and DICOM SEG its patient.

    Raises
    ------
    InputError
        When the name ends in something else, there is no lesion, lesions overlap and the format has no room for that,
        or the folder is missing.
    """
    if not lesions or target.shape is None:
        raise InputError("there must be a lesion to write", "none", file=out.name)
    for lesion in lesions:
        if not lesion.n_pixels or not lesion.name.isprintable():
            raise InputError("each lesion must have pixels and a printable name", lesion.said, file=out.name)
    if not out.parent.is_dir():
        raise InputError("folder must exist", "no such folder", file=str(out.parent))
    ending = next((ending for ending in _WRITERS if out.name.lower().endswith(ending)), None)
    if ending is None:
        raise InputError(f"the new file's name must end in {ENDINGS}", out.name, mend="name it by the format wanted")
    _WRITERS[ending](out, lesions, target)
