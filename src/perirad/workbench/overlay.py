"""Outlines of several readers over one picture, as SVG: told apart by dash, not by colour alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from perirad.arrays import BoolArray
from perirad.image.image import Image
from perirad.regions.region import Region
from perirad.report.montage_html import outline_path
from perirad.report.montage_tile import make_tile
from perirad.workbench.svg import tile_svg

__all__ = ["LOOKS", "overlay_svg"]

LOOKS = (("#ffd23f", ""), ("#56b4e9", "14 8"), ("#ffffff", "3 6"))
"""Colour and dashes of the first, the second and the joint outline."""
_WIDTH = 640
_MARGIN_MM = 6.0


def overlay_svg(image: Image, masks: Mapping[str, BoolArray], label: str) -> str:
    """Picture about the outlines with each of them; every text in it is a number of ours, or `label`, escaped.

    Parameters
    ----------
    image : Image
    masks : mapping of str to ndarray of bool
        At most three, drawn in the looks of `LOOKS`, in order.
    label : str
        For screen readers.
    """
    nothing = Region("I", np.zeros(image.shape, dtype=np.bool_), image.spacing_mm)
    regions = [Region(f"R{at}", mask, image.spacing_mm) for at, mask in enumerate(masks.values())]
    tile = make_tile("", image, [nothing, *regions], margin_mm=_MARGIN_MM, width=_WIDTH)
    paths = []
    for region, (colour, dash) in zip(regions, LOOKS, strict=False):
        path, dashes = outline_path(tile.outlines[region.name]), f' stroke-dasharray="{dash}"' if dash else ""
        paths.append(f'<path d="{path}" fill="none" stroke="#000" stroke-opacity=".6" stroke-width="8"{dashes}/>')
        paths.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="4"{dashes}/>')
    return tile_svg(tile, "".join(paths), label, f"width:100%;max-width:{tile.size[0]}px")
