"""Files that the workbench may touch: those of the study, and no others."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from perirad.errors import InputError

__all__ = ["file_stem", "inside", "upload_suffix", "write_new"]

_DEEPEST = 12
_FOLDER = "\u2215"
"""What parts the folders of an uploaded file's name, beside slashes (drop.js)."""


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
    """Write an uploaded file under its own name, in the folders that the name tells; none is ever overwritten.

    The same content under the same name is the same file, so that what was dropped once may be dropped again.

    Raises
    ------
    InputError
        For a name without letters, a hidden one, one with too many folders, or one that is taken.
    """
    parts = [
        part for part in re.split(rf"[/\\{_FOLDER}]", name) if part not in {"", ".", ".."} and not part.endswith(":")
    ]
    if not parts or any(part.startswith(".") or not any(map(str.isalnum, part)) for part in parts):
        raise InputError("an uploaded file must have a name", repr(name[:80]))
    if len(parts) > _DEEPEST:
        raise InputError(f"an uploaded file must lie in at most {_DEEPEST - 1} folders", f"{len(parts) - 1}")
    path = inside(folder, "/".join(parts))
    if path.is_file() and path.read_bytes() == content:
        return path
    if path.exists():
        raise InputError("an uploaded file must have a name of its own", f"{'/'.join(parts)[:80]} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
