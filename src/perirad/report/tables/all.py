"""All tables of a report: in which order, under which title, with which notes."""

from __future__ import annotations

import html
from collections.abc import Callable

import pandas as pd

from perirad.nomogram.records import VariableTest
from perirad.report.contents import ReportContents
from perirad.report.tables.baseline import baseline_table
from perirad.report.tables.cohort import agreement_table, cohort_table, flow_table, ring_loss_table, spacing_table
from perirad.report.tables.design import (
    acquisition_table,
    feature_counts_table,
    settings_table,
    versions_table,
)
from perirad.report.tables.further import (
    added_table,
    benefit_table,
    centres_table,
    classified_table,
    model_table,
    needed_table,
    nested_table,
    prevalence_table,
    requested_table,
)
from perirad.report.tables.performance import (
    calibration_table,
    comparison_table,
    delong_matrix,
    optimism_table,
    performance_table,
    stability_table,
)
from perirad.report.tables.regression import regression_table
from perirad.report.tables.scores import equations_table, scenarios_table, selected_table
from perirad.report.tables.table import ReportTable, kind_and_number
from perirad.report.text import DASH

__all__ = ["report_tables", "table_html"]

_LEARNT = (
    "agreement",
    "feature_counts",
    "selected_features",
    "univariable",
    "multivariable",
    "combined",
    "equations",
    "model",
    "optimism",
    "stability",
    "centres",
    "nested",
    "sample_size",
)
"""Tables of what was learnt from the training patients alone."""
_BASELINE = (
    "Continuous variables: median [quartiles], Mann-Whitney test. Categories: n (% of the patients in whom it is "
    "known), Pearson's chi-squared test without continuity correction.",
    "SMD: standardised difference of means, or of the shares of all levels.",
    "* Fisher's exact test.", "† Chi-squared test although an expected count is below 5: read with care.",
    f"{DASH} Not defined: no values, or no variation, in one of the groups.",
)  # fmt: skip
_ODDS = (
    "Odds ratios of continuous variables are per unit; 95% Wald intervals.",
    "‡ Firth's penalised likelihood: by the data's separation, maximum likelihood has no finite solution.",
    f"{DASH} Not defined: no finite estimate.",
)
_SHARES = (
    "AUC: DeLong's 95% interval. Shares: Wilson's 95% interval; beside or beneath them the counts.",
    "A patient is called positive when the predicted risk is at or above the cut-off, frozen in the training cohort.",
    f"{DASH} Not defined: nobody in the denominator, or (AUC) patients of one outcome only.",
)
_AGREEMENT = (
    "Slope 1 and intercept 0 are perfect. ICI, E50, E90, Emax: mean, median, 90th percentile and maximum of the "
    "distance between smooth calibration curve and diagonal.",
    f"{DASH} Not defined: one outcome only, a constant prediction, or perfect separation.",
)

_OPTIMISM = (
    ".632+: between the apparent figure and the mean among the patients not drawn; the more the model overfits, the "
    "nearer to the latter.",
    "Optimism after Harrell: mean over the resamples of the measure among the patients drawn less that among all "
    "training patients. Most of those had also been drawn: with many features, what is left is still too good.",
    "Rad-score: whichever scenario the resample chose. A resample counts where it defines the measure.",
    f"{DASH} Not defined: .632+ of a slope or intercept, or a measure that no resample defines.",
)


