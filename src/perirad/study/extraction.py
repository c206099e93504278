"""From the files of a case to its feature row: the one road that a study, a check and a new patient all take."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perirad.errors import InputError
from perirad.features.extract import extract
from perirad.image.resample import resample, resample_mask
from perirad.regions.exclusion import Cause, Exclusions
from perirad.regions.lesion import lesion_region
from perirad.regions.named import named_regions
from perirad.report.lengths import pixels_text
from perirad.study.calibration import read_calibrated
from perirad.study.surroundings import find_exclusions, read_lesion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perirad.image.image import Image
    from perirad.regions.region import Region
    from perirad.study.casefiles import CaseFiles
    from perirad.study.recipe import Recipe
    from perirad.table import FeatureTable

__all__ = ["CaseQuality", "Extracted", "extract_case", "extract_regions", "implausible", "prepare_case"]


@dataclass(frozen=True)
class CaseQuality:
    """What a reader needs to trust a case's rings.

    `lost` maps each region to cause -> share (0 to 1) of its area that is not used; `decoder` is what unpacked the
    picture, `frame` which of the file's frames it is.
    """

    case_id: str
    calibration: str
    calibration_detail: str
    spacing_mm: tuple[float, float]
    shape: tuple[int, int]
    lesion_area_mm2: float
    n_pixels: Mapping[str, int]
    lost: Mapping[str, Mapping[str, float]]
    decoder: str = ""
    frame: int = 0


@dataclass(frozen=True)
class Extracted:
    """Features and quality of one case."""

    table: FeatureTable
    quality: CaseQuality


def prepare_case(files: CaseFiles, recipe: Recipe) -> tuple[Image, tuple[Region, ...]]:
    """Read an image and its outline, and build the lesion and its rings.

    Where the millimetres come from: `perirad.study.calibration`.

    Raises
    ------
    InputError
        For whatever makes the case unusable; a ring without a pixel among them.
    """
    image = read_calibrated(files, recipe.calibration, lambda: read_lesion(files, None))
    mask = read_lesion(files, image)
    exclusions = find_exclusions(image, mask, recipe.regions.exclude, files)
    if recipe.resample_mm is not None:
        exclusions = _resampled(exclusions, image.spacing_mm, recipe.resample_mm)
        mask = resample_mask(mask, image.spacing_mm, recipe.resample_mm)
        image = resample(image, recipe.resample_mm)
    return image, build_regions(lesion_region(mask, image), image, recipe, exclusions)


def _resampled(exclusions: Exclusions, spacing_mm: tuple[float, float], resample_mm: float) -> Exclusions:
    return Exclusions({cause: resample_mask(mask, spacing_mm, resample_mm) for cause, mask in exclusions.masks.items()})


def build_regions(
    lesion: Region, image: Image, recipe: Recipe, exclusions: Exclusions | None = None
) -> tuple[Region, ...]:
    """Lesion, rings and further regions of a recipe; one of which nothing is left is an error."""
    rule = recipe.regions
    regions = named_regions(lesion, image, rule.names, measure=rule.measure, exclusions=exclusions)
    for region in regions:
        if region.n_pixels == 0:
            mend = "exclude the case, or leave this ring width out of the study"
            raise InputError(f"region {region.name} must have pixels", _nothing(region), mend=mend)
    return regions


def _nothing(region: Region) -> str:
    """Why nothing is left of a region."""
    causes = [cause for cause, share in region.lost_fraction.items() if share > 0]
    return "none inside the image" if causes == [Cause.IMAGE_EDGE] else f"none left ({', '.join(causes)})"


def implausible(
    lesion_area_mm2: float, shape: tuple[int, int], spacing_mm: tuple[float, float], assumed_mm: float | None = None
) -> str:
    """What of a case's sizes no breast ultrasound has, as after exchanging mm and cm; empty where all is plausible.

    A lesion is 1 to 150 mm across (diameter of the circle of its area), a picture's longer side 10 to 300 mm. Where the
    spacing was assumed (`assumed_mm`), the sizes are given in pixels.
    """
    diameter = 2.0 * math.sqrt(lesion_area_mm2 / math.pi)
    side = max(size * mm for size, mm in zip(shape, spacing_mm, strict=True))
    if not 1.0 <= diameter <= 150.0:
        return f"a lesion {_length(diameter, assumed_mm)} across"
    return "" if 10.0 <= side <= 300.0 else f"a picture {_length(side, assumed_mm)} long"


def _length(length_mm: float, assumed_mm: float | None) -> str:
    return f"{length_mm:.3g} mm" if assumed_mm is None else pixels_text(length_mm, assumed_mm)


def extract_case(case_id: str, files: CaseFiles, recipe: Recipe) -> Extracted:
    """Features and quality of one case from its files."""
    image, regions = prepare_case(files, recipe)
    return extract_regions(case_id, image, regions, recipe)


def extract_regions(case_id: str, image: Image, regions: tuple[Region, ...], recipe: Recipe) -> Extracted:
    """Features and quality of one case whose regions are already built."""
    quality = CaseQuality(
        case_id=case_id,
        calibration=image.calibration.source.value,
        calibration_detail=image.calibration.detail,
        spacing_mm=image.spacing_mm,
        shape=image.shape,
        lesion_area_mm2=regions[0].area_mm2,
        n_pixels={region.name: region.n_pixels for region in regions},
        lost={region.name: dict(region.lost_fraction) for region in regions},
        decoder=image.decoder,
        frame=image.frame,
    )
    return Extracted(extract(image, regions, recipe.features, case_id=case_id), quality)
