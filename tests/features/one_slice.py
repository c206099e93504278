"""Small pictures for the comparison with PyRadiomics on a volume of one slice; run this file to make the fixture.

The values in ``data/one_slice.csv`` are PyRadiomics 3.1.0's, in an environment of its own (Python 3.9, numpy 1.26,
SimpleITK 2.5, PyWavelets 1.6): ``python one_slice.py data/one_slice.csv``. The pictures are whole numbers made of a
seed, without a library's filters, so that both sides have the same.
"""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from perirad.arrays import BoolArray, FloatArray

CASES = {
    # seed, (rows, columns), (row, column, slice) mm
    "round": (1, (41, 36), (0.5, 0.5, 1.0)),
    "pieces": (2, (30, 47), (0.3, 0.4, 2.5)),
    "speckle": (3, (34, 34), (0.2, 0.2, 0.1)),
}


def make(name: str) -> tuple[FloatArray, BoolArray, tuple[float, float, float]]:
    """Picture (0 to 255), mask and sides (row, column, slice) of a case."""
    seed, (rows, columns), sides = CASES[name]
    noise = np.random.default_rng(seed).integers(0, 256, (rows + 6, columns + 6))
    width = 1 if name == "speckle" else 4
    grey = sum(noise[r : r + rows, c : c + columns] for r in range(width) for c in range(width)) // width**2
    doubled: FloatArray = np.clip((grey - 128) * 2 + 128, 0, 255).astype(np.float64)
    row, column = np.mgrid[:rows, :columns]
    mask = ((row - 0.47 * rows) / (0.35 * rows)) ** 2 + ((column - 0.5 * columns) / (0.3 * columns)) ** 2 < 1.0
    mask[row + column == rows] = False
    if name == "pieces":
        mask[rows // 2 - 2 : rows // 2 + 2, columns // 2 - 3 : columns // 2 + 2] = False
        mask[1:3, 1] = True
    return doubled, mask, sides


def _main(file: str) -> None:
    radiomics, itk = import_module("radiomics"), import_module("SimpleITK")
    featureextractor = import_module("radiomics.featureextractor")
    radiomics.logger.setLevel(logging.ERROR)
    extractor = featureextractor.RadiomicsFeatureExtractor(binWidth=25)
    extractor.enableImageTypeByName("Wavelet")
    with Path(file).open("w", encoding="utf-8") as out:
        out.write("case,feature,value\n")
        for name in CASES:
            if name == "round":
                for kind in ("Square", "SquareRoot", "Logarithm", "Exponential", "Gradient"):
                    extractor.enableImageTypeByName(kind)
            else:
                extractor.disableAllImageTypes()
                for kind in ("Original", "Wavelet"):
                    extractor.enableImageTypeByName(kind)
            grey, mask, (down, across, thick) = make(name)
            image = itk.GetImageFromArray(grey[None])
            label = itk.GetImageFromArray(mask[None].astype(np.uint8))
            for item in (image, label):
                item.SetSpacing((across, down, thick))
            for feature, value in extractor.execute(image, label).items():
                if not feature.startswith("diagnostics"):
                    out.write(f"{name},{feature},{float(value)!r}\n")


if __name__ == "__main__":
    _main(sys.argv[1])
