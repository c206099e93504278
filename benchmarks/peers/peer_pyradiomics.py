"""PyRadiomics on the workload. Runs in its own environment (Python 3.9, NumPy < 2), so it imports nothing of ours.

Usage: python peer_pyradiomics.py FOLDER {939,102} OUT.json
"""

import json
import logging
import sys
import time
from pathlib import Path

import numpy as np
import radiomics
import SimpleITK as sitk  # noqa: N813
from radiomics import featureextractor

SPACING_MM = 0.08
CLASSES = ["shape2D", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm"]
FILTERS = {"Original": {}, "Wavelet": {"wavelet": "coif1"}, "LoG": {"sigma": [1.0, 2.0, 3.0, 4.0, 5.0]}}


def picture(array):
    """As a 2-D SimpleITK image with the spacing."""
    made = sitk.GetImageFromArray(array)
    made.SetSpacing((SPACING_MM, SPACING_MM))
    return made


def main():
    """Measure all images and write CPU seconds and the first image's values."""
    folder, count, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    radiomics.logger.setLevel(logging.CRITICAL)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    extractor = featureextractor.RadiomicsFeatureExtractor(additionalInfo=False, force2D=False, label=1, binWidth=25)
    extractor.disableAllFeatures()
    for family in CLASSES:
        extractor.enableFeatureClassByName(family)
    extractor.disableAllImageTypes()
    for name, options in FILTERS.items():
        if count > 102 or name == "Original":
            extractor.enableImageTypeByName(name, customArgs=dict(options))
    seconds, values = [], {}
    for file in sorted(folder.glob("image*.npz")):
        data = np.load(file)
        start = time.process_time()
        image = picture(data["image"].astype(np.float64))
        found = {
            region: extractor.execute(image, picture(data[region].astype(np.uint8)))
            for region in ("I", "I+3", "I+5", "I+8")
        }
        seconds.append(time.process_time() - start)
        values = values or {
            f"{region}_{name}": float(value) for region, part in found.items() for name, value in part.items()
        }
    version = radiomics.__version__.lstrip("v")
    out.write_text(json.dumps({"name": f"PyRadiomics {version}", "seconds": seconds, "regions": 4, "values": values}))


main()
