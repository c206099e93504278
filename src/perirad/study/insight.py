"""How the Rad-score came about and whom the model serves how well, out of the records of the run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform
from scipy.stats import spearmanr

from perirad.errors import InputError
from perirad.regions.names import Kind, RegionName, parse_region_name
from perirad.report.insight import (
    Correlations,
    FeatureCount,
    FeatureCounts,
    Insight,
    PenaltyPath,
    Subgroup,
    WidthResult,
)
from perirad.study.feature_maps import feature_maps
from perirad.study.patients import contributions_of, reading_of, typical_cases
from perirad.validation.discrimination import auc_delong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perirad.arrays import BoolArray
    from perirad.study.development import Development
    from perirad.study.records import Analysed, Validated

__all__ = ["look_closer"]

_CUT = 0.5
_FEWEST = 5


def look_closer(validated: Validated) -> Insight:
    """Gather what figures of the Rad-score, of subgroups and of single patients show."""
    analysed, development = validated.fitted.analysed, validated.fitted.development
    settings = analysed.study.settings
    scored = settings.features.source != "none"
    typical = typical_cases(validated)
    return Insight(
        path=_path(development, settings.selection.rule) if scored else None,
        counts=_counts(development) if scored else None,
        correlations=_correlations(analysed, development),
        widths=tuple(_widths(validated)) if scored else (),
        subgroups=tuple(_subgroups(validated)),
        contributions=tuple(contributions_of(validated, at) for at in typical) if development.combined else (),
        reading=reading_of(validated, typical[-1]) if development.nomogram and typical else None,
        maps=tuple(feature_maps(validated, typical)) if settings.features.of_images else (),
    )


def _path(development: Development, rule: str) -> PenaltyPath | None:
    """Path of the chosen scenario; None where nothing was left for the LASSO."""
    fit = development.scenarios[development.chosen]
    found = fit.penalties
    if found is None or not fit.survivors or not len(fit.survivors[-1]):
        return None
    ever = np.flatnonzero((found.path.coefficients != 0.0).any(axis=0))
    return PenaltyPath(
        lambdas=found.path.lambdas,
        columns=tuple(str(name) for name in fit.survivors[-1][ever]),
        coefficients=found.path.coefficients[:, ever],
        n_nonzero=np.count_nonzero(found.path.coefficients, axis=1).astype(np.int64),
        measure=found.measure,
        cv_mean=found.cv_mean,
        cv_se=found.cv_se,
        index=found.index,
        index_min=found.index_min,
        index_1se=found.index_1se,
        rule=rule,
    )


def _parts(column: str) -> tuple[str, str, str]:
    """Region, filtered image and family of a column; of a table's column its name stands for the family."""
    parts = column.split("_", 1)
    rest = parts[-1].rsplit("_", 2)
    return (parts[0], rest[0], rest[1]) if len(parts) == 2 and len(rest) == 3 else ("", "", column)


def _counts(development: Development) -> FeatureCounts | None:
    """Counts by region, image and family; None where the columns of a table know nothing of these."""
    fit = development.scenarios[development.chosen]
    survivors = [[str(name) for name in names] for names in fit.survivors]
    if not survivors or not survivors[0] or not all(_parts(name)[0] for name in survivors[0]):
        return None
    steps = (*(name for name, _ in fit.steps), "Selected")
    counted = [Counter(map(_parts, names)) for names in (*survivors, list(fit.score.columns))]
    keys = dict.fromkeys(map(_parts, survivors[0]))
    return FeatureCounts(steps, tuple(FeatureCount(*key, tuple(count[key] for count in counted)) for key in keys))


def _correlations(analysed: Analysed, development: Development) -> Correlations | None:
    columns = development.scenarios[development.chosen].score.columns
    if len(columns) < 3:
        return None
    rows = np.flatnonzero(np.array(analysed.cohort_of_row) == "train")
    values = analysed.features.table.take(rows=rows, columns=list(columns)).values
    matrix = np.asarray(spearmanr(values).statistic, dtype=np.float64)
    distance = squareform(np.clip(1.0 - np.abs(matrix), 0.0, None), checks=False)
    tree = optimal_leaf_ordering(linkage(distance, "average"), distance)
    order = leaves_list(tree)
    clusters = fcluster(tree, _CUT, "distance")[order]
    return Correlations(tuple(columns[i] for i in order), matrix[np.ix_(order, order)], clusters.astype(np.int64), _CUT)


def _widths(validated: Validated) -> Iterator[WidthResult]:
    development, internal, nested = validated.fitted.development, validated.internal, validated.further.nested
    drawn = dict(internal.figures.chosen) if internal is not None else {}
    folded = dict(nested.chosen) if nested is not None else {}
    for name in development.scenarios:
        yield WidthResult(
            scenario=name,
            width_mm=_width(name),
            fold_aucs=development.cross.fold_aucs[name],
            chosen=name == development.chosen,
            resamples=drawn.get(name, 0) / sum(drawn.values()) if sum(drawn.values()) else None,
            nested=folded.get(name, 0) / sum(folded.values()) if sum(folded.values()) else None,
        )


def _width(scenario: str) -> float | None:
    """Ring width of ``I+P5``, 0 of ``I``, None of anything else."""
    if scenario == "I":
        return 0.0
    lesion, plus, ring = scenario.partition("+")
    if lesion != "I" or not plus or "+" in ring:
        return None
    try:
        name = parse_region_name(ring)
    except InputError:
        return None
    return name.to_mm if isinstance(name, RegionName) and name.kind is Kind.RING and not name.from_mm else None


def _subgroups(validated: Validated) -> Iterator[Subgroup]:
    """Centres, then levels of each clinical variable (numbers parted at the training median), in each cohort."""
    analysed = validated.fitted.analysed
    cohorts = np.array(analysed.cohort_of_row)
    outcome, risk = analysed.outcome, validated.predictions.scores.p_combined
    groups: list[tuple[str, str, BoolArray]] = [("All", "All patients", np.ones(len(cohorts), dtype=np.bool_))]
    centres = [case.centre for case in analysed.cases]
    if len(set(centres)) > 1:
        groups += [
            ("Centre", name or "not stated", np.array([c == name for c in centres])) for name in sorted(set(centres))
        ]
    for variable in analysed.study.settings.clinical.variables:
        label, values = variable.label or variable.name, [case.clinical.get(variable.name) for case in analysed.cases]
        if variable.levels:
            groups += [(label, level, np.array([v == level for v in values])) for level in variable.levels]
            continue
        numbers = np.array([float(v) if isinstance(v, float | int) else np.nan for v in values])
        middle = float(np.nanmedian(numbers[cohorts == "train"]))
        unit = f" {variable.unit}" if variable.unit else ""
        groups += [
            (label, f"< {middle:.4g}{unit}", np.asarray(numbers < middle)),
            (label, f"≥ {middle:.4g}{unit}", np.asarray(numbers >= middle)),
        ]
    for cohort in dict.fromkeys(name for name in ("train", "test", "external") if name in analysed.cohort_of_row):
        for variable_label, group, members in groups:
            index = np.flatnonzero(members & (cohorts == cohort))
            events = int(outcome[index].sum())
            enough = min(events, len(index) - events) >= _FEWEST
            auc = auc_delong(outcome[index], risk[index]) if enough else None
            yield Subgroup(variable_label, group, cohort, len(index), events, auc)
