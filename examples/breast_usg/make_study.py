"""Turn the BrEaST data set (Breast-Lesions-USG) into a perirad study of malignancy.

Usage: python examples/breast_usg/make_study.py DATA STUDY

DATA is the folder with `clinical.csv` and `images/`; STUDY is the study folder to write. Nothing is copied: the table
points at the images where they are. BI-RADS descriptors are brought to few levels, because 49 malignant cases cannot
carry the sheet's combinations; which word became which level is in `levels.csv` beside the table.

Data: Pawlowska A. et al., Sci Data 11 (2024) 148, doi:10.1038/s41597-024-02984-z, CC BY 4.0.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
MISSING = {"", "not available", "not applicable"}


def shape(text: str) -> str:
    """Oval and round are the regular shapes of BI-RADS."""
    return {"oval": "oval or round", "round": "oval or round"}.get(text, text)


def margin(text: str) -> str:
    """Circumscribed, or not in any of the ways that the sheet joins by `&`."""
    return "not circumscribed" if text.startswith("not circumscribed") else text


def echogenicity(text: str) -> str:
    """Hypoechoic against all other patterns."""
    return text if text in MISSING or text == "hypoechoic" else "other"


def posterior(text: str) -> str:
    """The sheet's words; "combined" has shadowing in it and is counted there."""
    return {"no": "none", "combined": "shadowing"}.get(text, text)


def calcifications(text: str) -> str:
    """Any calcification, or none; what the reader could not define stays missing."""
    return {"no": "no", "indefinable": "not available"}.get(text, text if text in MISSING else "yes")


DESCRIPTORS: dict[str, Callable[[str], str]] = {
    "Shape": shape,
    "Margin": margin,
    "Echogenicity": echogenicity,
    "Posterior_features": posterior,
    "Calcifications": calcifications,
    "Halo": str,
}
COLUMNS = {name: name.lower() for name in DESCRIPTORS}


def convert(row: dict[str, str], images: str, seen: Counter[tuple[str, str, str]]) -> dict[str, str]:
    """One row of the sheet as a row of `cases.csv`."""
    case = {
        "case_id": f"{int(row['CaseID']):03d}",
        "patient_id": f"{int(row['CaseID']):03d}",
        "image": f"{images}/{row['Image_filename']}",
        "mask": f"{images}/{row['Mask_tumor_filename']}" if row["Mask_tumor_filename"] else "",
        "other_mask": ";".join(
            f"{images}/{name}" for name in row["Mask_other_filename"].split("&") if name not in MISSING
        ),
        # The sheet's Pixel_size is in centimetres.
        "spacing_mm": repr(round(10.0 * float(row["Pixel_size"]), 9)),
        "diagnosis": row["Classification"],
        "birads": row["BIRADS"],
        "age": "" if row["Age"] in MISSING else row["Age"],
    }
    for name, rule in DESCRIPTORS.items():
        value = rule(row[name])
        seen[COLUMNS[name], row[name], value] += 1
        case[COLUMNS[name]] = "" if value in MISSING else value
    return case


def main() -> None:
    """Write the study folder."""
    if len(sys.argv) != 3:
        sys.exit("usage: python make_study.py DATA STUDY")
    data, study = Path(sys.argv[1]), Path(sys.argv[2])
    sheet = data / "clinical.csv"
    if not sheet.is_file():
        sys.exit(f"expected the data set's clinical.csv, found none in {data}")
    study.mkdir(parents=True, exist_ok=True)
    images = Path(os.path.relpath((data / "images").resolve(), study.resolve())).as_posix()
    seen: Counter[tuple[str, str, str]] = Counter()
    with sheet.open(encoding="utf-8", newline="") as stream:
        rows = [convert(row, images, seen) for row in csv.DictReader(stream)]
    with (study / "cases.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    with (study / "levels.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["column", "word in the sheet", "level", "cases"])
        table.writerows([*key, count] for key, count in sorted(seen.items()))
    shutil.copy(HERE / "study.toml", study / "study.toml")
    print(f"{len(rows)} rows: {study / 'cases.csv'}")
    print(f"next: perirad run {study}")


if __name__ == "__main__":
    main()
