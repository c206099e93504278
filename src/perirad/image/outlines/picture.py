"""What outlines need to know of the image file they were drawn on, without reading its pixels."""

from __future__ import annotations

from pathlib import Path

from perirad.errors import InputError
from perirad.image.form import Form, check_size, form_of
from perirad.image.outlines.records import Shape

__all__ = ["picture_shape"]


def picture_shape(path: Path) -> Shape:
    """Return the (rows, columns) of an image file.

    Raises
    ------
    InputError
        When the file is missing, damaged, too large or no image.
    """
    form = form_of(path)
    if form is Form.DICOM:
        from perirad.image.outlines.plane import read_plane  # noqa: PLC0415

        shape = read_plane(path).shape
    elif form.is_raster:
        shape = _raster_shape(path, form)
    else:
        from perirad.image.outlines.grid import read_header  # noqa: PLC0415

        columns, rows = read_header(path, form).size[:2]
        shape = rows, columns
    check_size(*shape, path.name)
    return shape


def _raster_shape(path: Path, form: Form) -> Shape:
    from PIL import Image as Pillow  # noqa: PLC0415

    from perirad.image.form import damaged  # noqa: PLC0415

    try:
        with Pillow.open(path, formats=[form.value]) as picture:
            return picture.height, picture.width
    except InputError:
        raise
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
        raise damaged(form, path.name, error) from error