def report_tables(contents: ReportContents) -> tuple[ReportTable, ...]:
    """Tables of this report, in reading order; those without any row are left out."""
    everybody, learnt = kind_and_number(contents), kind_and_number(contents, training=True)
    made: list[tuple[str, str, Callable[[], pd.DataFrame], tuple[str, ...]]] = [
        ("acquisition", "Image acquisition", lambda: acquisition_table(contents),
         ("As the files and the table of cases say it. Vendor, model and transducer are for the authors to add where "
          "files do not hold them.", f"{DASH} No spacing is known.")),
        ("feature_counts", "Features through the selection", lambda: feature_counts_table(contents),
         ("Of the chosen scenario. Image: original or filtered.",)),
        ("delong", "DeLong's test for every pair of models", lambda: delong_matrix(contents),
         ("Cells: AUC of the row less that of the column (P), DeLong's test for two curves of the same patients; no "
          "correction for multiple comparisons.", f"{DASH} Not defined: the difference has no variance.")),
        ("settings", "Settings in force", lambda: settings_table(contents), ()),
        ("versions", "Versions of the programs used", lambda: versions_table(contents), ()),
        ("flow", "Patient flow", lambda: flow_table(contents), ()),
        ("cohorts", "Cohorts", lambda: cohort_table(contents), (f"Split: {contents.split}; seed {contents.seed}.",)),
        ("baseline", "Baseline characteristics by outcome", lambda: baseline_table(contents), _BASELINE),
        ("spacing", "Where the pixel spacing came from", lambda: spacing_table(contents), ()),
        ("ring_loss", "Regions and what they lost", lambda: ring_loss_table(contents),
         ("Shares of the region's full area, counted beyond the edge of the image.",
          f"{DASH} Not defined: no image has the region.")),
        ("agreement", "Agreement of two readers' outlines", lambda: agreement_table(contents),
         ("Intraclass correlation of each feature between the readers, two-way random, single reading unless the "
          "settings say otherwise. Features that do not reach the limit are not used.",)),
        ("scenarios", "Rad-score scenarios", lambda: scenarios_table(contents),
         ("Features left after each step. Cross-validation repeats the whole selection inside each fold of the "
          "training cohort; the scenario with the highest cross-validated AUC is chosen.",
          "SE: standard error over the folds.",
          f"{DASH} Not defined, or not tried in this cohort.")),
        ("selected_features", "Features of the Rad-score", lambda: selected_table(contents),
         ("Coefficient per training standard deviation.", f"{DASH} No IBSI code for this feature.",)),
        ("univariable", "Univariable logistic regression",
         lambda: regression_table(_full(contents, "univariable")), _ODDS),
        ("multivariable", "Multivariable logistic regression, clinical variables",
         lambda: regression_table(_full(contents, "multivariable")), _ODDS),
        ("combined", "Combined model of the nomogram", lambda: regression_table(_full(contents, "combined")), _ODDS),
        ("model", "The combined model in figures", lambda: model_table(contents),
         ("The figures are apparent: they say how the model describes the patients it was made of.",)),
        ("equations", "Formulas", lambda: equations_table(contents), ()),
        ("performance", "Performance of the models", lambda: performance_table(contents),
         (*_SHARES, *_repeated(contents))),
        ("optimism", "Training figures, corrected for optimism", lambda: optimism_table(contents),
         (*_repeated(contents), *_OPTIMISM)),
        ("stability", "Choices made anew in every resample", lambda: stability_table(contents),
         _repeated(contents)),
        ("calibration", "Calibration of the models", lambda: calibration_table(contents), _AGREEMENT),
        ("prevalence", "Predictive values at another prevalence", lambda: prevalence_table(contents),
         ("Sensitivity and specificity at the frozen cut-off, as in the cohort.",)),
        ("added_value", "What the nomogram adds", lambda: added_table(contents),
         ("AUC gained: DeLong's test for the same patients. Brier score: below zero is better. Share of new "
          "information: of the likelihood-ratio information of the nomogram, what the other model lacks. "
          "Likelihood-ratio test: in training, against the clinical model.",
          f"{DASH} Not computed in this cohort, or not by maximum likelihood.")),
        ("classified", "Models at their cut-offs", lambda: classified_table(contents),
         ("Difference of the shares on the same patients; in brackets the patients whom only the first or only the "
          "second model calls rightly; McNemar's exact test.",
          f"{DASH} Not defined: the models agree about everybody.")),
        ("net_benefit", "Net benefit", lambda: benefit_table(contents),
         ("Of the main model. Standardised: share of the largest possible. Interventions avoided: against treating "
          "all, without missing more events.",)),
        ("centres", "Leaving one centre out", lambda: centres_table(contents),
         ("Each training centre as predicted by the whole development in the other centres. Pooled by random effects "
          "(REML, Hartung and Knapp).", f"{DASH} Not defined in this centre.")),
        ("nested", "Nested cross-validation", lambda: nested_table(contents),
         ("The whole development, choice of the scenario included, repeated in the training patients outside each "
          "fold; AUC: mean over the folds.",)),
        ("requested", "Tests on request", lambda: requested_table(contents), ()),
        ("sample_size", "Sample size", lambda: needed_table(contents),
         ("Criteria of Riley and others (BMJ 2020;368:m441) for the candidate parameters, before any selection; the "
          "R² anticipated (Cox-Snell) is a setting. The LASSO shrinks, so the last row is a warning, not a rule.",)),
        ("comparisons", "Comparison of the areas under the curves", lambda: comparison_table(contents),
         ("DeLong's test for two curves of the same patients; no correction for multiple comparisons.",
          f"{DASH} Not defined: the difference has no variance.")),
    ]  # fmt: skip
    tables = []
    for stem, title, make, notes in made:
        frame = make()
        if len(frame):
            who = learnt if stem in _LEARNT else everybody
            feet = (*_needed(notes, frame), *_unit(contents))
            tables.append(ReportTable(stem, title, f"{title}. {who}.", frame, feet))
    return tuple(tables)


