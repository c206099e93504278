"""Read an image of any accepted format into one record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from perirad.arrays import BoolArray
from perirad.image.form import Form, form_of
from perirad.image.image import Image
from perirad.image.raster import read_raster
from perirad.image.roi import read_mask
from perirad.image.spacing import settle

__all__ = ["read_image"]


def read_image(
    path: Path | str,
    *,
    spacing_mm: float | tuple[float, float] | None = None,
    assumed: bool = False,
    frame: int | None = None,
    lesion: BoolArray | Callable[[], BoolArray] | None = None,
    lesion_file: Path | str | None = None,
) -> Image:
    """Read a B-mode image: DICOM, PNG, JPEG, BMP, TIFF, NIfTI, NRRD or MHA, told by content.

    Parameters
    ----------
    path : Path or str
        The file.
    spacing_mm : float or tuple of float, optional
        Millimetres per pixel, one number or (row, column). It wins over what the file says, unless `assumed`.
        Needed for PNG, JPEG, BMP and TIFF (their print density is ignored on purpose), and for NIfTI, NRRD and MHA
        whose header says exactly 1 x 1 mm.
    assumed : bool, default False
        `spacing_mm` is a convention for files that do not know their spacing; a file that knows it keeps its own.
    frame : int, optional
        Which frame or slice of several, from 0.
    lesion : ndarray of bool, or a function that returns it, optional
        Mask of the lesion, shape (n_rows, n_columns): chooses among several calibrated regions of a DICOM file. A
        function is called only where there are some.
    lesion_file : Path or str, optional
        File of that mask, when it has not been read yet; opened only for DICOM files with calibrated regions.

    Returns
    -------
    Image
        Grey float64 pixels on the file's scale (colour by ITU-R BT.601 luma), spacing (row, column) in mm, where it
        came from, and the calibrated field. `chroma` is None only where the file has no colours at all; a colour
        file whose three channels are equal everywhere has chroma 0.

    Raises
    ------
    InputError
        When the file is missing, damaged, of another format or larger than `form.MAX_PIXELS`; when a frame or region
        must be chosen; when nobody knows the spacing.

    Examples
    --------
    >>> read_image("case014.png", spacing_mm=0.07).calibration.source  # doctest: +SKIP
    <Source.STATED: 'stated'>
    """
    path = Path(path)
    form = form_of(path)
    if form is Form.DICOM:
        from perirad.image.dicom import read_dicom  # noqa: PLC0415  (pydicom: longer to import than most images to read)

        content = read_dicom(path, frame, lambda: _outline(lesion, lesion_file))
    elif form.is_raster:
        content = read_raster(path, form, frame)
    else:
        from perirad.image.volume import read_volume  # noqa: PLC0415  (SimpleITK: the same)

        content = read_volume(path, form, frame)
    spacing, calibration = settle(content.own, spacing_mm, assumed, path.name)
    return Image(
        content.pixels,
        spacing,
        calibration,
        content.field or content.whole,
        path.name,
        chroma=content.chroma,
        decoder=content.decoder,
        frame=content.frame,
        others=content.others,
    )


def _outline(lesion: BoolArray | Callable[[], BoolArray] | None, lesion_file: Path | str | None) -> BoolArray | None:
    if callable(lesion):
        return lesion()
    return lesion if lesion is not None or lesion_file is None else read_mask(lesion_file, None)
