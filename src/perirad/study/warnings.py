"""What a run itself knows to be weak, in sentences for the reader."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from perirad.image.image import Source
from perirad.study.evaluation import NOMOGRAM
from perirad.study.extraction import implausible
from perirad.study.her2 import Category
from perirad.study.losses import LARGELY_LOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perirad.nomogram.records import OddsRatio
    from perirad.report.lengths import Lengths
    from perirad.study.extraction import CaseQuality
    from perirad.study.records import Analysed, Validated

__all__ = ["run_warnings"]


def run_warnings(validated: Validated) -> tuple[str, ...]:
    """Sentences about this run's weak points, worst first."""
    fitted = validated.fitted
    analysed = fitted.analysed
    return (
        *_data(analysed),
        *fitted.development.notes,
        *_modelling(validated),
    )


def _data(analysed: Analysed) -> Iterator[str]:
    settings, quality = analysed.study.settings, analysed.features.quality
    lengths = analysed.lengths()
    if lengths.assumed:
        yield lengths.note
    odd = [(item, _implausible(item, lengths)) for item in quality]
    odd = [(item, what) for item, what in odd if what]
    if odd:
        yield (
            f"The sizes of {len(odd)} of {len(quality)} images are implausible "
            f"(case {odd[0][0].case_id}: {odd[0][1]}): is their spacing in millimetres?"
        )
    ultralow = analysed.cohort.groups.get(Category.ULTRALOW, 0)
    if ultralow and settings.outcome.ultralow != "exclude":
        yield f"{ultralow} HER2-ultralow tumours of the table count as HER2-{settings.outcome.ultralow}."
    failed = [item for item in analysed.exclusions if item.reason.startswith(("image or outline", "unreadable"))]
    if failed:
        yield f"{len(failed)} cases could not be used because of their image, outline or table row (see quality.csv)."
    limit = settings.regions.max_lost_fraction
    widest = f"P{settings.regions.widths_mm[-1]:g}"
    lost = sum(sum(item.lost[widest].values()) > limit for item in quality)
    if lost:
        yield (
            f"In {lost} of {len(quality)} cases more than {100 * limit:.0f} % of the ring {lengths.ring(widest)} was "
            "lost; its features describe what is left."
        )
    dropped = sum(item.reason == LARGELY_LOST for item in analysed.exclusions)
    if dropped:
        yield f"{dropped} cases were left out because of a ring of which too much was lost (see quality.csv)."
    if analysed.given_up:
        share = 100 * settings.regions.dropped_share
        gone = ", ".join(map(lengths.ring, analysed.given_up))
        yield (
            f"The study does without {gone}: more than {share:.0f} % of the training cases "
            f"lost over {100 * limit:.0f} % of it."
        )
    images = Counter(case.patient_id for case in analysed.cases)
    several = sum(count > 1 for count in images.values())
    if several:
        yield f"{several} patients have several images; intervals treat images as independent and are too narrow."


def _implausible(item: CaseQuality, lengths: Lengths) -> str:
    assumed_mm = lengths.assumed_mm if item.calibration == Source.ASSUMED else None
    return implausible(item.lesion_area_mm2, item.shape, item.spacing_mm, assumed_mm)


def _odds(item: OddsRatio) -> str:
    return f"{item.odds_ratio:.3g} (95% CI {item.lower:.3g} to {item.upper:.3g})"


def _modelling(validated: Validated) -> Iterator[str]:
    fitted = validated.fitted
    analysed, development = fitted.analysed, fitted.development
    outcome = {case.patient_id: case.outcome for case in analysed.cases if analysed.cohorts[case.case_id] == "train"}
    smaller = min(sum(outcome.values()), len(outcome) - sum(outcome.values()))
    candidates = development.scenarios[development.chosen].n_candidates
    if candidates:
        yield (
            f"{candidates} candidate features were offered with {smaller} patients in the rarer class of the training "
            "set: selection is unstable, and figures of the training set are optimistic."
        )
    scored = analysed.study.settings.features.source != "none"
    if scored and analysed.study.settings.score.training_score == "cross-fitted" and development.combined is not None:
        yield (
            "The combined model and the cut-offs were learnt on cross-fitted Rad-scores (each patient scored by "
            "fits that had not seen the patient); the training figures below use the final Rad-score and are apparent."
        )
    clinical = analysed.study.settings.clinical
    gaps = sum(len(case.clinical) < len(clinical.variables) for case in analysed.cases)
    if clinical.missing == "impute" and gaps:
        yield (
            f"{gaps} of {len(analysed.cases)} cases lack a clinical value. In training they were imputed "
            f"{clinical.imputations} times and the models pooled (every P of the regression tables is then a Wald "
            "test); elsewhere a rule frozen in training filled them."
        )
    if development.radscore_effects:
        used, other = development.radscore_effects.items()
        yield (
            f"In the combined model the odds ratio of the Rad-score, upper against lower quartile, is {_odds(used[1])} "
            f"on {used[0]} scores, which the model uses; on {other[0]} scores it is {_odds(other[1])}."
        )
    result = validated.evaluation.results[NOMOGRAM]
    without = [item.cohort for item in result.cohorts if item.auc.estimate in (0.0, 1.0)]
    if without:
        yield (
            f"The nomogram separates the {' and '.join(without)} patients completely: DeLong's interval then has no "
            "width, which is no certainty."
        )
    by_cohort = {item.cohort: item.auc for item in result.cohorts}
    if "test" in by_cohort and by_cohort["train"].estimate - by_cohort["test"].estimate > 0.1:
        train, test = by_cohort["train"].estimate, by_cohort["test"].estimate
        yield f"The nomogram's AUC falls from {train:.2f} in training to {test:.2f} in the test set: overfitting."
    firth = [
        test.variable.label for test in (*development.univariable, *development.multivariable) if test.method == "firth"
    ]
    if firth:
        yield (
            f"Separation: maximum likelihood does not exist for {', '.join(dict.fromkeys(firth))}; "
            "Firth's penalised likelihood was used."
        )
