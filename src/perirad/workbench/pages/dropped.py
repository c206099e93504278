"""Where files, and whole folders, are dropped, or chosen by a button that a keyboard reaches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape

from nicegui import events, ui

from perirad.workbench.guard import LARGEST
from perirad.workbench.messages import Words

__all__ = ["drop_zone"]

_HEADER = """
<label class="row items-center q-pa-sm" style="position: relative; cursor: pointer; gap: .5rem">
  <q-icon name="upload_file" size="sm" aria-hidden="true" /><span class="col text-body2">WORDS</span>
  <q-uploader-add-trigger />
</label>
"""

_LIST = """
<div v-if="props.files.length" class="q-pa-sm text-body2">
  <q-linear-progress :value="props.uploadedFiles.length / props.files.length" instant-feedback aria-label="WORDS" />
  <span aria-hidden="true">{{ props.uploadedFiles.length }} / {{ props.files.length }}</span>
</div>
"""
"""How far the files have come, in place of a line and a picture for each: a study has a thousand."""


def drop_zone(
    words: Words, what: str, arrived: Callable[[events.UploadEventArguments], Awaitable[None]], *,
    mark: str, several: bool = False,
) -> ui.upload:  # fmt: skip
    """Field to drop files on, with a button to choose them; where several are taken, a folder too.

    Parameters
    ----------
    words : Words
        Of the page's language.
    what : str
        What is wanted.
    arrived : coroutine function
        Called for each file.
    mark : str
        Identifier of the field's place on the page.
    several : bool
        Whether more than one file is taken.
    """
    too_large = words("too_large", mb=LARGEST // 1024 // 1024)
    with ui.column().classes("gap-1").props(f'id="{mark}"'):
        zone = ui.upload(
            multiple=several, auto_upload=True, max_file_size=LARGEST, on_upload=arrived,
            on_rejected=lambda: ui.notify(too_large, type="negative"),
        ).props("flat bordered")  # fmt: skip
        zone.add_slot("header", _HEADER.replace("WORDS", escape(what)))
        zone.add_slot("list", _LIST.replace("WORDS", escape(what)))
        with ui.row().classes("gap-1"):
            ui.button(words("choose_files"), icon="upload_file", on_click=lambda: zone.run_method("pickFiles")).props(
                "outline no-caps dense"
            )
            if several:
                ui.add_body_html('<script type="module" src="/perirad/drop.js"></script>')
                zone.props(f'data-folders="{mark}"')
                ui.button(words("choose_folder"), icon="folder_open").props(
                    f'outline no-caps dense data-folder-of="{mark}"'
                )
    return zone