def _full(contents: ReportContents, which: str) -> tuple[VariableTest, ...]:
    """Regression table with profile intervals where they were computed."""
    found = contents.further.regression
    if which == "combined":
        return contents.combined_tests if found is None else found.combined
    if which == "univariable":
        return contents.univariable if found is None else found.univariable
    return contents.multivariable if found is None else found.multivariable


def _repeated(contents: ReportContents) -> tuple[str, ...]:
    """What was done to correct for optimism, and in how many resamples it failed."""
    internal = contents.internal
    if internal is None:
        return ()
    failed = f"; {len(internal.failures)} could not be fitted" if internal.failures else ""
    return (
        f"Correction for optimism: scaling, selection, choice of the scenario and both models were repeated in "
        f"{internal.n_resamples} bootstrap resamples of the training patients{failed}.",
    )


def _unit(contents: ReportContents) -> tuple[str, ...]:
    """Foot of every table of a study with assumed spacings."""
    return (contents.lengths.note,) if contents.lengths.assumed else ()


def _needed(notes: tuple[str, ...], frame: pd.DataFrame) -> tuple[str, ...]:
    """Keep a note on a sign only where the sign stands in the table."""
    text = "\n".join(str(cell) for row in frame.to_numpy() for cell in row)
    signs = {"*": "*", "†": "†", "‡": "‡"}
    undefined = any(str(cell).startswith(DASH) or f"({DASH})" in str(cell) for row in frame.to_numpy() for cell in row)
    kept = []
    for note in notes:
        sign = signs.get(note[0])
        if (sign and sign not in text) or (note.startswith(DASH) and not undefined):
            continue
        kept.append(note)
    return tuple(kept)


def table_html(table: ReportTable, *, number: int | None = None) -> str:
    """Table as an HTML fragment; all text is escaped, headers carry their scope, indented rows a class."""
    caption = table.caption if number is None else f"Table {number}. {table.caption}"
    names = [html.escape(str(name)).replace("(n = ", "(n&nbsp;=&nbsp;") for name in table.frame.columns]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = []
    for row in table.frame.to_numpy():
        first, *rest = (str(cell) for cell in row)
        indent = ' class="level"' if first.startswith("  ") else ""
        cells = "".join(f"<td>{_counts_beneath(html.escape(cell), table.stem)}</td>" for cell in rest)
        body.append(f'<tr><th scope="row"{indent}>{html.escape(first.strip())}</th>{cells}</tr>')
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in table.notes)
    foot = f'<div class="notes">{notes}</div>' if notes else ""
    lines = "\n".join(body)
    return (
        f'<table id="table-{table.stem}" class="{table.stem}">\n<caption>{html.escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>\n{foot}\n"
    )


def _counts_beneath(escaped: str, stem: str) -> str:
    """Counts of a share on a line of their own: ten columns would not fit a screen otherwise."""
    return escaped.replace("); ", ")<br>") if stem == "performance" else escaped
