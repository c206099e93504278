"""perirad on the workload: the same four regions and the three rings besides.

The first image is measured twice, and its first time does not count.

Usage: python -m benchmarks.peers.ours FOLDER {939,102} OUT.json
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

import perirad
from perirad.features.presets import preset
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

SPACING_MM = (0.08, 0.08)


def main() -> None:
    """Measure all images and write CPU seconds and the first image's values."""
    folder, count, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    settings = preset(count)
    seconds: list[float] = []
    values: dict[str, float] = {}
    files = sorted(folder.glob("image*.npz"))
    for file in files[:1] + files:
        data = np.load(file)
        masks = {name: data[name] for name in ("I", "I+3", "I+5", "I+8")}
        masks |= {f"P{mm}": data[f"I+{mm}"] & ~data["I"] for mm in (3, 5, 8)}
        grey = data["image"]
        start = time.process_time()
        pixels = grey.astype(np.float64)
        image = Image(pixels, SPACING_MM, Calibration(Source.ASSUMED, "benchmark"), Box(0, 0, *pixels.shape))
        table = perirad.extract(image, [Region(name, mask, SPACING_MM) for name, mask in masks.items()], settings)
        seconds.append(time.process_time() - start)
        values = values or dict(zip(table.columns, table.values[0].tolist(), strict=True))
    seconds = seconds[1:]
    result = {"name": f"perirad {perirad.__version__}", "seconds": seconds, "regions": len(masks), "values": values}
    out.write_text(json.dumps(result))


if __name__ == "__main__":
    main()
