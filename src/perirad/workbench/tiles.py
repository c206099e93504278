"""Cases in small for the quality page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from perirad.errors import InputError, StudyError
from perirad.image.image import Source
from perirad.regions.lesion import lesion_region
from perirad.regions.ring import rings
from perirad.report.montage_tile import Tile, make_tile
from perirad.workbench.desk import Desk, Row

__all__ = ["flag_words", "tile_of"]

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
    flags = flag_words(picture.image.calibration.source, tile.lost, settings.max_lost_fraction)
    return replace(tile, flags=flags)


def flag_words(calibration: str, lost: Mapping[str, float], limit: float) -> tuple[str, ...]:
    """Why a case should be looked at: where its millimetres come from, and shares (0 to 1) lost of its rings."""
    rings_lost = [f"{100 * share:.0f} % of {name} lost" for name, share in lost.items() if share > limit]
    return (*(["spacing not known"] if calibration == Source.ASSUMED else []), *rings_lost)
