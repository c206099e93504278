"""TRIPOD+AI (Collins and others, BMJ 2024;385:e078378): items by its numbers, in our own words."""

from __future__ import annotations

from perirad.report.checklists.records import Item

__all__ = ["TRIPOD_AI"]

_ROWS = (
    ("1", "Title", "Says that a prediction model is developed or evaluated, for whom and for which outcome", "title"),
    ("2", "Abstract", "Structured by TRIPOD+AI for abstracts", "abstract"),
    ("3a", "Introduction", "Healthcare context, rationale, existing models", "background"),
    ("3b", "Introduction", "Target population, purpose, place in care, users", "use"),
    ("3c", "Introduction", "Known health inequalities between groups", "inequalities"),
    ("4", "Introduction", "Objectives: development, evaluation or both", "objectives"),
    ("5a", "Methods: data", "Sources of the data, and why they are representative", "source"),
    ("5b", "Methods: data", "Dates of the data", "dates"),
    ("6a", "Methods: participants", "Setting, number and place of centres", "setting"),
    ("6b", "Methods: participants", "Eligibility criteria", "eligibility"),
    ("6c", "Methods: participants", "Treatments received, and how they were handled", "treatments"),
    ("7", "Methods: data preparation", "Preprocessing and quality checks, alike in all groups", "preprocessing_all"),
    ("8a", "Methods: outcome", "Outcome, how and when assessed, why chosen", "outcome"),
    ("8b", "Methods: outcome", "Who assessed a subjective outcome, and their qualification", "assessors"),
    ("8c", "Methods: outcome", "Blinding of the assessment", "blinded"),
    ("9a", "Methods: predictors", "Choice of the initial predictors", "choice"),
    ("9b", "Methods: predictors", "All predictors, how and when measured", "predictors"),
    ("9c", "Methods: predictors", "Who measured subjective predictors, and their qualification", "operators"),
    ("10", "Methods: sample size", "How the size was arrived at, and whether it is enough", "size"),
    ("11", "Methods: missing data", "How missing values were handled", "missing"),
    ("12a", "Methods: analysis", "Which data served development and which evaluation", "split"),
    ("12b", "Methods: analysis", "How predictors were handled: form, scaling, transformation", "scaling_any"),
    ("12c", "Methods: analysis", "Kind of model, its building, tuning and internal validation", "tuning"),
    ("12d", "Methods: analysis", "Heterogeneity between clusters such as hospitals", "heterogeneity"),
    ("12e", "Methods: analysis", "Measures and plots of performance, comparison of models", "metrics"),
    ("12f", "Methods: analysis", "Updating of the model after its evaluation", "updating"),
    ("12g", "Methods: analysis", "How predictions were calculated in the evaluation", "evaluation_calc"),
    ("13", "Methods: class imbalance", "Whether and how it was handled, and recalibration", "balance"),
    ("14", "Methods: fairness", "What was done about fairness", "fairness"),
    ("15", "Methods: output", "Output of the model, and thresholds", "output"),
    ("16", "Methods: training against evaluation", "Differences between the data of the two", "differences"),
    ("17", "Methods: ethics", "Approval and consent", "ethics"),
    ("18a", "Open science", "Funding", "funding"),
    ("18b", "Open science", "Conflicts of interest", "conflicts"),
    ("18c", "Open science", "Protocol", "protocol_paper"),
    ("18d", "Open science", "Registration", "registration"),
    ("18e", "Open science", "Sharing of the data", "share_features_any"),
    ("18f", "Open science", "Sharing of the code", "share_code"),
    ("19", "Patient and public involvement", "Involvement of patients and public", "involvement"),
    ("20a", "Results: participants", "Flow of the participants, with and without the outcome", "flow"),
    ("20b", "Results: participants", "Characteristics, dates, predictors, missing values", "baseline"),
    ("20c", "Results: participants", "Comparison of evaluation and development data", "differences"),
    ("21", "Results: development", "Participants and events in each analysis", "events"),
    ("22", "Results: specification", "The full model, so that others can predict", "specification"),
    ("23a", "Results: performance", "Performance with intervals, also in key subgroups", "performance"),
    ("23b", "Results: performance", "Heterogeneity of performance between clusters", "heterogeneity"),
    ("24", "Results: updating", "Results of an update", "updating"),
    ("25", "Discussion", "Interpretation, with fairness", "findings"),
    ("26", "Discussion", "Limitations", "limitations"),
    ("27a", "Discussion: usability", "How poor or missing input is handled in use", "input_needed"),
    ("27b", "Discussion: usability", "Interaction and skill that use asks for", "skills"),
    ("27c", "Discussion: usability", "Next steps", "future"),
)

TRIPOD_AI = tuple(Item(number, section, text, key) for number, section, text, key in _ROWS)
"""52 items under 27 numbers."""
