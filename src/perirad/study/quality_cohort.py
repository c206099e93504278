"""What `perirad check` says of cases seen together: the same picture twice, and groups that differ too much."""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from perirad.errors import Problem
from perirad.study.near_duplicates import near_duplicates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from perirad.study.cohort import Case
    from perirad.study.quality import CaseLook

__all__ = ["cohort_findings"]

SPACING_RATIO: Final = 1.5
"""Between centres: speckle of a machine with 1.5 times the spacing is as much finer, and texture tells the machines."""
SIZE_RATIO: Final = 1.5
"""Between cohorts: pictures so much larger were exported or cropped in another way."""
ENOUGH: Final = 10
"""Images of a group from which its median says something about the group."""


def cohort_findings(
    looks: Sequence[CaseLook], cases: Mapping[str, Case], cohorts: Mapping[str, str], table: str
) -> tuple[Problem, ...]:
    """Warnings that need more than one case.

    Parameters
    ----------
    looks : sequence of CaseLook
        The cases that could be read.
    cases : mapping of str to Case
        By case id.
    cohorts : mapping of str to str
        Cohort of each case id; empty where the split is not yet possible.
    table : str
        Name of the table, for what concerns groups.
    """
    return (
        *_same_pictures(looks, cases, cohorts),
        *_same_outlines(looks),
        *_near(looks, cases, cohorts),
        *_centres(looks, cases, table),
        *_sizes(looks, cohorts, table),
    )


def _groups(looks: Sequence[CaseLook], key: Callable[[CaseLook], str]) -> Iterator[list[CaseLook]]:
    """Looks that share a key, in their order."""
    by_key: dict[str, list[CaseLook]] = defaultdict(list)
    for look in looks:
        by_key[key(look)].append(look)
    yield from (group for group in by_key.values() if len(group) > 1)


def _same_pictures(
    looks: Sequence[CaseLook], cases: Mapping[str, Case], cohorts: Mapping[str, str]
) -> Iterator[Problem]:
    """One patient may have several lesions in one picture; the same lesion twice, or two patients, is a mistake."""
    for group in _groups(looks, lambda look: look.picture_digest):
        first = group[0]
        for other in group[1:]:
            if _strangers(first, other, cases):
                found = f"the pixels of case {first.case_id}{_whose(first, other, cases, cohorts)}"
                mend = "remove one, or give both the same patient_id"
                yield _warning("a picture should belong to one patient", found, other, mend)
            elif first.lesion_digest == other.lesion_digest:
                found = f"picture and outline of case {first.case_id} once more"
                yield _warning("a lesion should be in the table once", found, other, "remove one of the rows")


def _same_outlines(looks: Sequence[CaseLook]) -> Iterator[Problem]:
    for group in _groups(looks, lambda look: look.lesion_digest):
        first = group[0]
        for other in group[1:]:
            if other.picture_digest != first.picture_digest:
                found = f"the very outline of case {first.case_id} ({first.mask_file})"
                mend = "name the outline that was drawn on this picture"
                expected = "every picture should have an outline of its own"
                yield Problem(expected, found, other.case_id, other.mask_file, mend, "warning")


def _near(looks: Sequence[CaseLook], cases: Mapping[str, Case], cohorts: Mapping[str, str]) -> Iterator[Problem]:
    for pair in near_duplicates([look.print for look in looks]):
        first, other = looks[pair.first], looks[pair.second]
        if first.picture_digest == other.picture_digest or not _strangers(first, other, cases):
            continue
        turned = f" {pair.turned}" if pair.turned else ""
        likeness = f"almost the picture of case {first.case_id}{turned} (correlation {pair.correlation:.3f})"
        found = likeness + _whose(first, other, cases, cohorts)
        mend = "look at both; if it is one patient, give both the same patient_id"
        yield _warning("pictures of different patients should differ", found, other, mend)


def _strangers(first: CaseLook, other: CaseLook, cases: Mapping[str, Case]) -> bool:
    return cases[first.case_id].patient_id != cases[other.case_id].patient_id


def _whose(first: CaseLook, other: CaseLook, cases: Mapping[str, Case], cohorts: Mapping[str, str]) -> str:
    """Say that a pair stands on both sides of the split, or only whose it is."""
    sides = [cohorts.get(look.case_id, "") for look in (first, other)]
    if all(sides) and sides[0] != sides[1]:
        return f", one in {sides[0]} and one in {sides[1]}"
    return f", of patient {cases[first.case_id].patient_id}"


def _centres(looks: Sequence[CaseLook], cases: Mapping[str, Case], table: str) -> Iterator[Problem]:
    """Assumed spacings are no measurements, so nothing is compared that rests on them."""
    by_centre: dict[str, list[float]] = defaultdict(list)
    for look in looks:
        if cases[look.case_id].centre and not look.assumed:
            by_centre[cases[look.case_id].centre].append((look.spacing_mm[0] * look.spacing_mm[1]) ** 0.5)
    medians = {name: statistics.median(values) for name, values in by_centre.items() if len(values) >= ENOUGH}
    yield from _apart(
        medians, SPACING_RATIO, "centres should have similar pixel spacings", "mm", table, "set [features] resample_mm"
    )


def _sizes(looks: Sequence[CaseLook], cohorts: Mapping[str, str], table: str) -> Iterator[Problem]:
    for axis, name in enumerate(("rows", "columns")):
        by_cohort: dict[str, list[float]] = defaultdict(list)
        for look in looks:
            if look.case_id in cohorts:
                by_cohort[cohorts[look.case_id]].append(look.shape[axis])
        medians = {cohort: statistics.median(sizes) for cohort, sizes in by_cohort.items() if len(sizes) >= ENOUGH}
        mend = "check that all were exported and cropped in the same way"
        yield from _apart(medians, SIZE_RATIO, "cohorts should have pictures of similar size", name, table, mend)


def _apart(
    medians: Mapping[str, float], limit: float, expected: str, unit: str, table: str, mend: str
) -> Iterator[Problem]:
    if len(medians) > 1 and max(medians.values()) > limit * min(medians.values()):
        found = ", ".join(f"{name} {value:.3g} {unit}" for name, value in sorted(medians.items()))
        yield Problem(f"{expected} (ratio up to {limit:g})", f"medians {found}", "", table, mend, "warning")


def _warning(expected: str, found: str, look: CaseLook, mend: str) -> Problem:
    return Problem(expected, found, look.case_id, look.file, mend, "warning")
