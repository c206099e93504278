"""What a run can say to the questions of the checklists, each under a key that several checklists share."""

from __future__ import annotations

from collections.abc import Mapping

from perirad.report.checklists.evidence_models import evidence_of_models
from perirad.report.checklists.records import Answer
from perirad.report.contents import ReportContents

__all__ = ["evidence"]


def evidence(contents: ReportContents) -> Mapping[str, Answer]:
    """Answers by key; a key that is not there is for the authors alone."""
    return {**_authors(contents), **_data(contents), **evidence_of_models(contents)}


def _authors(contents: ReportContents) -> dict[str, Answer]:
    """What no run can know, with what is to be written."""
    asked = {
        "title": "say that it is a prediction model" + (", of ultrasound radiomics" if contents.images else ""),
        "abstract": "write it from the summary and the Results",
        "keywords": f"{'radiomics, ultrasound, peritumoral, ' if contents.images else ''}nomogram, and the disease",
        "background": "what is known, and why it is not enough",
        "rationale": "why features of image and surroundings should tell it",
        "use": "who should use the model, when, for whom",
        "inequalities": "known differences of health between groups of the population",
        "objectives": "development, evaluation, or both",
        "ethics": "approval, consent, data protection",
        "nature": "prospective or retrospective",
        "dates": "first and last date of inclusion",
        "setting": "hospitals, their places and levels of care",
        "treatments": "treatments before imaging, if any",
        "overlap": "patients that were in earlier papers",
        "protocol": "scanner, transducer, frequency, settings, who scanned",
        "interval": "days between image and reference standard",
        "operators": "readers, their experience, whether blinded",
        "assessors": "who read the reference standard, by which guideline, blinded to what",
        "blinded": "whether predictors were read without knowing the outcome, and the other way round",
        "choice": "why these predictors were offered",
        "findings": "the main findings, by the questions asked",
        "previous": "what others found, and what differs",
        "implications": "what changes in practice, if it holds",
        "funding": "funding and its role",
        "conflicts": "interests of the authors",
        "protocol_paper": "where the protocol is, or that there is none",
        "registration": "registration number, or that there is none",
        "involvement": "patients and public in the study",
        "share_images": "whether images and outlines can be had",
        "future": "what is to be done next",
        "input_needed": "what happens in practice with a poor image or a missing value",
        "skills": "what users have to know to outline and to read",
    }
    return {key: Answer("authors", f"Authors: {what}.") for key, what in asked.items()}


def _data(contents: ReportContents) -> dict[str, Answer]:
    metrics = contents.metrics
    design = metrics["design"]
    cohorts = design["cohorts"]
    random = design["split"]["by"] == "random"
    several = design["centres"] > 1
    clinical = design["clinical"]
    needed = metrics["further"]["needed"]
    short = [item for item in needed if item["n"] < item["size"]["n"]]
    size = (
        f"Table Sample size: {needed[0]['n']} training patients, {needed[0]['size']['n']} asked for" if needed else ""
    )
    missing = {
        "exclude": "patients with a missing clinical value were excluded and counted (patient flow)",
        "stop": "no value was missing: the run stops where one is",
        "impute": "multiple imputation in training, a frozen rule elsewhere (Methods)",
    }[clinical["missing"]]
    ages = [item.label for item in contents.variables]
    return {
        "eligibility": Answer("partly", "Patient flow counts every exclusion. Authors: criteria of the clinic."),
        "flow": Answer("yes", "Figure Patient flow."),
        "workflow": Answer("yes", "Figure Workflow."),
        "source": Answer(
            "partly",
            (
                f"{'Simulated cohort' if contents.kind == 'simulated' else 'Table of cases'}; provenance.json. "
                "Authors: "
                "origin."
            ),
        ),
        "split": Answer("yes", f"Methods: {contents.split}; random seed {contents.seed}."),
        "test_apart": Answer(
            "yes" if len(cohorts) > 1 else "no",
            "The other cohorts were met once, by frozen models." if len(cohorts) > 1 else "No other cohort.",
        ),
        "external": Answer(
            "yes" if "external" in cohorts or design["split"]["by"] == "centre" else "no",
            "Table Performance."
            if "external" in cohorts or design["split"]["by"] == "centre"
            else "No external cohort.",
        ),
        "internal_test": Answer(
            "yes" if "test" in cohorts and random else "no" if "test" not in cohorts else "n/a",
            "Table Performance, test cohort." if "test" in cohorts else "No test cohort.",
        ),
        "centres": Answer(
            "yes" if several else "no",
            f"{design['centres']} centres; table Cohorts." if several else "One centre, or not stated.",
        ),
        "predictors": Answer(
            "yes" if ages else "n/a", f"Table Baseline: {', '.join(ages)}." if ages else "No clinical variables."
        ),
        "outcome": Answer(
            "partly",
            (
                f"{contents.outcome_label}: {contents.event_label} against {contents.nonevent_label} (Methods). "
                "Authors: "
                "how and by whom it was determined."
            ),
        ),
        "outcome_standard": Answer(
            "partly" if metrics["outcome"]["rule"] == "her2-low" else "authors",
            "IHC and ISH by ASCO/CAP rules. Authors: laboratory."
            if metrics["outcome"]["rule"] == "her2-low"
            else "Authors: the reference standard.",
        ),
        "size": Answer(
            "yes" if needed else "no",
            f"{size}{'; fewer than asked for' if short else ''}." if needed else "Not computed.",
        ),
        "size_enough": Answer("no" if short else "yes" if needed else "authors", f"{size}." if needed else ""),
        "missing": Answer("yes", missing[0].upper() + missing[1:] + "."),
        "balance": Answer(
            "yes",
            (
                f"{', '.join(str(item['events']) + ' of ' + str(item['patients']) for item in cohorts.values())} "
                "with the "
                "event; no resampling of classes, no weights."
            ),
        ),
        "baseline": Answer(
            "yes" if ages else "partly",
            "Table Baseline characteristics, with standardised differences."
            if ages
            else "Table Cohorts; no clinical variables.",
        ),
        "differences": Answer(
            "yes" if len(cohorts) > 1 else "n/a", "Tables Cohorts and Baseline." if len(cohorts) > 1 else "One cohort."
        ),
        "events": Answer("yes", "Table Cohorts."),
        "fairness": Answer("partly", "Figure Performance in subgroups. Authors: groups of the population that matter.")
        if contents.insight.subgroups
        else Answer("no", "No subgroups."),
        "uniparametric": Answer("yes", "B-mode images only.") if contents.images else Answer("authors", ""),
    }
