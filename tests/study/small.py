"""A tiny study with a known effect: speckle-like noise whose texture outside the lesion depends on the outcome."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

STUDY = """\
title = "A small study"
kind = "simulated"
seed = 3
[outcome]
column = "malignant"
label = "Malignancy"
event_label = "malignant"
nonevent_label = "benign"
[regions]
widths_mm = [2.0, 4.0]
[selection]
folds = 5
[score]
folds = 3
repeats = 1
[validation]
bootstrap = 3
[report]
formats = ["svg"]
[clinical]
keep = "multivariable"
[[clinical.variables]]
name = "age"
label = "Age"
unit = "years"
[[clinical.variables]]
name = "menopause"
levels = ["pre", "post"]
"""


def write_small_study(
    folder: Path, n: int = 60, *, seed: int = 5, effect: float = 25.0, radius: tuple[float, float] = (13.0, 15.0)
) -> Path:
    """Write images, masks, cases.csv and study.toml; returns the folder. `radius` of the lesions is in pixels."""
    rng = np.random.default_rng(seed)
    (folder / "images").mkdir(parents=True)
    (folder / "masks").mkdir()
    rows = []
    y, x = np.mgrid[:72, :80]
    for number in range(n):
        malignant = int(rng.random() < 0.45)
        centre_row, centre_column = rng.uniform(28, 44), rng.uniform(30, 50)
        distance = np.hypot((y - centre_row) / rng.uniform(0.8, 1.2), x - centre_column)
        size = rng.uniform(*radius)
        mask = distance < size
        pixels = rng.rayleigh(40.0, mask.shape) + 30.0
        pixels[mask] *= 0.5
        rim = (distance >= size) & (distance < size + 15)
        pixels[rim] += malignant * effect + rng.normal(0, 12)
        name = f"{number:03d}.png"
        Pillow.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / "images" / name)
        Pillow.fromarray((mask * 255).astype(np.uint8)).save(folder / "masks" / name)
        age = round(50 + 8 * malignant + rng.normal(0, 9))
        rows.append(
            {
                "case_id": f"c{number:03d}",
                "patient_id": f"p{number:03d}",
                "image": f"images/{name}",
                "mask": f"masks/{name}",
                "spacing_mm": "0.25",
                "centre": "AB"[number % 2],
                "malignant": str(malignant),
                "age": str(age),
                "menopause": "post" if age > 51 else "pre",
            }
        )
    write_cases(folder, rows)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


def write_cases(folder: Path, rows: list[dict[str, str]]) -> None:
    with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def read_cases(folder: Path) -> list[dict[str, str]]:
    with (folder / "cases.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def change(folder: Path, case: str, **cells: str) -> None:
    """Change cells of one row of cases.csv."""
    rows = read_cases(folder)
    for row in rows:
        if row["case_id"] == case:
            row.update(cells)
    write_cases(folder, rows)
