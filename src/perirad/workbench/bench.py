"""What all pages share: the open study, who reads, the language, and the frame of a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nicegui import ui

from perirad.errors import InputError, StudyError
from perirad.workbench.desk import Desk
from perirad.workbench.messages import LANGUAGES, Words
from perirad.workbench.problem_words import error_lines
from perirad.workbench.runner import Runner

__all__ = ["Bench", "alarm", "say"]

_PAGES = tuple(
    ("/" if name == "home" else f"/{name}", name)
    for name in ("home", "outline", "readers", "quality", "results", "patient")
)
_STYLE = """
.perirad-canvas { width: 100%; height: calc(100vh - 11rem); min-height: 20rem; background: #101214; }
.perirad-canvas { outline: none; touch-action: none; position: relative; }
.perirad-said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.perirad-canvas:focus-visible { box-shadow: 0 0 0 3px #ffb454; }
.perirad-canvas canvas { display: block; width: 100%; height: 100%; cursor: crosshair; }
.perirad-banner { background: #8c1d18; color: #fff; font-weight: 700; text-align: center; padding: .2rem; width: 100%; }
.perirad-draw { display: grid; grid-template-columns: minmax(0, 1fr) 16rem; gap: 1rem; width: 100%; }
.perirad-tools { display: grid; grid-template-columns: 1fr 1fr; gap: .25rem; width: 100%; }
.perirad-tools .q-btn { font-size: .72rem; padding: .1rem .3rem; }
.perirad-side { max-height: calc(100vh - 9rem); overflow-y: auto; }
.nicegui-log, .nicegui-log * { white-space: pre-wrap !important; overflow-wrap: anywhere; }
.nicegui-content { padding: 0; }
/* The framework's bar has no name for screen readers; what takes long has a bar of ours. */
.q-loading-bar { display: none !important; }
.perirad-pill { border: 1px solid #8a8f96; border-radius: 1rem; padding: .15rem .7rem; }
.perirad-faint { color: #5a6068; font-size: .75rem; }
.nicegui-link { color: #1a5490; }
.body--dark { --q-primary: #8ab8f0 !important; --q-warning: #ffc266 !important; }
.body--dark { --q-positive: #7fd39a !important; --q-negative: #ff9d94 !important; }
.body--dark .perirad-faint { color: #b4bac2; }
.body--dark .nicegui-link { color: #8ab8f0; }
.body--dark :is(.bg-warning, .bg-positive, .bg-negative) { color: #10161d !important; }
.body--dark :is(.q-btn.bg-primary, .q-uploader__header) { --q-primary: #1a5490 !important; }
.q-btn:focus-visible, a:focus-visible { outline: 3px solid #b35c00; outline-offset: 2px; }
@media (max-width: 55rem) {
  .perirad-draw { grid-template-columns: minmax(0, 1fr); }
  .perirad-canvas { height: 60vh; }
  header .nicegui-link { font-size: .9rem; margin-right: .6rem !important; }
}
"""


@dataclass
class Bench:
    """State of the one session there is; what matters is on the disk, and outlives the server."""

    home: Path
    allowed: tuple[Path, ...] = ()
    desk: Desk | None = None
    reader: str = "reader 1"
    language: str = "en"
    dark: bool = False
    runners: dict[Path, Runner] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """Words of the chosen language."""
        return Words(self.language)

    def runner(self) -> Runner:
        """Runner of the open study."""
        assert self.desk is not None, "a run needs an open study"
        return self.runners.setdefault(self.desk.folder, Runner(self.desk.folder))

    def going(self) -> str:
        """What runs for the open study: "run", "audit", or "" for nothing; the two do not run at once."""
        assert self.desk is not None, "a run needs an open study"
        of_study = (runner for runner in self.runners.values() if runner.folder == self.desk.folder)
        return next((runner.verb for runner in of_study if runner.progress().state == "running"), "")

    def open(self, folder: Path) -> None:
        """Open a study, its settings checked first."""
        desk = Desk(folder if folder.is_dir() else folder.parent, self.allowed)
        desk.study()
        self.desk = desk

    @contextmanager
    def page(self, current: str) -> Iterator[None]:
        """Frame of a page: header with links, language and colours, a banner where the cohort is simulated."""
        words = self.words
        ui.context.client.storage["perirad_language"] = words.language  # for `say`, in whatever handler it is called
        ui.add_css(_STYLE)
        ui.colors(primary="#1a5490", warning="#855500", positive="#1a6e35", negative="#b3261e")
        ui.add_head_html(f'<script>document.documentElement.lang = "{words.language}"</script>')
        dark = ui.dark_mode(self.dark)

        def turn() -> None:
            self.dark = not self.dark
            dark.value = self.dark

        def speak(event: object) -> None:
            self.language = str(getattr(event, "value", "en"))
            ui.navigate.reload()

        with ui.header().classes("items-center q-py-none q-px-md").style("background: #12355b"):
            ui.label("perirad").classes("text-weight-bold text-h6 q-mr-md")
            for path, key in _PAGES:
                link = ui.link(words(key), path).classes("text-white q-mr-md text-body1")
                if key == current:
                    link.props('aria-current="page"').classes("text-weight-bold")
            ui.space()
            ui.select(LANGUAGES, value=self.language, on_change=speak).props(
                f'dense dark borderless aria-label="{words("language")}"'
            )
            ui.button(icon="contrast", on_click=turn).props(f'flat dense color=white aria-label="{words("dark")}"')
        if self.desk is not None and self._simulated():
            ui.label(words("simulated")).classes("perirad-banner")
        with ui.column().classes("w-full q-px-md q-py-sm gap-2"):
            yield
            ui.label(words("research")).classes("perirad-faint")

    @contextmanager
    def study_page(self, current: str) -> Iterator[Desk | None]:
        """Frame of a page about the open study; gives its desk, or None, which the page says, where none is open."""
        with self.page(current):
            if self.desk is None:
                ui.label(self.words("no_study"))
            yield self.desk

    def _simulated(self) -> bool:
        try:
            return self.desk is not None and self.desk.study().settings.kind == "simulated"
        except (StudyError, InputError):
            return False


def say(error: StudyError | InputError | OSError) -> None:
    """Show what went wrong, a line each in the language of the page, until it is dismissed."""
    language = str(ui.context.client.storage.get("perirad_language", "en"))
    for line in error_lines(error, language)[:5]:
        alarm(line)


def alarm(line: str) -> None:
    """Show a line until it is dismissed."""
    words = Words(str(ui.context.client.storage.get("perirad_language", "en")))
    close = {"label": words("dismiss"), "color": "white"}
    ui.notify(line, type="negative", multi_line=True, timeout=0, actions=[close])
