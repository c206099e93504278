"""Files that the workbench may touch: those of the study, and no others."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from perirad.errors import InputError

__all__ = ["file_stem", "inside", "upload_suffix", "write_new"]


def inside(folder: Path, name: str) -> Path:
    """Path of a file in a folder, given by a name that may come from anywhere.

    Raises
    ------
    InputError
        When it leads out of the folder, by ``..``, as an absolute path, or through a link.
    """
    root = folder.resolve()
    if "\x00" in name or not (root / name).resolve().is_relative_to(root):
        raise InputError("a file must lie in the study's folder", repr(name[:80]))
    return (root / name).resolve()


def file_stem(identifier: str) -> str:
    """Name of a file for an identifier: its letters and digits, and some of its digest where anything is lost."""
    plain = re.sub("[^A-Za-z0-9._-]+", "_", identifier).strip("._")[:60]
    if plain == identifier and plain:
        return plain
    return f"{plain or 'case'}-{hashlib.sha256(identifier.encode()).hexdigest()[:8]}"


def upload_suffix(name: str) -> str:
    """Ending of an uploaded file's name, at most ten signs, none where it has other letters than ASCII's."""
    suffix = Path(name.replace("\\", "/")).suffix[:10]
    return suffix if suffix.isascii() and "\x00" not in suffix else ""


def write_new(folder: Path, name: str, content: bytes) -> Path:
    """Write an uploaded file under its own last name; one that is there already is never overwritten.

    Raises
    ------
    InputError
        For a name without letters, or one that is taken.
    """
    plain = Path(name.replace("\\", "/")).name
    if not re.search("[A-Za-z0-9]", plain) or plain.startswith("."):
        raise InputError("an uploaded file must have a name", repr(name[:80]))
    path = inside(folder, plain)
    if path.exists():
        raise InputError("an uploaded file must have a name of its own", f"{plain} is there already")
    path.write_bytes(content)
    return path
