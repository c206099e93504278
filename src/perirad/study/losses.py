"""What a study does with rings of which too much could not be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import Problem, StudyError
from perirad.study.cohort import Exclusion
from perirad.table import region_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perirad.study.extraction import CaseQuality
    from perirad.study.records import Analysed
    from perirad.study.settings import StudySettings

Losses = Mapping[str, Mapping[str, float]]
"""Region -> cause -> share (0 to 1) of the region that was lost to it."""

__all__ = ["LARGELY_LOST", "Losses", "apply_policy", "flagged_regions", "loss_words", "rings_in_use"]

LARGELY_LOST = "ring largely lost"
"""Why a case is excluded, in the patient flow."""


def flagged_regions(lost: Losses, regions: Sequence[str], limit: float) -> tuple[str, ...]:
    """Regions of which more than `limit` (0 to 1) is lost, all causes together."""
    return tuple(region for region in regions if sum(lost[region].values()) > limit)


def loss_words(region: str, lost: Mapping[str, float]) -> str:
    """Say how much of a region is lost and why: ``P5 lost 41 % (image edge 30 %, other lesion 11 %)``."""
    causes = sorted(((share, cause) for cause, share in lost.items() if share > 0), reverse=True)
    words = ", ".join(f"{cause} {100 * share:.0f} %" for share, cause in causes)
    return f"{region} lost {100 * sum(lost.values()):.0f} % ({words})" if words else f"{region} lost nothing"


def rings_in_use(settings: StudySettings) -> tuple[str, ...]:
    """Regions other than the lesion that some scenario names, in the order of the settings."""
    named = {region for regions in settings.scenario_regions().values() for region in regions}
    return tuple(region for region in settings.regions.names if region in named and region != "I")


def apply_policy(analysed: Analysed) -> Analysed:
    """Keep, or take out, what the setting ``[regions] on_loss`` says of rings that lost more than the limit.

    "keep" changes nothing. "drop case" excludes every case with such a ring. "drop ring" gives a ring up, with the
    scenarios that name it, when more than `dropped_share` of the training cases lost it; of the rings that stay, such
    training cases are excluded, and such test cases have no features of it (so they are excluded where these are
    needed). Cohorts are assigned before, so no patient changes sides.

    Raises
    ------
    StudyError
        When no scenario is left.
    """
    settings = analysed.study.settings
    rings, limit = rings_in_use(settings), settings.regions.max_lost_fraction
    flagged = {item.case_id: flagged_regions(item.lost, rings, limit) for item in analysed.features.quality}
    if settings.regions.on_loss == "keep" or not any(flagged.values()):
        return analysed
    if settings.regions.on_loss == "drop case":
        return _without(analysed, flagged)
    gone = _given_up(analysed, flagged)
    if all(set(regions) & set(gone) for regions in settings.scenario_regions().values()):
        found = f"{', '.join(gone)} largely lost in more than {100 * settings.regions.dropped_share:.0f} % of training"
        mend = "raise [regions] max_lost_fraction or dropped_share, or leave these rings out"
        raise StudyError([Problem("a scenario must be left", found, file="study.toml", mend=mend)])
    left = {case: tuple(ring for ring in lost if ring not in gone) for case, lost in flagged.items()}
    training = {case: lost for case, lost in left.items() if analysed.cohorts[case] == "train"}
    kept = _without(replace(analysed, given_up=gone), training)
    return _blank(kept, {case: lost for case, lost in left.items() if analysed.cohorts[case] != "train"})


def _given_up(analysed: Analysed, flagged: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Rings that too many training cases lost; the outcome has no say, and the test set neither."""
    settings = analysed.study.settings
    training = [case.case_id for case in analysed.cases if analysed.cohorts[case.case_id] == "train"]
    most = settings.regions.dropped_share * len(training)
    return tuple(
        ring for ring in rings_in_use(settings) if sum(ring in flagged[case_id] for case_id in training) > most
    )


def _without(analysed: Analysed, flagged: Mapping[str, tuple[str, ...]]) -> Analysed:
    """Exclude the cases that have a flagged ring, each with what was lost."""
    quality: dict[str, CaseQuality] = {item.case_id: item for item in analysed.features.quality}
    gone = tuple(
        Exclusion(
            case.case_id,
            case.patient_id,
            LARGELY_LOST,
            "; ".join(loss_words(ring, quality[case.case_id].lost[ring]) for ring in flagged[case.case_id]),
        )
        for case in analysed.cases
        if flagged.get(case.case_id)
    )
    keep = np.array([i for i, case in enumerate(analysed.cases) if not flagged.get(case.case_id)], dtype=np.int64)
    return replace(
        analysed,
        features=analysed.features.rows(keep),
        cases=tuple(analysed.cases[i] for i in keep),
        exclusions=(*analysed.exclusions, *gone),
    )


def _blank(analysed: Analysed, flagged: Mapping[str, tuple[str, ...]]) -> Analysed:
    """Give flagged rings of the named cases no features: undefined, not what is left of them."""
    table = analysed.features.table
    values = table.values.copy()
    of_column = np.array([region_of(column) for column in table.columns])
    for row, case_id in enumerate(table.case_ids):
        lost = flagged.get(case_id, ())
        if lost:
            values[row, np.isin(of_column, lost)] = np.nan
    features = replace(analysed.features, table=replace(table, values=values))
    return replace(analysed, features=features)
