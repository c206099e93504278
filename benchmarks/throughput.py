"""A whole study's extraction, PNG to Parquet: 433 cases, 4 regions, 939 features each.

Usage: python -m benchmarks.throughput [--cases 433] [--workers 2] [--folder build/throughput] [--profile]

The images are those of `benchmarks/peers/workload.py`: a few dozen are computed, and shifted sideways to make as many
as are wanted, so that no two files are equal. They are made once; the results are removed before every run. Prints the
wall time, and with --profile where one process spends it.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import pstats
import resource
import shutil
from pathlib import Path
from time import perf_counter

import numpy as np
from benchmarks.peers.workload import write_workload
from PIL import Image

from perirad.study import engine
from perirad.study.settings import open_study

N_BASES = 28
SHIFT_PIXELS = 5
STUDY = """\
title = "Throughput"
kind = "simulated"
[outcome]
column = "malignant"
[calibration]
assumed_mm = 0.08
[features]
filters = ["original", "wavelet", "log"]
"""


def write_study(folder: Path, n_cases: int) -> None:
    """Write images, masks, table and settings, unless they are there."""
    if (folder / "study.toml").is_file() and len(list(folder.glob("*_mask.png"))) == n_cases:
        return
    shutil.rmtree(folder, ignore_errors=True)
    bases = folder / "bases"
    write_workload(bases, min(N_BASES, n_cases))
    rows = []
    for number in range(n_cases):
        with np.load(bases / f"image{number % N_BASES}.npz") as data:
            shift = SHIFT_PIXELS * (number // N_BASES)
            for suffix, pixels in (("", data["image"]), ("_mask", data["I"].astype(np.uint8) * 255)):
                Image.fromarray(np.roll(pixels, shift, axis=1)).save(folder / f"{number:03d}{suffix}.png")
        rows.append([f"c{number:03d}", f"p{number:03d}", f"{number:03d}.png", f"{number:03d}_mask.png", number % 2])
    shutil.rmtree(bases)
    with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["case_id", "patient_id", "image", "mask", "malignant"], *rows])
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")


def main() -> None:
    """Extract and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=433)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("build/throughput"))
    parser.add_argument("--profile", action="store_true", help="one process, with what takes its time")
    options = parser.parse_args()
    write_study(options.folder, options.cases)
    shutil.rmtree(options.folder / "results", ignore_errors=True)
    profile = cProfile.Profile()
    start = perf_counter()
    if options.profile:
        analysed = profile.runcall(engine.extract, open_study(options.folder), workers=1)
    else:
        analysed = engine.extract(open_study(options.folder), workers=options.workers)
    wall = perf_counter() - start
    rows, columns = analysed.features.table.values.shape
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    print(
        f"{rows} cases x {columns} features: {wall:.1f} s wall, {cpu:.1f} s CPU, {1e3 * cpu / rows:.0f} ms CPU a case"
    )
    if options.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
