"""IBSI's features and filters as a study asks for them, by way of `extract`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.ibsi.configurations import IBSI, read

from perirad.arrays import BoolArray, FloatArray
from perirad.errors import InputError
from perirad.features.columns import ibsi_code
from perirad.features.extract import extract
from perirad.features.filters.records import LawsFilter, LogFilter, MeanFilter
from perirad.features.ibsi.choice import Aggregation, IbsiChoice
from perirad.features.ibsi.measure import ibsi_features
from perirad.features.ibsi.names import slice_features, slice_names
from perirad.features.ibsi.settings import Binning, IbsiSettings
from perirad.features.settings import FeatureSettings
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.region import Region

BOTH: tuple[Aggregation, ...] = ("averaged", "merged")
CHAINS: dict[str, tuple[IbsiChoice, dict[str, Any]]] = {
    "as it is": (IbsiChoice(aggregations=BOTH), {}),
    "range": (IbsiChoice(aggregations=BOTH, resegment=(40.0, 200.0)), {"resegment": (40.0, 200.0)}),
    "outliers": (IbsiChoice(aggregations=BOTH, outlier_sigma=1.5), {"outlier_sigma": 1.5}),
    "cubic": (
        IbsiChoice(aggregations=BOTH, spacing_mm=0.7, interpolation="cubic", whole_intensities=True),
        {"new_spacing_mm": (0.7, 0.7), "image_order": 3, "whole_intensities": True},
    ),
    "linear": (
        IbsiChoice(aggregations=BOTH, spacing_mm=0.45, outlier_sigma=2.0),
        {"new_spacing_mm": (0.45, 0.45), "image_order": 1, "outlier_sigma": 2.0},
    ),
    "nearest": (
        IbsiChoice(aggregations=BOTH, spacing_mm=1.1, interpolation="nearest"),
        {"new_spacing_mm": (1.1, 1.1), "image_order": 0},
    ),
}


def image_of(pixels: FloatArray, spacing_mm: tuple[float, float] = (0.5, 0.6)) -> Image:
    return Image(pixels, spacing_mm, Calibration(Source.STATED, ""), Box(0, 0, *pixels.shape))


def case() -> tuple[FloatArray, list[BoolArray]]:
    """A picture, a lesion and the band around it."""
    rng = np.random.default_rng(11)
    pixels = np.round(rng.rayleigh(60.0, (60, 70)).clip(0, 255))
    row, column = np.mgrid[:60, :70]
    distance = np.hypot((row - 25) / 0.8, column - 33)
    return pixels, [distance < 12, (distance >= 12) & (distance < 18)]


@pytest.mark.shared
def test_slices_of_the_digital_phantom_ibsi(shared: Path) -> None:
    """The mean of the slices' features is IBSI's aggregation by slice, of all but what is relative to the levels."""
    folder = IBSI / "ibsi1" / "digital_phantom"
    image, _ = read(folder / "image.nii.gz")
    mask, _ = read(folder / "mask.nii.gz")
    families = ("glcm", "glrlm", "glszm", "gldzm", "ngtdm", "ngldm")
    choice = IbsiChoice(families=families, aggregations=BOTH, resegment=(1.0, 6.0))
    settings = FeatureSettings(bin_width=1.0, filters=("original",), definitions="ibsi", ibsi=choice)
    tables = [
        extract(image_of(pixels.astype(np.float64)), [Region("I", inside != 0, (2.0, 2.0))], settings)
        for pixels, inside in zip(image, mask, strict=True)
    ]
    means = np.mean([table.values[0] for table in tables], axis=0)
    keys = [(feature.code, aggregation) for _, aggregation, feature in slice_features(choice)]
    found = dict(zip(keys, means.tolist(), strict=True))
    tested = 0
    with (IBSI / "reference_ibsi1.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            key = (row["ibsi_id"], row["aggregation_id"])
            if row["dataset"] == "digital_phantom" and key in found and row["ibsi_id"] not in {"NDRX", "1QCO"}:
                value = float(f"{found[key]:.3g}")
                assert abs(value - float(row["value"])) <= float(row["tolerance"]) + 1e-9 * abs(value), key
                tested += 1
    assert tested == 2 * (25 - 2 + 16) + 16 + 16 + 5 + 17


@pytest.mark.parametrize("name", CHAINS)
@pytest.mark.parametrize("binning", [Binning("width", 20.0), Binning("count", 16)], ids=("width", "count"))
def test_the_chain_is_that_of_the_tested_functions_naive(name: str, binning: Binning) -> None:
    """One region after the other on the whole picture, with what the IBSI reference values are tested with."""
    choice, chain = CHAINS[name]
    pixels, masks = case()
    width, count = (binning.value, None) if binning.rule == "width" else (None, int(binning.value))
    settings = FeatureSettings(width, count, ("original",), definitions="ibsi", ibsi=choice)
    regions = [Region(f"R{k}", mask, (0.5, 0.6)) for k, mask in enumerate(masks)]
    table = extract(image_of(pixels), regions, settings)
    names = slice_names(choice)
    for k, mask in enumerate(masks):
        values = table.values[0, k * len(names) : (k + 1) * len(names)].tolist()
        expected = ibsi_features(
            pixels, mask, (0.5, 0.6), IbsiSettings(**chain, levels=binning, ivh=Binning("count", 1000), planes=("2D",))
        )
        for (_, aggregation, feature), value in zip(slice_features(choice), values, strict=True):
            assert value == pytest.approx(expected[feature.code, aggregation], rel=1e-9, nan_ok=True), feature
    assert table.columns[:2] == (
        "R0_original_ibsi-local_local-peak",
        "R0_original_ibsi-local_global-peak",
    )


def test_numbers_and_names_analytic() -> None:
    names = slice_names(IbsiChoice())
    assert len(names) == len(set(names)) == 174 - 29
    assert len(slice_names(IbsiChoice(aggregations=BOTH))) == 145 + 25 + 16
    assert len(slice_names(IbsiChoice(families=("ngtdm",)))) == 5
    assert ibsi_code("I_laws-L5E5-energy7_ibsi-glcm-merged_joint-entropy") == "TU9B"
    assert ibsi_code("I_original_ibsi-ivh_volume-fraction-10") == "BC2M:10"
    assert ibsi_code("I_original_ibsi-glcm-merged_JointEntropy") == ""


def test_filters_are_measured_with_the_image_mask_analytic() -> None:
    """Re-segmentation looks at the image; what it leaves is measured in every response."""
    pixels, masks = case()
    responses = (MeanFilter(3), LawsFilter("E5L5", energy_delta=3, pooling="max"))
    choice = IbsiChoice(families=("statistics", "ngldm"), resegment=(30.0, 120.0))
    settings = FeatureSettings(5.0, None, (), responses=responses, definitions="ibsi", ibsi=choice)
    table = extract(image_of(pixels), [Region("I", masks[0], (0.5, 0.6))], settings).to_pandas().iloc[0]
    kept = masks[0] & (pixels >= 30.0) & (pixels <= 120.0)
    padded = np.pad(pixels, 1, mode="symmetric")
    mean = np.mean([padded[r : r + 60, c : c + 70] for r in range(3) for c in range(3)], axis=0)
    assert table["I_mean-3px_ibsi-statistics_mean"] == pytest.approx(mean[kept].mean())
    assert table["I_mean-3px_ibsi-statistics_energy"] == pytest.approx((mean[kept] ** 2).sum())
    assert table["I_laws-E5L5-energy3-max_ibsi-ngldm_percentage"] == 1.0


def test_errors_say_what_and_where_analytic() -> None:
    pixels, masks = case()
    region = Region("I", masks[0], (0.5, 0.6))
    wide = FeatureSettings(1e-5, None, ("original",), definitions="ibsi")
    with pytest.raises(InputError, match=r"at most 65535 grey levels, .* in image original \(case 7\): choose wider"):
        extract(image_of(pixels), [region], wide, case_id="7")
    oblong = FeatureSettings(filters=("original",), responses=(LogFilter(1.0),), definitions="ibsi")
    with pytest.raises(InputError, match=r"filter ibsi-log-1mm needs square pixels, got 0\.5 x 0\.6 mm \(case 7\)"):
        extract(image_of(pixels), [region], oblong, case_id="7")
