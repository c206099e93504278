"""A patient's reading on the page: risk, points, warnings, nearest patients, and what it can be saved as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from nicegui import run, ui

from perirad.errors import InputError
from perirad.study.model import Model, Reading
from perirad.workbench.bench import Bench, say
from perirad.workbench.neighbours import Neighbours, nearest_training
from perirad.workbench.patients import Drawn, Patient, report_patient, seen
from perirad.workbench.problem_words import error_lines, said
from perirad.workbench.sheet import sheet_of

__all__ = ["Asked", "show_reading"]

_SIDE_BY_SIDE = "display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: .5rem 2rem"


@dataclass(frozen=True)
class Asked:
    """What was read, and the reading."""

    model: Model
    patient: Patient
    drawn: Drawn
    given: dict[str, Any]
    reading: Reading


async def show_reading(bench: Bench, asked: Asked) -> None:
    """Draw the reading: figures and warnings beside the nearest patients, on narrow pages above them."""
    assert bench.desk is not None
    results = bench.desk.folder / "results"
    with ui.element("div").classes("w-full").style(_SIDE_BY_SIDE):
        with ui.column().classes("gap-1"):
            _figures(bench, asked)
            _warnings(bench, asked.reading)
        with ui.column().classes("gap-1"):
            try:
                nearest = await run.io_bound(nearest_training, asked.model, results, asked.reading)
            except InputError as error:
                say(error)
                nearest = None
            if nearest is not None:
                _nearest(bench, asked.model, nearest)
    _saved(bench, asked)


def _figures(bench: Bench, asked: Asked) -> None:
    words, reading, file = bench.words, asked.reading, asked.model.file
    percent = f"{100 * reading.probability:.1f}"
    ui.label(words("risk", event=file.outcome.event_label, percent=percent)).classes("text-h5").props(
        f'id="risk" data-risk="{reading.probability!r}"'
    )
    if reading.lower == reading.lower:  # not a number where the model has no limits
        ui.label(words("interval", low=f"{100 * reading.lower:.1f}", high=f"{100 * reading.upper:.1f}"))
    points = words("points", n=f"{reading.total_points:.1f}")
    if reading.cutoff == reading.cutoff:
        side = "positive" if reading.positive else "negative"
        points += "; " + words(side, percent=f"{100 * reading.cutoff:.1f}")
    ui.label(points)
    ui.label(words("rad_score", scenario=file.radscore.scenario, score=f"{reading.radscore:.3f}"))
    labels = asked.model.labels
    for name, value in reading.points.items():
        ui.label(words("points_of", name=labels.get(name, name), n=f"{value:.1f}"))


def _warnings(bench: Bench, reading: Reading) -> None:
    for warning in reading.warnings:
        with ui.row().classes("items-center no-wrap text-warning text-weight-bold perirad-warned"):
            ui.icon("warning", size="sm").props('aria-hidden="true"')
            ui.label(bench.words("warning_is", text=said(warning, bench.language)))


def _nearest(bench: Bench, model: Model, nearest: Neighbours) -> None:
    words, outcome = bench.words, model.file.outcome
    if not nearest.cases:
        return
    by_features = nearest.by == "features"
    ui.label(words("nearest_features" if by_features else "nearest")).classes("text-weight-bold")
    for case in nearest.cases:
        told = outcome.event_label if case.outcome else outcome.nonevent_label
        line = words(
            "nearest_away" if by_features else "nearest_risk",
            case=case.case_id, away=f"{case.away:.2f}", percent=f"{100 * case.probability:.1f}", outcome=told,
        )  # fmt: skip
        ui.label(line).classes("perirad-near")
    if by_features:
        ui.label(words("nearest_how")).classes("perirad-faint")


def _saved(bench: Bench, asked: Asked) -> None:
    words, problem = bench.words, asked.patient.no_report

    async def sheet(form: Literal["png", "pdf"]) -> None:
        await _download(lambda: _sheet(asked, form), f"reading.{form}")

    async def report() -> None:
        await _download(
            lambda: report_patient(asked.model, asked.patient, asked.drawn, asked.given, asked.reading),
            "reading.sr.dcm",
        )

    with ui.row().classes("items-center"):
        ui.button(f"{words('save_reading')} PNG", on_click=lambda: sheet("png")).props('outline no-caps id="save-png"')
        ui.button(f"{words('save_reading')} PDF", on_click=lambda: sheet("pdf")).props('outline no-caps id="save-pdf"')
        if problem is None:
            ui.button(words("save_sr"), on_click=report).props('outline no-caps id="save-sr"')
    why = "" if problem is None else " ".join(error_lines(problem, bench.language))
    hint = words("sr_hint") if problem is None else words("sr_not", why=why)
    ui.label(hint).classes("perirad-faint").props('id="sr-hint"')


def _sheet(asked: Asked, form: Literal["png", "pdf"]) -> bytes:
    image, regions = seen(asked.model, asked.patient, asked.drawn)
    return sheet_of(asked.model, image, regions, asked.reading, form)


async def _download(make: Callable[[], bytes], name: str) -> None:
    try:
        content = await run.io_bound(make)
    except InputError as error:
        say(error)
        return
    if content is not None:
        ui.download.content(content, name)
