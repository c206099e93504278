"""Write a simulated cohort: images, masks, the table, and the truth behind it."""

from __future__ import annotations

import csv
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from perirad.errors import InputError
from perirad.simulate.anatomy import Picture, take_picture
from perirad.simulate.bmode import CENTRES
from perirad.simulate.patients import Patient, draw_patient, groups, streams
from perirad.simulate.settings import CohortSettings

__all__ = ["CohortSettings", "simulate_case", "simulate_cohort"]

Row = dict[str, str | int | float]

DEFAULT = CohortSettings()


def simulate_cohort(
    folder: Path,
    settings: CohortSettings = DEFAULT,
    *,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write ``images/``, ``masks/``, ``cases.csv`` and ``truth.csv`` into a folder.

    Parameters
    ----------
    folder : Path
        Made when it does not exist; files of the same name are replaced.
    settings : CohortSettings
        Size, seed and effects.
    workers : int
        Processes; 0 for one on each processor. The bytes written do not depend on it.
    progress : callable, optional
        Called with (cases done, all cases).

    Raises
    ------
    InputError
        When `workers` is negative.
    """
    if workers < 0:
        raise InputError("workers must not be negative", f"workers={workers}")
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    write = partial(write_case, folder, settings)
    cases, truths = [], []
    for done, (case, truth) in enumerate(each_case(write, groups(settings), workers or os.cpu_count() or 1), start=1):
        cases.append(case)
        truths.append(truth)
        if progress is not None:
            progress(done, settings.n_images)
    write_csv(folder / "cases.csv", cases)
    write_csv(folder / "truth.csv", truths)


def each_case(
    write: Callable[[tuple[int, str]], tuple[Row, Row]], names: Sequence[str], workers: int
) -> Iterator[tuple[Row, Row]]:
    """Write all cases, in order, here or in processes of their own."""
    if workers == 1:
        yield from map(write, enumerate(names))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(write, enumerate(names), chunksize=8)


def simulate_case(
    index: int, group: str, settings: CohortSettings, *, u: float | None = None
) -> tuple[Patient, Picture]:
    """One patient and picture; with `u` set, the same patient with another cause and the same chance."""
    patient = draw_patient(index, group, settings, u=u)
    _, rng = streams(settings, index)
    scanner = CENTRES[patient.centre]
    return patient, take_picture(rng, patient.visible, scanner, rim_reach_mm=settings.rim_reach_mm)


def write_case(folder: Path, settings: CohortSettings, member: tuple[int, str]) -> tuple[Row, Row]:
    """Simulate one case, write its two pictures, return its rows of ``cases.csv`` and ``truth.csv``."""
    patient, picture = simulate_case(*member, settings)
    name = f"{patient.case_id}.png"
    write_png(folder / "images" / name, picture.pixels)
    write_png(folder / "masks" / name, picture.mask.astype(np.uint8) * np.uint8(255))
    reading = np.random.default_rng(np.random.SeedSequence((settings.seed, member[0], 1)))
    return case_row(patient, picture, float(reading.normal(0.0, 0.4))), truth_row(patient, picture)


def case_row(patient: Patient, picture: Picture, reading_error_mm: float) -> Row:
    """Row of ``cases.csv``: what a study would know."""
    name, clinical = f"{patient.case_id}.png", patient.clinical
    return {
        "case_id": patient.case_id,
        "patient_id": f"P{patient.case_id}",
        "image": f"images/{name}",
        "mask": f"masks/{name}",
        "spacing_mm": CENTRES[patient.centre].spacing_mm,
        "centre": patient.centre,
        "age": clinical.age,
        "menopause": clinical.menopause,
        "size_mm": round(max(picture.diameter_mm + reading_error_mm, 1.0)),
        "birads": clinical.birads,
        "margin": patient.visible.shape.margin,
        "posterior": patient.visible.posterior,
        "ki67": clinical.ki67,
        "er": clinical.er,
        "pr": clinical.pr,
        "nodal": clinical.nodal,
        "grade": clinical.grade,
        "her2_ihc": patient.her2.ihc,
        "her2_ish": patient.her2.ish,
    }


def truth_row(patient: Patient, picture: Picture) -> Row:
    """Row of ``truth.csv``: the cause, the generating probability, and every strength that was drawn."""
    drawn: Mapping[str, str | int | float] = {
        name: value for name, value in asdict(patient.visible).items() if name not in {"shape", "posterior"}
    }
    row: Row = {"case_id": patient.case_id, "u": patient.u, "probability": patient.probability}
    row |= drawn
    row["diameter_mm"] = picture.diameter_mm
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in row.items()}


def write_png(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write an 8-bit grey PNG, packed lightly: speckle hardly packs, and time is what the reader waits for."""
    Pillow.fromarray(pixels).save(path, format="PNG", compress_level=1, compress_type=zlib.Z_RLE)


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write rows that have the same columns."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
