"""Cases in small for the quality page."""

from __future__ import annotations

from dataclasses import replace

from perirad.errors import InputError, StudyError
from perirad.image.image import Image
from perirad.regions.lesion import lesion_region
from perirad.regions.ring import rings
from perirad.report.montage_tile import Tile, make_tile
from perirad.workbench.desk import Desk, Row

__all__ = ["tile_of"]

_WIDTH = 220


def tile_of(desk: Desk, row: Row, reader: str) -> Tile | str:
    """A case with its outline and rings; what is wrong, in a line, where it cannot be drawn."""
    try:
        settings = desk.study().settings.regions
        picture = desk.picture(row)
        mask = desk.drawn(row, picture.shape, reader)
        if mask is None or not mask.any():
            return "no outline yet"
        lesion = lesion_region(mask, picture.image)
        around = rings(lesion, picture.image, settings.widths_mm) if picture.spacing_mm is not None else ()
        tile = make_tile(row.case_id, picture.image, [lesion, *around], width=_WIDTH)
    except (InputError, StudyError, OSError) as error:
        return str(error)
    return _flagged(tile, picture.image, settings.max_lost_fraction)


def _flagged(tile: Tile, image: Image, limit: float) -> Tile:
    lost = [f"{100 * share:.0f} % of {name} lost" for name, share in tile.lost.items() if share > limit]
    unknown = ["spacing not known"] if image.calibration.source.value == "assumed" else []
    return replace(tile, flags=(*unknown, *lost))
