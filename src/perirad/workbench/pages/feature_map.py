"""Map of the feature over a case: choose the case, see where the values lie."""

from __future__ import annotations

import math
from urllib.parse import urlencode

from nicegui import run, ui

from perirad.errors import InputError, StudyError
from perirad.study.feature_maps import RADIUS_MM, has_places
from perirad.workbench.bench import Bench
from perirad.workbench.case_map import CaseMap, map_of
from perirad.workbench.explore import Explorer, Values, parse_column
from perirad.workbench.feature_words import unit_words
from perirad.workbench.map_chart import colour_bar, map_chart
from perirad.workbench.outcomes import one_line
from perirad.workbench.pages.feature_card import draw_spread
from perirad.workbench.pages.result_tabs import note
from perirad.workbench.svg import number

__all__ = ["FeatureMapPanel"]


class FeatureMapPanel:
    """The parts of the page that depend on the case: its mark among the values, and the map."""

    def __init__(self, bench: Bench, known: Explorer, case_id: str) -> None:
        self.bench, self.known, self.case_id = bench, known, case_id
        self._column, self._ticket, self._opacity = "", 0, 0.72
        self._values: Values | None = None
        self._spread = ui.column().classes("w-full gap-2")
        self._picker = ui.column().classes("w-full gap-1")
        self._map = ui.column().classes("w-full gap-1").props('id="feature-map"')

    async def show(self, column: str, values: Values | None) -> None:
        """Show another feature."""
        self._column, self._values = column, values
        for place in (self._spread, self._picker, self._map):
            place.clear()
        if values is None:
            return
        if values.case(self.case_id) is None:
            start = values.typical(1) or (values.cases[0] if values.cases else None)
            self.case_id = "" if start is None else start.case_id
        with self._picker:
            self._choose(values)
        await self._draw()

    def _choose(self, values: Values) -> None:
        """Case picker, neighbours, and a typical case of each class."""
        words, outcome = self.bench.words, self.known.model.file.outcome
        labels = (outcome.nonevent_label, outcome.event_label)
        ui.label(words("map_over_case")).classes("perirad-head").props('role="heading" aria-level="3"')
        options = {
            item.case_id: f"{item.case_id}: {labels[item.outcome]}, {words(f'cohort_{item.cohort}')}"
            for item in values.cases
        }
        ids = list(options)
        with ui.row().classes("items-center gap-2"):
            picker = ui.select(options, value=self.case_id or None, label=words("case"), with_input=True)
            picker.classes("w-72").props('for="map-case"')

            def step(by: int) -> None:
                at = ids.index(picker.value) if picker.value in options else 0
                picker.value = ids[(at + by) % len(ids)]

            for icon, by, key in (("chevron_left", -1, "previous"), ("chevron_right", 1, "next")):
                ui.button(icon=icon, on_click=lambda _, n=by: step(n)).props(
                    f'flat dense aria-label="{words(key)}" id="map-{key}"'
                )
            for k in (0, 1):
                if (typical := values.typical(k)) is not None:
                    ui.button(
                        words("typical", name=labels[k]),
                        on_click=lambda _, own=typical: picker.set_value(own.case_id),
                    ).props("outline no-caps dense").classes("q-px-sm")

        async def change() -> None:
            if picker.value and picker.value != self.case_id:
                self.case_id = str(picker.value)
                place = {"feature": self._column, "case": self.case_id}
                ui.navigate.history.replace(f"/explorer?{urlencode(place)}")
                await self._draw()

        picker.on_value_change(change)

    async def _draw(self) -> None:
        """Draw what depends on the case; what comes too late, for another choice was made meanwhile, is dropped."""
        self._ticket += 1
        ticket, words = self._ticket, self.bench.words
        assert self._values is not None, "a case is chosen among values"
        self._spread.clear()
        with self._spread:
            draw_spread(self.bench, self.known, self._column, self._values, self.case_id)
        self._map.clear()
        with self._map:
            if not has_places(self._column) or self.known.model.file.recipe is None:
                note(words("no_places" if self.known.model.file.recipe is not None else "no_images"))
                return
            with ui.row().classes("items-center").props('role="status"'):
                ui.spinner(size="1.5rem")
                ui.label(words("map_working"))
        assert self.bench.desk is not None, "the page shows a study"
        found: CaseMap | str | None
        try:
            found = await run.io_bound(map_of, self.bench.desk, self.known.model, self.case_id, self._column)
        except (InputError, StudyError, OSError) as error:
            found = words("no_map", line=one_line(error))
        if ticket != self._ticket or found is None:
            return
        self._map.clear()
        with self._map:
            note(found) if isinstance(found, str) else self._picture(found)

    def _picture(self, found: CaseMap) -> None:
        words, column = self.bench.words, parse_column(found.column)
        if not math.isfinite(found.limits[0]):
            note(words("map_undefined"))
        said = words("map_spoken", feature=found.column, case=found.case_id, low=number(found.limits[0], 3),
                     high=number(found.limits[1], 3))  # fmt: skip
        own_region = column.region != "I"
        ui.html(map_chart(found, title=said, opacity=self._opacity, own_region=own_region), sanitize=False).classes(
            "w-full"
        ).props(f'id="map-picture" data-case="{_plain(found.case_id)}"')
        unit = unit_words(words, column)
        ui.html(colour_bar(found.limits, name=f"{column.feature} ({unit})", title=said), sanitize=False).classes(
            "w-full"
        ).props('id="map-scale"')
        with ui.row().classes("items-center w-full gap-3").style("max-width: 30rem"):
            ui.label(words("opacity"))
            slider = ui.slider(min=0, max=1, step=0.02, value=self._opacity).classes("col")
            slider.props(f'aria-label="{words("opacity")}"')
            slider.on_value_change(lambda event: self._fade(float(event.value)))
        ui.label(words("map_legend" if own_region else "map_legend_lesion")).classes("text-body2")
        ui.label(words("map_is_local", mm=f"{RADIUS_MM:g}")).classes("text-body2").props('id="map-note"')

    def _fade(self, opacity: float) -> None:
        self._opacity = opacity
        ui.run_javascript(
            f"document.querySelectorAll('#map-picture .perirad-colours').forEach(e => e.style.opacity = {opacity:.2f})"
        )


def _plain(text: str) -> str:
    """Text that can stand in an attribute."""
    return "".join(sign for sign in text if sign.isalnum() or sign in "-_.")
