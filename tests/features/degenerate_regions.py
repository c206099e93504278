"""Flat, one-pixel and empty regions, measured by the code itself, to hold the catalogue's statements against."""

from __future__ import annotations

import math

import numpy as np

from perirad.arrays import BoolArray, FloatArray
from perirad.features.columns import ibsi_code
from perirad.features.extract import extract
from perirad.features.ibsi.catalogue import IBSI_CATALOGUE
from perirad.features.ibsi.measure import ibsi_features
from perirad.features.ibsi.settings import Binning, IbsiSettings
from perirad.features.settings import FeatureSettings
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

_SETTINGS = (FeatureSettings(filters=("original",)), FeatureSettings(filters=("original",), definitions="ibsi"))


def _masks(kind: str, shape: tuple[int, ...]) -> list[BoolArray]:
    masks = []
    for variant in range(2):
        mask = np.zeros(shape, dtype=np.bool_)
        if kind == "one pixel":
            mask[tuple(side // 2 + variant for side in shape)] = True
        elif kind == "flat":
            mask[tuple(slice(2, 5 + variant + axis) for axis in range(len(shape)))] = True
        masks.append(mask)
    return masks


def _pixels(kind: str, mask: BoolArray, variant: int) -> FloatArray:
    """Texture all around, one grey value within."""
    pixels = np.random.default_rng(variant).integers(0, 255, mask.shape).astype(np.float64)
    if kind == "flat":
        pixels[mask] = 60.0 + 70.0 * variant
    return pixels


def measured(kind: str) -> dict[str, set[float]]:
    """Feature (PyRadiomics' ``family_Name``, or IBSI code) to its values in regions of a kind."""
    found: dict[str, set[float]] = {}
    for variant, mask in enumerate(_masks(kind, (12, 14))):
        mm = (0.4 + variant, 0.5 + variant)
        pixels = _pixels(kind, mask, variant)
        image = Image(pixels, mm, Calibration(Source.STATED, ""), Box(0, 0, 12, 14))
        in_space = FeatureSettings(filters=("original",), slice_mm=1.5 + variant)
        for settings in (*_SETTINGS, in_space):
            table = extract(image, [Region("I", mask, mm)], settings)
            for column, value in zip(table.columns, table.values[0].tolist(), strict=True):
                name = column.removeprefix("I_original_")
                found.setdefault(ibsi_code(name) if name.startswith("ibsi-") else name, set()).add(value)
    in_plane = set(found)
    for variant, mask in enumerate(_masks(kind, (8, 9, 10))):
        chain = IbsiSettings(levels=Binning("width", 25.0), ivh=Binning("count", 1000.0))
        values = ibsi_features(_pixels(kind, mask, variant), mask, (1.0 + variant, 1.0, 2.0 + 1.5 * variant), chain)
        codes = {feature.code for feature in IBSI_CATALOGUE} - in_plane
        for (code, _), value in values.items():
            if code in codes:
                found.setdefault(code, set()).add(value)
    return found


def statement(values: set[float]) -> str:
    """A number, ``NaN``, or ``-`` where it depends on the region."""
    if all(math.isnan(value) for value in values):
        return "NaN"
    if any(math.isnan(value) for value in values):
        return "mixed"
    rounded = {round(value, 9) + 0.0 for value in values}
    return f"{rounded.pop():g}" if len(rounded) == 1 else "-"
