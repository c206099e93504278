"""Cold start: whole processes from nothing to their end, beside the bare interpreter and `import numpy`.

A machine's clock changes with its load, so the commands take turns and are told as ratios of the same run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from benchmarks.peers.workload import write_workload
from PIL import Image

ROUNDS = 9


def picture_and_mask(folder: Path) -> tuple[str, str]:
    """Write the first image of the peers' workload and its lesion as PNG; return their names."""
    write_workload(folder, 1)
    names = folder / "image.png", folder / "mask.png"
    with np.load(folder / "image0.npz") as data:
        for name, pixels in zip(names, (data["image"], data["I"].astype(np.uint8) * 255), strict=True):
            Image.fromarray(pixels).save(name)
    return str(names[0]), str(names[1])


def seconds(words: list[str]) -> float:
    """Wall time of one process of this interpreter."""
    start = perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def main() -> None:
    """Print the medians and how many bare interpreters each is worth."""
    with tempfile.TemporaryDirectory() as folder:
        image, mask = picture_and_mask(Path(folder))
        commands = {
            "python -c pass": ["-c", "pass"],
            "import numpy": ["-c", "import numpy"],
            "perirad --version": ["-m", "perirad", "--version"],
            "perirad features": ["-m", "perirad", "features", image, mask, "--spacing-mm", "0.08"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, words in commands.items():
                times[name].append(seconds(words))
    bare, numpy = median(times["python -c pass"]), median(times["import numpy"])
    for name, taken in times.items():
        middle = median(taken)
        print(
            f"{name:<18} {middle:6.3f} s median, {min(taken):6.3f} s best; {middle / bare:5.1f} x bare Python, "
            f"{middle / numpy:4.1f} x import numpy"
        )


if __name__ == "__main__":
    main()
