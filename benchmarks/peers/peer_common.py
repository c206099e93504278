"""What all peers' scripts share. They run in the peers' own environments, so it imports NumPy and nothing of ours.

Usage of every script: python peer_NAME.py FOLDER {939,102} OUT.json [WORD ...]
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

SPACING_MM = 0.08
REGIONS = ("I", "I+3", "I+5", "I+8")


def cpu_seconds():
    """Processor time of this process, its threads and its ended children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def run(prepare):
    """Measure all images; write CPU seconds of each and the first image's values.

    The first image is measured twice, and its first time does not count: that is imports, caches and compilation.

    `prepare(filtered, words)` gives the package's name and version, and a function of (image, {region: mask}) that
    returns {region: {feature: value}}, the features by PyRadiomics' names.
    """
    folder, count, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    name, measure = prepare(count > 102, sys.argv[4:])
    seconds, values = [], {}
    files = sorted(folder.glob("image*.npz"))
    for file in files[:1] + files:
        with np.load(file) as data:
            image, masks = data["image"], {region: data[region] for region in REGIONS}
        start = cpu_seconds()
        found = measure(image, masks)
        seconds.append(cpu_seconds() - start)
        values = values or {
            region + "_" + key: float(np.real(value)) for region, part in found.items() for key, value in part.items()
        }
    seconds = seconds[1:]
    result = {"name": name, "seconds": seconds, "regions": len(REGIONS), "values": values}
    out.write_text(json.dumps(result), encoding="utf-8")
