"""Where files are dropped, or chosen by a button that a keyboard reaches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape

from nicegui import events, ui

from perirad.workbench.guard import LARGEST

__all__ = ["drop_zone"]

_HEADER = """
<label class="row items-center q-pa-sm" style="position: relative; cursor: pointer; gap: .5rem">
  <q-icon name="upload_file" size="sm" aria-hidden="true" /><span class="col text-body2">WORDS</span>
  <q-uploader-add-trigger />
</label>
"""


def drop_zone(
    words: str, arrived: Callable[[events.UploadEventArguments], Awaitable[None]], *,
    mark: str, too_large: str, several: bool = False,
) -> ui.upload:  # fmt: skip
    """Field to drop files on.

    Parameters
    ----------
    words : str
        What is wanted.
    arrived : coroutine function
        Called for each file.
    mark : str
        Identifier of the field on the page.
    too_large : str
        What is said of a file above `perirad.workbench.guard.LARGEST`.
    several : bool
        Whether more than one file is taken.
    """
    zone = ui.upload(
        multiple=several, auto_upload=True, max_file_size=LARGEST, on_upload=arrived,
        on_rejected=lambda: ui.notify(too_large, type="negative"),
    ).props(f'id="{mark}" flat bordered')  # fmt: skip
    zone.add_slot("header", _HEADER.replace("WORDS", escape(words)))
    with ui.row():
        ui.button(words, icon="folder_open", on_click=lambda: zone.run_method("pickFiles")).props("outline no-caps")
    return zone
