"""Files of a study: written whole or not at all, and extraction results kept so that no work is done twice."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import tempfile
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import perirad
from perirad.study.extraction import CaseQuality, Extracted
from perirad.table import FeatureTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perirad.study.casefiles import CaseFiles
    from perirad.study.recipe import Recipe

__all__ = [
    "ExtractionStore",
    "as_json",
    "digest",
    "file_digest",
    "write_bytes",
    "write_csv",
    "write_json",
    "write_text",
]


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole: a reader sees the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole."""
    write_bytes(path, text.encode("utf-8"))


def as_json(data: Any) -> Any:
    """Return data as a reader of the JSON file finds it: text, numbers, lists, tables; None for NaN."""
    return json.loads(json.dumps(_without_nan(data), ensure_ascii=False, allow_nan=False))


def write_json(path: Path, data: Any) -> None:
    """Write JSON that a person can read; NaN becomes null, because JSON has none."""
    write_text(path, json.dumps(_without_nan(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def _without_nan(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _without_nan(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_without_nan(value) for value in data]
    if isinstance(data, np.ndarray):
        return _without_nan(data.tolist())
    if isinstance(data, (float, np.floating)):
        return float(data) if np.isfinite(data) else None
    if isinstance(data, np.integer):
        return int(data)
    return data


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table; numbers with as many digits as bring the same number back."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    write_text(path, text.getvalue())


def _cell(value: object) -> object:
    if isinstance(value, (float, np.floating)):
        return repr(float(value)) if np.isfinite(value) else ""
    return value


def digest(*parts: bytes | str) -> str:
    """SHA-256 of several parts, each preceded by its length."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8") if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "little") + data)
    return total.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class ExtractionStore:
    """Extracted cases under ``results/.cache``, found again by the content that made them.

    The key covers the bytes of image and outline, spacing, recipe and version: a changed pixel is a new case.
    """

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        self._folder = folder
        self._recipe = json.dumps(asdict(recipe), sort_keys=True)

    def key(self, files: CaseFiles) -> str:
        """Key of a case."""
        stated = [repr(value) for value in asdict(files).values() if not isinstance(value, Path)]
        return digest(perirad.__version__, self._recipe, *stated, *map(file_digest, files.paths))

    def load(self, key: str, case_id: str) -> Extracted | None:
        """Return a case extracted before, or None; an unreadable entry counts as none."""
        try:
            kept = io.BytesIO((self._folder / f"{key}.npz").read_bytes())
            with np.load(kept, allow_pickle=False) as data:
                values, text = data["values"], str(data["meta"])
            meta = json.loads(text)
            quality = CaseQuality(**{**meta["quality"], "case_id": case_id})
            table = FeatureTable((case_id,), tuple(meta["columns"]), values)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
            return None
        spacing, shape = tuple(quality.spacing_mm), tuple(quality.shape)
        return Extracted(table, CaseQuality(**{**asdict(quality), "spacing_mm": spacing, "shape": shape}))

    def save(self, key: str, extracted: Extracted) -> None:
        """Keep an extracted case."""
        meta = json.dumps({"columns": extracted.table.columns, "quality": asdict(extracted.quality)})
        stream = io.BytesIO()
        np.savez(stream, values=extracted.table.values, meta=np.array(meta))
        write_bytes(self._folder / f"{key}.npz", stream.getvalue())
