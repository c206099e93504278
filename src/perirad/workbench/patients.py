"""The picture of a new patient, kept in memory only: it is written nowhere, and forgotten with the session."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from perirad.errors import InputError
from perirad.workbench.desk import Picture, picture_of

__all__ = ["Waiting", "take_picture"]


@dataclass
class Waiting:
    """The patient who is being read."""

    picture: Picture | None = None


def take_picture(content: bytes, name: str, spacing_mm: tuple[float, float] | None) -> Picture:
    """Read an uploaded image through a file that is gone afterwards; nothing of its name is kept.

    Raises
    ------
    InputError
        When it is no image that perirad reads, is damaged, or is too large unpacked.
    """
    if not content:
        raise InputError("an uploaded image must have content", "an empty file")
    suffix = Path(name.replace("\\", "/")).suffix[:10]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"patient{suffix if suffix.isascii() else ''}"
        path.write_bytes(content)
        return picture_of(path, spacing_mm)
