"""A page of all cases in small, flagged ones first, as HTML, PDF or PNG by the file's name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from perirad.errors import InputError
from perirad.report.montage_html import montage_html
from perirad.report.montage_page import montage_pdf, montage_png
from perirad.report.montage_tile import Montage

__all__ = ["montage_writer"]


def montage_writer(path: Path) -> Callable[[Montage], None]:
    """Return what writes a montage to a file, so that a wrong name is refused before the work is done.

    Parameters
    ----------
    path : Path
        Ends in .html (one file, works offline), .pdf (A4 sheets) or .png (one long picture).

    Raises
    ------
    InputError
        When the name has another ending.
    """
    makers: dict[str, Callable[[Montage], bytes]] = {
        ".html": lambda montage: montage_html(montage).encode("utf-8"),
        ".pdf": montage_pdf,
        ".png": montage_png,
    }
    make = makers.get(path.suffix.lower())
    if make is None:
        found = path.suffix or "no ending"
        raise InputError("a montage must be .html, .pdf or .png", found, file=path.name, mend="name it montage.html")
    return partial(_write, path, make)


def _write(path: Path, make: Callable[[Montage], bytes], montage: Montage) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(make(montage))
