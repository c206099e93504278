"""PNG, JPEG, BMP and TIFF: everyday pictures, which carry no millimetres that could be trusted."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import PIL
from numpy.typing import NDArray
from PIL import Image as Pillow

from perirad.errors import InputError
from perirad.image.content import Content
from perirad.image.form import MAX_PIXELS, Form, check_size, damaged, pick_frame
from perirad.image.grey import chroma, luma
from perirad.image.spacing import OwnSpacing

__all__ = ["read_raster", "read_raster_marks"]

_GREY_MODES = ("1", "L", "I", "F")
_COLOUR_MODES = ("RGB", "RGBA", "RGBX", "YCbCr")
_UNREADABLE = (EOFError, KeyError, OSError, SyntaxError, TypeError, UserWarning, ValueError, struct.error, zlib.error)
_ORIENTATION = 0x0112
_BITS_PER_SAMPLE = 258
_PHOTOMETRIC = 262


def read_raster(path: Path, form: Form, frame: int | None = None) -> Content:
    """Read one everyday picture.

    Parameters
    ----------
    path : Path
        The file.
    form : Form
        Its format, from `form_of`.
    frame : int, optional
        Which frame (page) of several, from 0.

    Returns
    -------
    Content
        Grey on the file's scale; colour by BT.601 luma, palettes looked up, alpha ignored. Chroma for colour and
        palettes. The spacing is not known: print density is ignored on purpose.

    Raises
    ------
    InputError
        When the file is damaged, too large, holds several frames and none was named, or its colours are not
        grey, palette or 8-bit RGB.
    """
    picture, index = _open(path, form, frame)
    if picture.mode in ("P", "PA", "YCbCr"):
        picture = picture.convert("RGB")
    pixels = np.asarray(picture)
    lacking = OwnSpacing.none(f"{form.named} file, which carries none")
    decoder = f"{form}, by Pillow {PIL.__version__}"
    if pixels.ndim == 3 and pixels.shape[2] > 2:
        return Content(luma(pixels), lacking, decoder, chroma(pixels, 255), index)
    grey = pixels[..., 0] if pixels.ndim == 3 else pixels
    return Content(grey.astype(np.float64), lacking, decoder, None, index)


def read_raster_marks(path: Path, form: Form) -> NDArray[Any]:
    """Read the mark of each pixel of a mask: 0 where unmarked.

    Parameters
    ----------
    path : Path
        The file.
    form : Form
        Its format, from `form_of`.

    Returns
    -------
    ndarray of shape (n_rows, n_columns)
        Grey value; for palettes the index, 0 where the colour is black; for colour the luma. Alpha counts only
        when the colour is the same everywhere: most programs write alpha 255 in every pixel.
    """
    picture, _ = _open(path, form, None)
    if picture.mode == "P":
        return _palette_marks(picture)
    if picture.mode == "PA":
        picture = picture.convert("RGBA")
    pixels = np.asarray(picture if picture.mode != "YCbCr" else picture.convert("RGB"))
    if pixels.ndim == 2:
        return pixels
    has_alpha = pixels.shape[2] in (2, 4)
    colour = pixels[..., :-1] if has_alpha else pixels
    if has_alpha and (colour == colour[0, 0]).all() and (pixels[..., -1] != pixels[0, 0, -1]).any():
        return np.asarray(pixels[..., -1])
    return luma(colour) if colour.shape[2] == 3 else np.asarray(colour[..., 0])


def _palette_marks(picture: Pillow.Image) -> NDArray[Any]:
    index = np.asarray(picture).astype(np.int64)
    colours = np.asarray(picture.convert("RGB"))
    # A palette may keep black anywhere; a coloured index 0 must still count as marked.
    return np.where(colours.any(axis=2), np.where(index == 0, 256, index), 0)


def _open(path: Path, form: Form, frame: int | None) -> tuple[Pillow.Image, int]:
    """Open, check and unpack one frame; return it and which it is."""
    try:
        with Pillow.open(path, formats=[form.value]) as picture:
            check_size(picture.height, picture.width, path.name)
            index = pick_frame(getattr(picture, "n_frames", 1), frame, path.name)
            picture.seek(index)
            check_size(picture.height, picture.width, path.name)
            _check_colours(picture, path, form)
            _check_upright(picture, path)
            picture.load()
            return picture.copy(), index
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise InputError(
            f"a picture must have at most {MAX_PIXELS // 1_000_000} million pixels",
            "far more",
            file=path.name,
            mend="export the B-mode image itself",
        ) from error
    except InputError:
        raise
    except _UNREADABLE as error:
        raise damaged(form, path.name, error) from error


def _check_colours(picture: Pillow.Image, path: Path, form: Form) -> None:
    mode = picture.mode
    if mode in ("P", "PA", "LA") or mode in _GREY_MODES:
        known = True
    elif mode.startswith("I;16"):
        known = not (form is Form.TIFF and _tag(picture, _PHOTOMETRIC) == 0)  # white is zero, and not turned by Pillow
    else:
        known = mode in _COLOUR_MODES
    if not known:
        raise InputError(
            "colours must be grey, palette or RGB", f"mode {mode}", file=path.name, mend="save it as grey or RGB"
        )
    # Pillow keeps only the upper eight bits of such files, without a word.
    if mode in (*_COLOUR_MODES, "LA") and _bits(picture, path, form) > 8:
        raise InputError(
            "colour must have 8 bits a channel",
            f"{_bits(picture, path, form)} bits",
            file=path.name,
            mend="save it as 8-bit RGB or 16-bit grey",
        )


def _bits(picture: Pillow.Image, path: Path, form: Form) -> int:
    if form is Form.PNG:
        with path.open("rb") as stream:
            return stream.read(25)[24]
    if form is Form.TIFF:
        bits = _tag(picture, _BITS_PER_SAMPLE)
        return max(bits) if isinstance(bits, tuple) else int(bits or 8)
    return 8


def _tag(picture: Pillow.Image, number: int) -> Any:
    return getattr(picture, "tag_v2", {}).get(number)


def _check_upright(picture: Pillow.Image, path: Path) -> None:
    """Refuse a picture that asks to be turned: the mask was drawn on it either turned or not, nobody knows."""
    turn = picture.getexif().get(_ORIENTATION, 1)
    if turn not in (0, 1):
        raise InputError(
            "a picture must be stored upright",
            f"an orientation note (EXIF orientation {turn})",
            file=path.name,
            mend="save it turned the way the lesion was outlined",
        )
