"""What a feature is, in plain words of either language: its region, its filtered image, its family and itself."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

from perirad.errors import InputError
from perirad.features.entries import ENTRIES
from perirad.regions.names import Kind, RegionName, parse_region_name
from perirad.workbench.explore import Column
from perirad.workbench.messages import Words

__all__ = ["family_words", "image_words", "meaning_words", "region_words", "short_name", "unit_words"]

_MEANINGS = Path(__file__).parent / "messages"
_SIGMA = re.compile(r"log-sigma-(\d+)-(\d+)-mm-3D")
_FAMILIES = {
    "shape2D", "shape", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm", "ibsi-morphology", "ibsi-local",
    "ibsi-statistics", "ibsi-histogram", "ibsi-ivh", "ibsi-glcm", "ibsi-glrlm", "ibsi-glszm", "ibsi-gldzm",
    "ibsi-ngtdm", "ibsi-ngldm",
}  # fmt: skip
_IMAGES = {"original", "square", "squareroot", "logarithm", "exponential", "gradient", "lbp-2D"}
_KINDS = {
    Kind.LESION: "lesion", Kind.RING: "ring", Kind.BETWEEN: "between", Kind.UNION: "union", Kind.RIM: "rim",
    Kind.CORE: "core", Kind.TISSUE: "tissue",
}  # fmt: skip
_TWINS = {entry.pyradiomics: entry.meaning for entry in ENTRIES if entry.definitions == "pyradiomics"}


@lru_cache(maxsize=4)
def _meanings(language: str) -> dict[str, str]:
    """Translated meanings, ``family_Name`` -> sentence; none where a language has none."""
    path = _MEANINGS / f"features_{language}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def region_words(words: Words, column: Column) -> str:
    """Region in words: ``P5: ring around the lesion, 0 to 5 mm from its outline``."""
    try:
        region = parse_region_name(column.region)
    except InputError:
        return column.region
    if not isinstance(region, RegionName):
        return f"{column.region}: {words('region_pixels')}"
    said = words(f"region_{_KINDS[region.kind]}", low=f"{region.from_mm:g}", high=f"{region.to_mm:g}")
    return f"{column.region}: {said}"


def image_words(words: Words, column: Column) -> str:
    """Filtered image in words; filters of IBSI 2 by their name in the settings."""
    image = column.image
    if image in _IMAGES:
        return words(f"image_{image.lower().replace('-', '_')}")
    if sigma := _SIGMA.fullmatch(image):
        return words("image_log", mm=f"{sigma[1]}.{sigma[2]}")
    if image.startswith("wavelet-"):
        bands = image.removeprefix("wavelet-")
        return words("image_wavelet", bands=bands) + _bands(words, bands)
    return words("image_other", name=image)


def _bands(words: Words, bands: str) -> str:
    """What the two letters mean: low keeps what is smooth along an axis, high keeps what changes along it."""
    if len(bands) != 2 or set(bands) - {"L", "H"}:
        return ""
    return words(f"bands_{bands.lower()}")


def family_words(words: Words, column: Column) -> str:
    """Family in words, with the aggregation where the name says one."""
    plain = "-".join(column.family.split("-")[:2]) if column.family.startswith("ibsi-") else column.family
    if plain not in _FAMILIES:
        return column.family
    own = words(f"family_{plain.removeprefix('ibsi-').lower()}")
    aggregation = column.family.removeprefix(plain).strip("-")
    definitions = words("by_ibsi") if plain.startswith("ibsi-") else words("by_pyradiomics")
    return f"{own}; {definitions}" + (f", {aggregation}" if aggregation else "")


def meaning_words(words: Words, column: Column) -> str:
    """What a large value says; in English where it is not translated, empty where the catalogue has no such feature.

    IBSI's catalogue has names alone: where PyRadiomics has a feature with the same formula, its meaning is said.
    """
    entry = column.entry
    if entry is None:
        return ""
    if translated := _meanings(words.language).get(entry.pyradiomics):
        return translated
    twin = _TWINS.get(entry.pyradiomics) if entry.definitions == "ibsi" else None
    text = entry.meaning if twin is None else f"{entry.meaning}. {twin}"
    return text[:1].upper() + text[1:]


def unit_words(words: Words, column: Column) -> str:
    """Unit in words; pure numbers have none."""
    unit = column.unit
    if not unit:
        return words("unit_unknown")
    if unit == "1":
        return words("unit_none")
    found = unit
    for sign in ("grey", "level", "px", "step"):
        if sign in unit.replace("^", " ").replace("/", " ").replace("(", " ").replace(")", " ").split():
            found = re.sub(rf"\b{sign}\b", words(f"unit_{sign}"), found)
    return found.replace("^2", "²").replace("^3", "³").replace("^4", "⁴")


def short_name(column: Column) -> str:
    """Name without region, image and family; the whole where the name does not say them."""
    return column.feature or column.name
