"""The study in a few sentences for readers who are neither radiologists nor statisticians."""

from __future__ import annotations

from collections.abc import Iterator

from perirad.report.contents import ReportContents
from perirad.report.figures.curves import main_model
from perirad.report.prose.quotes import Passage, quoted
from perirad.report.text import cohort_label

__all__ = ["plain_language"]


def plain_language(contents: ReportContents) -> list[Passage]:
    """What was asked, what was done, what came out, and what it does not mean."""
    return [quoted(template, contents.metrics) for template in _sentences(contents)]


def _sentences(contents: ReportContents) -> Iterator[str]:
    if contents.kind == "simulated":
        yield "The patients of this study are made up by a computer, to try out the method. "
    what = "an ultrasound image and facts about the patient" if contents.images else "facts about the patient"
    yield f"We asked whether {what} can tell {{outcome/event_label|text}} from {{outcome/nonevent_label|text}}. "
    if contents.images and contents.scenarios:
        yield "Not only the tumour itself was measured but also the tissue around it. "
    yield "A computer learnt a rule from {design/cohorts/train/patients|count} patients. "
    model = main_model(contents)
    if model is None:
        return
    for item in model.cohorts[1:]:
        place = f"models/{model.name}/{item.cohort}/at_cutoff"
        yield (
            f"It was then tried on {{design/cohorts/{item.cohort}/patients|count}} others whom it had not seen "
            f"({cohort_label(item.cohort).lower()} cohort). Of {{{place}/sensitivity/denominator|count}} that were "
            f"{{outcome/event_label|text}} it recognised {{{place}/tp|count}} and missed {{{place}/fn|count}}; of "
            f"{{{place}/specificity/denominator|count}} that were {{outcome/nonevent_label|text}} it recognised "
            f"{{{place}/tn|count}} and "
            f"called {{{place}/fp|count}} {{outcome/event_label|text}} by mistake. "
        )
    if not model.cohorts[1:]:
        yield "It was not tried on other patients, so we do not know how well it works. "
    yield (
        "Such a rule does not replace a tissue sample, and it has to prove itself in other hospitals before anybody "
        "relies on it."
    )
