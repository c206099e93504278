"""A self-audit by the domains of PROBAST+AI (Moons and others, BMJ 2025;388:e082505).

The questions are our own words for what its signalling questions ask, and bear our own numbers (D development,
E evaluation); the official form is to be filled in for an official rating.
"""

from __future__ import annotations

from perirad.report.checklists.records import Item

__all__ = ["PROBAST_AI"]

_ROWS = (
    ("D1", "Development: participants and data", "Do the data and their sources fit the purpose?", "source"),
    ("D2", "Development: participants and data", "Are inclusions and exclusions right?", "eligibility"),
    ("D3", "Development: participants and data", "Do the participants represent the target population?", "setting"),
    ("D4", "Development: predictors", "Were predictors defined and measured alike for all?", "predictors"),
    ("D5", "Development: predictors", "Were predictors measured without knowing the outcome?", "blinded"),
    ("D6", "Development: predictors", "Are all predictors known when the model is to be used?", "choice"),
    ("D7", "Development: outcome", "Was the outcome determined properly and alike for all?", "outcome"),
    ("D8", "Development: outcome", "Are predictors kept out of the outcome's definition?", "not_outcome"),
    ("D9", "Development: outcome", "Was the outcome determined without knowing the predictors?", "blinded"),
    ("D10", "Development: analysis", "Are there enough participants for the candidates?", "size_enough"),
    ("D11", "Development: analysis", "Were numbers and categories handled properly?", "handled"),
    ("D12", "Development: analysis", "Were missing values handled properly?", "missing"),
    ("D13", "Development: analysis", "Is the selection of predictors more than a screen by P?", "screened"),
    ("D14", "Development: analysis", "Is there no leak from evaluation into development?", "leak"),
    ("D15", "Development: analysis", "Were overfitting and optimism accounted for?", "complexity"),
    ("D16", "Development: analysis", "If classes were rebalanced, was the model recalibrated?", "balance"),
    (
        "E1",
        "Evaluation: participants and data",
        "Are the patients of the evaluation others than those of the training?",
        "test_apart",
    ),
    ("E2", "Evaluation: participants and data", "Do they come from another place or time?", "external"),
    ("E3", "Evaluation: participants and data", "Are inclusions and exclusions right?", "eligibility"),
    ("E4", "Evaluation: predictors", "Were predictors measured as in the development?", "leak"),
    ("E5", "Evaluation: predictors", "Were they measured without knowing the outcome?", "blinded"),
    ("E6", "Evaluation: outcome", "Was the outcome determined as in the development?", "outcome"),
    ("E7", "Evaluation: outcome", "Was it determined without knowing the predictions?", "blinded"),
    ("E8", "Evaluation: analysis", "Are there enough patients with and without the event?", "test_events"),
    ("E9", "Evaluation: analysis", "Were missing values handled as they would be in use?", "missing"),
    ("E10", "Evaluation: analysis", "Were all enrolled participants analysed?", "flow"),
    ("E11", "Evaluation: analysis", "Was discrimination assessed?", "performance"),
    ("E12", "Evaluation: analysis", "Was calibration assessed?", "calibration"),
    ("E13", "Evaluation: analysis", "Was clinical usefulness assessed?", "utility"),
    ("E14", "Evaluation: analysis", "Is the uncertainty told?", "uncertainty"),
    ("E15", "Evaluation: analysis", "Was the cut-off fixed before the evaluation?", "output"),
    ("E16", "Evaluation: analysis", "Was performance looked at in groups (fairness)?", "subgroups"),
    ("E17", "Evaluation: analysis", "Was heterogeneity between centres looked at?", "heterogeneity"),
    ("E18", "Evaluation: analysis", "Are predictions stable?", "instability"),
)

PROBAST_AI = tuple(Item(*row) for row in _ROWS)
"""Sixteen questions about development, eighteen about evaluation."""
