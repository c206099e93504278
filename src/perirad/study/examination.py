"""What `perirad check` does with the images: each is opened once, measured, and drawn small where asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from perirad.errors import InputError, Problem
from perirad.study.extraction import implausible, prepare_case
from perirad.study.gather import case_problem, over, recipe_of
from perirad.study.quality import CaseLook, look_at
from perirad.study.quality_cohort import cohort_findings
from perirad.study.quality_findings import case_findings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perirad.image.image import Image
    from perirad.regions.region import Region
    from perirad.report.montage_tile import Montage, Tile
    from perirad.study.cohort import Case
    from perirad.study.gather import Progress
    from perirad.study.recipe import Recipe
    from perirad.study.settings import Study, StudySettings

__all__ = ["Examined", "Seen", "compare", "examine", "examine_second", "montage_of"]


@dataclass(frozen=True)
class Seen:
    """One case: what was measured (None where it could not be read), its problems, and its tile where asked for."""

    look: CaseLook | None
    problems: tuple[Problem, ...]
    tile: Tile | None = None


@dataclass(frozen=True)
class Examined:
    """All cases in the order of the table."""

    seen: tuple[Seen, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Problems of single cases."""
        return tuple(problem for item in self.seen for problem in item.problems)

    @property
    def looks(self) -> tuple[CaseLook, ...]:
        """Measurements of the cases that could be read."""
        return tuple(item.look for item in self.seen if item.look is not None)


def examine(
    cases: Sequence[Case],
    settings: StudySettings,
    *,
    workers: int = 0,
    progress: Progress | None = None,
    tiles: bool = False,
) -> Examined:
    """Read every image and outline and build the rings, without features; with `tiles` also draw every case."""
    function = partial(_see, recipe=recipe_of(settings), tiles=tiles)
    return Examined(tuple(over(function, cases, workers, progress)))


def examine_second(cases: Sequence[Case], settings: StudySettings, *, workers: int = 0) -> tuple[Problem, ...]:
    """Read the second reader's outlines; one that cannot be used is a warning, as the case then counts as read once."""
    again = [replace(case, files=case.second) for case in cases if case.second is not None]
    errors = [problem for problem in examine(again, settings, workers=workers).problems if problem.level == "error"]
    return tuple(replace(problem, level="warning", mend="the second outline is not used") for problem in errors)


def compare(examined: Examined, cases: Sequence[Case], cohorts: Mapping[str, str], study: Study) -> tuple[Problem, ...]:
    """Warnings that need more than one case."""
    by_id = {case.case_id: case for case in cases}
    return cohort_findings(examined.looks, by_id, cohorts, study.table.name)


def _see(case: Case, *, recipe: Recipe, tiles: bool) -> Seen:
    assert case.files is not None, "cases without images are not examined"
    try:
        image, regions = prepare_case(case.files, recipe)
    except (InputError, OSError) as error:
        return Seen(None, (case_problem(error, case),))
    look = look_at(case.case_id, image, regions, case.files.mask.name)
    assumed_mm = recipe.calibration.assumed_mm if look.assumed else None
    odd = implausible(regions[0].area_mm2, image.shape, image.spacing_mm, assumed_mm)
    found = case_findings(look, plausible=not odd)
    if odd:
        mend = "check that the spacing is in millimetres" if assumed_mm is None else "check the assumed spacing"
        said = Problem("sizes must be those of a breast image", odd, case.case_id, image.name, mend, "warning")
        found = (said, *found)
    return Seen(look, found, _tile(case.case_id, image, regions) if tiles else None)


def _tile(case_id: str, image: Image, regions: Sequence[Region]) -> Tile:
    from perirad.report.montage_tile import make_tile  # noqa: PLC0415  (drawing: nothing that a plain check needs)

    return make_tile(case_id, image, regions)


def montage_of(study: Study, examined: Examined, problems: Sequence[Problem]) -> Montage:
    """Tiles with their flags: what was said of each case, then rings that lost more than the study allows."""
    from perirad.report.montage_tile import Montage  # noqa: PLC0415

    limit = study.settings.regions.max_lost_fraction
    assumed = sum(look.assumed for look in examined.looks)
    note = f"the pixel spacing of {assumed} pictures is assumed: their rings are so many pixels wide, not millimetres"
    said: dict[str, list[str]] = {}
    for problem in problems:
        said.setdefault(problem.case, []).append(f"{problem.expected}: {problem.found}")
    tiles = [item.tile for item in examined.seen if item.tile is not None]
    shown = {tile.case_id for tile in tiles}
    return Montage(
        title=study.settings.title,
        simulated=study.settings.kind == "simulated",
        tiles=tuple(replace(tile, flags=(*said.get(tile.case_id, ()), *tile.losses(limit))) for tile in tiles),
        unread=tuple(problem.line() for problem in problems if problem.case and problem.case not in shown),
        general=(*([note] if assumed else []), *(problem.line() for problem in problems if not problem.case)),
    )
