"""Audit: the study done with common mistakes beside the honest way; run from here, and its page shown."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from perirad.errors import InputError, StudyError
from perirad.workbench.auditing import audit_page, audit_state, auditor
from perirad.workbench.bench import Bench
from perirad.workbench.pages.result_tabs import note, result_page, trouble

__all__ = ["audit"]

_MOST, _USUAL = 200, 20


def audit(bench: Bench) -> None:
    """Draw the page."""
    words = bench.words
    with result_page(bench, "audit") as folder:
        if folder is None or bench.desk is None:
            return
        ui.label(words("audit_what")).style("max-width: 60rem")
        with ui.row().classes("items-center gap-3"):
            splits = ui.number(words("audit_splits"), value=_USUAL, min=2, max=_MOST, precision=0)
            splits.classes("w-40").props('dense for="audit-splits"')
            start = ui.button(words("audit_run"), icon="play_arrow").props('id="run-audit" no-caps')
            cancel = ui.button(words("cancel"), icon="stop").props('outline id="cancel-audit" no-caps')
        bar = (
            ui.linear_progress(0, show_value=False)
            .classes("w-full")
            .props(f'instant-feedback aria-label="{words("tab_audit")}"')
        )
        word = ui.label("").props('id="audit-state" role="status"')
        log = ui.log(max_lines=200).classes("w-full").style("height: 7rem")
        page = ui.column().classes("w-full")
        _Watch(bench, splits, start, cancel, bar, word, log, page)


class _Watch:
    """Keeps the page at what the audit does: in a process of its own, whatever becomes of the page."""

    def __init__(self, bench: Bench, splits: Any, start: Any, cancel: Any, bar: Any, word: Any, log: Any, page: Any):
        self.bench, self.start, self.cancel = bench, start, cancel
        self.bar, self.word, self.log, self.page = bar, word, log, page
        self.shown, self.state = 0, ""

        def begin() -> None:
            if bench.going():
                return
            asked = int(min(max(splits.value or _USUAL, 2), _MOST))
            self.shown = 0
            log.clear()
            auditor(bench).start("--seeds", str(asked))
            self.tick()

        start.on_click(begin)
        cancel.on_click(lambda: auditor(bench).cancel())
        self.tick()
        ui.timer(0.5, self.tick)

    def tick(self) -> None:
        """Look where the audit is; its page is shown anew when it ends."""
        words, found = self.bench.words, auditor(self.bench).progress()
        under_way = self.bench.going()
        busy, going = under_way == "run", under_way == "audit"
        self.start.set_enabled(not under_way)
        self.cancel.set_enabled(going)
        self.log.set_visibility(bool(found.lines) and found.state in {"failed", "running", "cancelled"})
        self.bar.set_visibility(going)
        first = found.stage != "Auditing" and found.done == found.total  # the first splits take their time
        self.bar.props("indeterminate") if first else self.bar.props(remove="indeterminate")
        self.bar.value = found.done / found.total if found.total else 0.0
        self.word.text = words("audit_waits") if busy else self._said()
        for line in found.lines[self.shown :]:
            self.log.push(line)
        self.shown = len(found.lines)
        if found.state != self.state:
            self.state = found.state
            self._show(going)

    def _said(self) -> str:
        words, found = self.bench.words, auditor(self.bench).progress()
        if found.state == "running":
            if not found.stage:
                return words("audit_begins")
            if found.stage != "Auditing" and found.done == found.total:
                return words("audit_first")
            stage = words("stage_auditing" if found.stage == "Auditing" else "stage_extracting")
            left = "" if found.seconds_left is None else "; " + words("left", n=round(found.seconds_left))
            return words("running", stage=stage, done=found.done, total=found.total) + left
        return {
            "done": words("audit_done"), "failed": words("audit_failed"), "cancelled": words("audit_cancelled"),
        }.get(found.state, "")  # fmt: skip

    def _show(self, going: bool) -> None:
        """The page of the audit, if there is one, and whether it belongs to the results."""
        words, desk = self.bench.words, self.bench.desk
        assert desk is not None, "the page shows a study"
        self.page.clear()
        with self.page:
            try:
                state = audit_state(desk.folder, desk.study().table)
            except (InputError, StudyError, OSError) as error:
                trouble(self.bench, error)
                return
            if state == "missing":
                if not going:
                    ui.label(words("audit_missing")).props('id="no-audit"')
                return
            if state == "stale":
                note(words("audit_stale"))
            when = audit_page(desk.folder).stat().st_mtime_ns
            ui.element("iframe").props(
                f'src="/audit.html?{when}" id="audit-page" title="{words("tab_audit")}" sandbox=""'
            ).classes("perirad-frame")
