"""Peak memory of a large image, and how time grows with the image: each measured in a process of its own.

Usage: python -m benchmarks.memory

2048 x 2048 pixels with the lesion of the peers' workload in proportion, 4 regions x 939 features; and the original
image alone at 600 x 800 and at 1024 x 1024, 7 regions x 102 features. The peak is Linux's VmHWM: that of the process's
own memory (getrusage would count the parent's too).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import numpy as np
from benchmarks.peers.workload import SPACING_MM, write_workload

import perirad
from perirad.features.presets import preset
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

CASES = (((2048, 2048), 939, 4), ((600, 800), 102, 7), ((1024, 1024), 102, 7))
ROUNDS = 7


def peak_mb() -> float:
    """Return the most memory this process has held at once."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def one(file: Path, count: int, n_regions: int) -> None:
    """Measure one image in this process and print it."""
    with np.load(file) as data:
        pixels = data["image"].astype(np.float64)
        lesion = data["I"]
        unions = {f"I+{mm}": data[f"I+{mm}"] for mm in (3, 5, 8)}
    masks = {"I": lesion} | {f"P{name[2:]}": mask & ~lesion for name, mask in unions.items()}
    masks |= unions if n_regions == 7 else {}
    spacing = (SPACING_MM, SPACING_MM)
    before = peak_mb()
    image = Image(pixels, spacing, Calibration(Source.ASSUMED, "benchmark"), Box(0, 0, *pixels.shape))
    regions = [Region(name, mask, spacing) for name, mask in masks.items()]
    times = []
    for _ in range(ROUNDS if count == 102 else 1):
        start = process_time()
        perirad.extract(image, regions, preset(count))
        times.append(process_time() - start)
    shape = " x ".join(map(str, pixels.shape))
    print(
        f"{shape}, {len(regions)} regions x {count} features: {1e3 * min(times):.0f} ms CPU, "
        f"peak {peak_mb():.0f} MB ({before:.0f} MB with the image read and nothing measured yet)"
    )


def main() -> None:
    """Write each image and measure it in a new process."""
    if len(sys.argv) > 1:
        one(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
        return
    for shape, count, n_regions in CASES:
        with tempfile.TemporaryDirectory() as folder:
            write_workload(Path(folder), 1, shape)
            words = [str(Path(folder) / "image0.npz"), str(count), str(n_regions)]
            subprocess.run([sys.executable, "-m", "benchmarks.memory", *words], check=True)


if __name__ == "__main__":
    main()
