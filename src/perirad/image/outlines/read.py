"""Read a file of outlines of any accepted format: told by content, checked against its image."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from perirad.errors import InputError
from perirad.image.form import Form, outline_form_of
from perirad.image.image import Image, Source
from perirad.image.outlines.records import Outlines, Target
from perirad.image.outlines.text import base_name

if TYPE_CHECKING:
    from perirad.arrays import BoolArray

__all__ = ["read_lesions", "read_outlines", "target_of"]


def read_lesions(
    path: Path | str,
    image: Image | tuple[int, int] | None,
    *,
    label: int | str | None = None,
    image_name: str | None = None,
    frame: int | None = None,
    image_file: Path | str | None = None,
) -> tuple[tuple[str, BoolArray], ...]:
    """Return the name and mask of every lesion outlined on an image, so that the others can be left out of its rings.

    Parameters
    ----------
    path, image, image_name, frame, image_file
        As `perirad.image.roi.read_mask`.
    label : int or str, optional
        The lesion that will be asked for: what is no area and bears another name is then no error.

    Returns
    -------
    tuple of (str, ndarray of bool)
        In the file's order. Lesions without a name of their own are called by their number: ``"2"``.

    Raises
    ------
    InputError
        As `perirad.image.roi.read_mask`, but for several lesions.
    """
    target = target_of(image, image_name=image_name, frame=frame, image_file=image_file)
    lesions = read_outlines(Path(path), target, label).lesions
    return tuple((lesion.name or f"{lesion.number:g}", lesion.mask) for lesion in lesions)


def target_of(
    image: Image | tuple[int, int] | None,
    *,
    image_name: str | None = None,
    frame: int | None = None,
    image_file: Path | str | None = None,
) -> Target:
    """Collect what is known of the image that outlines belong to; parameters as `perirad.image.roi.read_mask`."""
    file = None if image_file is None else Path(image_file)
    name = base_name(image_name) if image_name else ""
    if isinstance(image, Image):
        spacing = None if image.calibration.source is Source.ASSUMED else image.spacing_mm
        # Frame 0 is also that of a picture without frames, so it must be said where it is meant.
        return Target(image.shape, name or image.name, (image.frame or None) if frame is None else frame, spacing, file)
    shape = image
    if shape is None and file is not None:
        from perirad.image.outlines.picture import picture_shape  # noqa: PLC0415

        shape = picture_shape(file)
    return Target(shape, name or (file.name if file else ""), frame, None, file)


def read_outlines(path: Path, target: Target, label: float | str | None = None) -> Outlines:
    """Read all lesions of an image in a file.

    Parameters
    ----------
    path : Path
        The file.
    target : Target
        The image.
    label : int or str, optional
        The lesion that will be asked for.

    Raises
    ------
    InputError
        When the file is missing, damaged, hostile, of a format that is not read, or does not fit the image.
    """
    form = outline_form_of(path)
    if form is Form.JSON:
        return _read_json(path, target, label)
    if form is Form.XML:
        from perirad.image.outlines.cvat import read_cvat  # noqa: PLC0415
        from perirad.image.outlines.text import load_xml  # noqa: PLC0415

        return read_cvat(load_xml(path), path, target, label)
    if form is Form.DICOM:
        raise InputError(
            "mask must be an outline: DICOM SEG or RTSTRUCT, a mask picture, LabelMe, COCO or CVAT",
            "a DICOM file of another kind",
            file=path.name,
            mend="export the outline as one of these",
        )
    return _read_binary(path, form, target, label)


def _read_binary(path: Path, form: Form, target: Target, label: float | str | None) -> Outlines:
    """Each library is loaded for its own format alone: most take longer to import than a mask to read."""
    if form.is_raster:
        from perirad.image.outlines.marks import read_raster_outlines  # noqa: PLC0415

        return read_raster_outlines(path, form, target)
    if form is Form.SEG:
        from perirad.image.outlines.seg import read_seg  # noqa: PLC0415

        return read_seg(path, target)
    if form is Form.RTSTRUCT:
        from perirad.image.outlines.rtstruct import read_rtstruct  # noqa: PLC0415

        return read_rtstruct(path, target, label)
    from perirad.image.outlines.volumes import read_volume_outlines  # noqa: PLC0415

    return read_volume_outlines(path, form, target)


def _read_json(path: Path, target: Target, label: float | str | None) -> Outlines:
    from perirad.image.outlines.coco import read_coco  # noqa: PLC0415
    from perirad.image.outlines.labelme import read_labelme  # noqa: PLC0415
    from perirad.image.outlines.text import load_json  # noqa: PLC0415

    content: Any = load_json(path)
    keys = set(content) if isinstance(content, dict) else set()
    if "shapes" in keys:
        return read_labelme(content, path, target, label)
    if {"images", "annotations"} <= keys:
        return read_coco(content, path, target, label)
    stack = "groups" in keys and str(content.get("type", "")).startswith("org.mitk")
    raise InputError(
        "JSON must be LabelMe's (shapes) or COCO's (images, annotations)",
        "MITK's list of other files" if stack else "another content",
        file=path.name,
        mend="give the NRRD file that it names" if stack else "export the outline as one of these",
    )
