"""Measurement groups of a reading: outline, regions with their features, and the risk (TID 1410 and 1501)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from perirad.hospital.codes import feature_code, feature_unit, own_code, unit_code
from perirad.image.outlines.trace import trace
from perirad.regions.names import Kind, RegionName, parse_region_name
from perirad.table import region_of

if TYPE_CHECKING:
    from perirad.arrays import IntArray
    from perirad.hospital.sr import Findings
    from perirad.study.model import Reading

__all__ = ["lesion_groups", "region_groups", "risk_group"]


def lesion_groups(source: Any, read: Findings) -> list[Any]:
    """Outline of the lesion as polygons on the frame that was read, one for each part, and one for each hole.

    DICOM's polygons have no holes; the area of a part is that of its own polygon.
    """
    from highdicom.sr import PlanarROIMeasurementsAndQualitativeEvaluations, TrackingIdentifier  # noqa: PLC0415
    from pydicom.sr.codedict import codes  # noqa: PLC0415

    outer, holes = trace(read.lesion)
    named = [*_named("Lesion", outer), *_named("Hole in the lesion", holes)]
    pixel_mm2 = math.prod(read.image.spacing_mm)
    groups = []
    for name, corners in named:
        area = _number(codes.SCT.Area, _shoelace(corners) * pixel_mm2, unit_code("mm2"))
        groups.append(
            PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=TrackingIdentifier(identifier=name),
                referenced_region=_polygon(source, corners, read.image.frame),
                finding_type=codes.SCT.Lesion if name.startswith("Lesion") else own_code("HOLE", "Hole in the lesion"),
                geometric_purpose=codes.DCM.Outline,
                measurements=[area],
            )
        )
    return groups


def _named(word: str, rings: tuple[IntArray, ...]) -> Iterator[tuple[str, IntArray]]:
    largest_first = sorted(rings, key=_shoelace, reverse=True)
    for place, ring in zip(count(1), largest_first, strict=False):
        yield (word if len(rings) == 1 else f"{word} {place}"), ring


def _shoelace(corners: IntArray) -> float:
    """Area within a ring of corners, in pixels."""
    row, column = corners.T.astype(np.float64)
    return float(abs(np.sum(column * np.roll(row, -1) - np.roll(column, -1) * row)) / 2)


def _polygon(source: Any, corners: IntArray, frame: int) -> Any:
    """Closed polyline of (column, row); a frame is named only where the file has several."""
    from highdicom.sr import GraphicTypeValues, ImageRegion, SourceImageForRegion  # noqa: PLC0415

    closed = np.vstack([corners, corners[:1]])[:, ::-1].astype(np.float64)
    where = SourceImageForRegion(source.SOPClassUID, source.SOPInstanceUID, _frames(source, frame))
    return ImageRegion(GraphicTypeValues.POLYLINE, closed, where)


def _frames(source: Any, frame: int) -> list[int] | None:
    return [frame + 1] if int(source.get("NumberOfFrames") or 1) > 1 else None


def _images(source: Any, read: Findings) -> list[Any]:
    from highdicom.sr import SourceImageForMeasurementGroup  # noqa: PLC0415

    frames = _frames(source, read.image.frame)
    return [SourceImageForMeasurementGroup(source.SOPClassUID, source.SOPInstanceUID, frames)]


def region_groups(source: Any, read: Findings) -> list[Any]:
    """A group for each region of the Rad-score's scenario: width of a ring, share lost, features that entered."""
    from highdicom.sr import MeasurementsAndQualitativeEvaluations, TrackingIdentifier  # noqa: PLC0415

    used = read.model.file.radscore.scenario.split("+")
    return [
        MeasurementsAndQualitativeEvaluations(
            tracking_identifier=TrackingIdentifier(identifier=region),
            finding_type=own_code("REGION", "Region whose features were measured"),
            measurements=_of_region(region, read),
            source_images=_images(source, read),
        )
        for region in read.extracted.quality.n_pixels
        if region in used
    ]


