"""Images of the report: typical cases, all cases in small, and how the images were acquired."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import InputError
from perirad.image.image import Source
from perirad.report.contents import Acquisition, BrowsedCase, CaseView
from perirad.report.montage_tile import Tile, make_tile
from perirad.study.extraction import prepare_case
from perirad.study.gather import over, recipe_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perirad.study.cohort import Case
    from perirad.study.recipe import Recipe
    from perirad.study.records import Analysed, Validated

__all__ = ["acquisition", "browsed_cases", "case_views"]

_MARGIN_MM = 3.0
_WIDTH = 200
"""Pixels across a case in small: 433 of them and all figures stay under 10 MB."""


def case_views(validated: Validated) -> Iterator[CaseView]:
    """Two typical cases of each class: those whose predicted risk is nearest to the median of their class."""
    analysed = validated.fitted.analysed
    settings = analysed.study.settings
    risk = validated.predictions.scores.p_combined
    outcome = analysed.outcome
    for value, label in ((0, settings.outcome.nonevent_label), (1, settings.outcome.event_label)):
        index = np.flatnonzero(outcome == value)
        distance = np.abs(risk[index] - np.median(risk[index]))
        for i in index[np.argsort(distance, kind="stable")[:2]]:
            case = analysed.cases[int(i)]
            assert case.files is not None
            image, regions = prepare_case(case.files, recipe_of(settings))
            masks = {region.name: region.mask.astype(np.int64) for region in regions}
            cohort = analysed.cohorts[case.case_id]
            caption = f"case {case.case_id} ({cohort}): {label}, predicted risk {100 * risk[i]:.0f} %"
            assumed_mm = settings.calibration.assumed_mm if image.calibration.source is Source.ASSUMED else None
            yield CaseView(case.case_id, value, image.pixels, image.spacing_mm, masks, caption, assumed_mm)


def browsed_cases(validated: Validated, workers: int) -> Iterator[BrowsedCase]:
    """All analysed cases in small, in the order of the table; one whose files have gone since is left out."""
    analysed = validated.fitted.analysed
    settings = analysed.study.settings
    limit = settings.regions.max_lost_fraction
    risk = validated.predictions.scores.p_combined
    draw = partial(_tile, recipe=recipe_of(settings))
    for at, (case, tile) in enumerate(zip(analysed.cases, over(draw, analysed.cases, workers, None), strict=True)):
        if tile is not None:
            yield BrowsedCase(
                replace(tile, flags=tile.losses(limit)), analysed.cohorts[case.case_id], case.outcome, float(risk[at])
            )


def _tile(case: Case, *, recipe: Recipe) -> Tile | None:
    assert case.files is not None, "cases without images are not drawn"
    try:
        image, regions = prepare_case(case.files, recipe)
    except (InputError, OSError):
        return None
    return make_tile(case.case_id, image, regions, margin_mm=_MARGIN_MM, width=_WIDTH)


def acquisition(analysed: Analysed) -> Iterator[Acquisition]:
    """Images of each centre, centres in alphabetical order."""
    by_id = {item.case_id: item for item in analysed.features.quality}
    for centre in sorted({case.centre for case in analysed.cases}):
        cases = [case for case in analysed.cases if case.centre == centre]
        items = [by_id[case.case_id] for case in cases]
        spacings = np.array([item.spacing_mm[0] for item in items if item.calibration != Source.ASSUMED])
        shapes = sorted(item.shape for item in items)
        ends = (
            (float(spacings.min()), float(np.median(spacings)), float(spacings.max()))
            if spacings.size
            else (np.nan,) * 3
        )
        suffixes = Counter(case.files.image.suffix.lower().lstrip(".") or "no ending" for case in cases if case.files)
        yield Acquisition(
            centre or "not stated", len(cases), (shapes[0], shapes[-1]), (ends[0], ends[1], ends[2]),
            dict(Counter(item.calibration for item in items)), dict(suffixes),
        )  # fmt: skip
