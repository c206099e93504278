"""PyRadiomics, and the packages that have its interface: the fork for newer Python, and flash-radiomics.

The words after OUT.json are the distribution and its module, such as ``pyradiomics radiomics``.
"""

import importlib
import logging
from importlib.metadata import version

import numpy as np
import SimpleITK as sitk  # noqa: N813
from peer_common import SPACING_MM, run

CLASSES = ["shape2D", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm"]
FILTERS = {"Original": {}, "Wavelet": {"wavelet": "coif1"}, "LoG": {"sigma": [1.0, 2.0, 3.0, 4.0, 5.0]}}


def picture(array):
    """As a 2-D SimpleITK image with the spacing."""
    made = sitk.GetImageFromArray(array)
    made.SetSpacing((SPACING_MM, SPACING_MM))
    return made


def prepare(filtered, words):
    """The extractor with the workload's settings."""
    logging.disable(logging.CRITICAL)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    extractor = importlib.import_module(words[1] + ".featureextractor").RadiomicsFeatureExtractor(
        additionalInfo=False, force2D=False, label=1, binWidth=25
    )
    extractor.disableAllFeatures()
    for family in CLASSES:
        extractor.enableFeatureClassByName(family)
    extractor.disableAllImageTypes()
    for name, options in FILTERS.items():
        if filtered or name == "Original":
            extractor.enableImageTypeByName(name, customArgs=dict(options))

    # flash-radiomics knows pictures by their address in memory, and would take a new one for an old one.
    kept = []

    def measure(image, masks):
        pixels = picture(image.astype(np.float64))
        marks = {region: picture(mask.astype(np.uint8)) for region, mask in masks.items()}
        kept.extend([pixels, *marks.values()])
        return {region: extractor.execute(pixels, mark) for region, mark in marks.items()}

    return words[0] + " " + version(words[0]), measure


run(prepare)