def _of_region(region: str, read: Findings) -> list[Any]:
    quality, table = read.extracted.quality, read.extracted.table
    found = []
    inner_mm, outer_mm = _reach_mm(region)
    if outer_mm:
        found.append(_number(own_code("RING_INNER", "Ring begins, distance to the lesion"), inner_mm, unit_code("mm")))
        found.append(_number(own_code("RING_OUTER", "Ring ends, distance to the lesion"), outer_mm, unit_code("mm")))
    pixel_mm2 = math.prod(quality.spacing_mm)
    area_mm2 = quality.n_pixels[region] * pixel_mm2
    found.append(_number(own_code("AREA_USED", "Area that was measured"), area_mm2, unit_code("mm2")))
    lost = 100.0 * sum(quality.lost[region].values())
    found.append(_number(own_code("LOST", "Share of the region that was lost"), lost, unit_code("%")))
    place = {name: at for at, name in enumerate(table.columns)}
    for feature in read.model.file.radscore.features:
        if region_of(feature.column) == region:
            value = float(table.values[0, place[feature.column]])
            code = feature_code(feature.column, feature.ibsi)
            found.append(_number(code, value, feature_unit(feature.column), feature.column))
    return found


def _reach_mm(region: str) -> tuple[float, float]:
    """Distances from the lesion between which a ring lies; 0 and 0 for the lesion itself and for other regions."""
    name = parse_region_name(region)
    if isinstance(name, RegionName) and name.kind in (Kind.RING, Kind.BETWEEN, Kind.TISSUE):
        return name.from_mm, name.to_mm
    return 0.0, 0.0


def risk_group(source: Any, read: Findings) -> Any:
    """Rad-score, points, risk with its limits, cut-off and clinical values; which side of the cut-off it is."""
    from highdicom.sr import (  # noqa: PLC0415
        AlgorithmIdentification,
        MeasurementsAndQualitativeEvaluations,
        QualitativeEvaluation,
        TrackingIdentifier,
    )

    file = read.model.file
    analysis = file.provenance.get("analysis_sha256", "not known")
    evaluations = [QualitativeEvaluation(name, value) for name, value in _answers(read)]
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(identifier="Risk"),
        finding_type=own_code("READING", "Reading by a risk model"),
        algorithm_id=AlgorithmIdentification(
            (file.title or "untitled")[:64], file.perirad_version, [f"analysis sha256 {analysis}"]
        ),
        measurements=[*_figures(read.reading, file.outcome.event_label), *_points(read), *_given_numbers(read)],
        qualitative_evaluations=evaluations or None,
        source_images=_images(source, read),
    )


def _figures(reading: Reading, event: str) -> Iterator[Any]:
    one = unit_code("1")
    for code, name, value in (
        ("RADSCORE", "Rad-score", reading.radscore),
        ("TOTAL_POINTS", "Total points of the nomogram", reading.total_points),
        ("RISK", f"Risk of {event}", reading.probability),
        ("RISK_LOWER", "Risk, lower limit of the 95 % interval", reading.lower),
        ("RISK_UPPER", "Risk, upper limit of the 95 % interval", reading.upper),
        ("CUTOFF", "Cut-off of the risk, frozen in training", reading.cutoff),
    ):
        if math.isfinite(value):  # a model without a cut-off, or without limits, has none to tell
            yield _number(own_code(code, name), value, one)


def _points(read: Findings) -> Iterator[Any]:
    labels = read.model.labels
    for name, points in read.reading.points.items():
        code = own_code(f"POINTS_{name}", f"Points for {labels.get(name, name)}")
        yield _number(code, points, unit_code("1"), f"points:{name}")
    for column, value in read.reading.contributions.items():
        code = own_code("CONTRIBUTION", "Contribution of a feature to the Rad-score")
        yield _number(code, value, unit_code("1"), column)


def _given_numbers(read: Findings) -> Iterator[Any]:
    for variable in read.model.variables:
        if not variable.levels and variable.name in read.clinical:
            code = own_code(f"GIVEN_{variable.name}", variable.label)
            yield _number(code, float(str(read.clinical[variable.name])), unit_code(variable.unit), variable.name)


def _answers(read: Findings) -> Iterator[tuple[Any, Any]]:
    if math.isfinite(read.reading.cutoff):
        side = ("POSITIVE", "at or above the cut-off") if read.reading.positive else ("NEGATIVE", "below the cut-off")
        yield own_code("SIDE", "Side of the cut-off"), own_code(*side)
    for variable in read.model.variables:
        if variable.levels and variable.name in read.clinical:
            level = str(read.clinical[variable.name])
            yield own_code(f"GIVEN_{variable.name}", variable.label), own_code(f"{variable.name}={level}", level)


def _number(code: Any, value: float, unit: Any, tracked: str = "") -> Any:
    """Number in double precision; `tracked` tells apart numbers that share a code."""
    from highdicom.sr import Measurement, TrackingIdentifier  # noqa: PLC0415

    identifier = TrackingIdentifier(identifier=tracked) if tracked else None
    return Measurement(code, float(value), unit, tracking_identifier=identifier)
