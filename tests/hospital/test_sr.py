"""A reading as DICOM SR: the same numbers, the same outline, the patient's own study, and refusals in one line."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from PIL import Image as Pillow
from tests.hospital.dicom_case import IDENTITY, ULTRASOUND_MULTI, patient_files

from perirad.errors import InputError
from perirad.hospital.codes import SCHEME, own_code, unit_code
from perirad.hospital.source import read_source
from perirad.hospital.sr import NOT_A_DEVICE, SIMULATED, reading_sr
from perirad.image.polygon import rasterise
from perirad.study.casefiles import CaseFiles
from perirad.study.extraction import extract_case
from perirad.study.model import Model, Reading, load_model

highdicom = pytest.importorskip("highdicom", reason="DICOM SR needs the package highdicom (extra pacs)")

GIVEN = {"age": "61", "menopause": "post"}


@pytest.fixture(scope="module")
def model(ran: Path) -> Model:
    return load_model(ran / "results" / "model.json")


def report_of(model: Model, files: CaseFiles) -> tuple[Reading, Any]:
    """The reading, and the report as another program reads it."""
    reading = model.score_case(files, GIVEN)
    return reading, highdicom.sr.srread(io.BytesIO(reading_sr(model, files, GIVEN, reading)))


def items(tree: Any) -> list[Any]:
    found = [tree]
    for child in tree.get("ContentSequence", ()):
        found += items(child)
    return found


def numbers(report: Any) -> dict[tuple[str, str, str], float]:
    """(scheme, code, tracking identifier) -> value in double precision."""
    found = {}
    for item in items(report):
        if item.get("ValueType") == "NUM":
            code, value = item.ConceptNameCodeSequence[0], item.MeasuredValueSequence[0]
            tracked = [c.TextValue for c in item.get("ContentSequence", ()) if c.ValueType == "TEXT"]
            key = (code.CodingSchemeDesignator, code.CodeValue, (tracked or [""])[0])
            assert float(value.NumericValue) == pytest.approx(value.FloatingPointValue, rel=1e-9, abs=1e-12)
            found[key] = float(value.FloatingPointValue)
    return found


def texts(report: Any) -> list[tuple[str, str]]:
    return [
        (item.ConceptNameCodeSequence[0].CodeMeaning, item.TextValue)
        for item in items(report)
        if item.get("ValueType") == "TEXT"
    ]


def test_numbers_are_those_of_the_reading_to_the_last_bit_analytic(model: Model, ran: Path, tmp_path: Path) -> None:
    files = patient_files(ran, tmp_path)
    reading, report = report_of(model, files)
    found = numbers(report)
    for code, value in (
        ("RISK", reading.probability), ("RISK_LOWER", reading.lower), ("RISK_UPPER", reading.upper),
        ("RADSCORE", reading.radscore), ("TOTAL_POINTS", reading.total_points), ("CUTOFF", reading.cutoff),
    ):  # fmt: skip
        assert found[SCHEME, code, ""] == value
    assert found[SCHEME, own_code("GIVEN_age", "").value, "age"] == 61.0
    table = extract_case("x", files, model.recipe).table
    for feature in model.file.radscore.features:
        value = float(table.values[0, table.columns.index(feature.column)])
        key = ("IBSI", feature.ibsi.split(":")[0]) if feature.ibsi else (SCHEME, own_code(feature.column, "").value)
        assert found[(*key, feature.column)] == value
        assert found[SCHEME, "CONTRIBUTION", feature.column] == reading.contributions[feature.column]
    assert {code for scheme, code, _ in found if scheme == "IBSI"}


def test_model_statements_and_answers_are_told_analytic(model: Model, ran: Path, tmp_path: Path) -> None:
    reading, report = report_of(model, patient_files(ran, tmp_path))
    told = texts(report)
    assert ("Statement on use", NOT_A_DEVICE) in told
    assert ("Simulated cohort", SIMULATED) in told
    assert ("Model", model.file.title) in told
    assert ("SHA-256 of the analysis", model.file.provenance["analysis_sha256"]) in told
    answers = {
        (item.ConceptNameCodeSequence[0].CodeMeaning, item.ConceptCodeSequence[0].CodeMeaning)
        for item in items(report)
        if item.get("ValueType") == "CODE"
    }
    assert ("menopause", "post") in answers
    side = "at or above the cut-off" if reading.positive else "below the cut-off"
    assert ("Side of the cut-off", side) in answers


def test_warnings_and_largely_lost_rings_are_told_analytic(model: Model, ran: Path, tmp_path: Path) -> None:
    mask = np.zeros((72, 80), bool)
    mask[1:14, 1:15] = True
    files = patient_files(ran, tmp_path, mask=mask)
    given = {**GIVEN, "age": "119"}
    reading = model.score_case(files, given)
    report = highdicom.sr.srread(io.BytesIO(reading_sr(model, files, given, reading)))
    assert any("outside the training range" in warning for warning in reading.warnings)
    assert any("lost" in warning for warning in reading.warnings)
    assert [text for name, text in texts(report) if name == "Warning"] == list(reading.warnings)
    assert max(value for (_, code, _), value in numbers(report).items() if code == "LOST") > 30.0


@pytest.mark.parametrize("seed", [1, 2])
def test_outline_gives_back_the_same_pixels_naive(model: Model, ran: Path, tmp_path: Path, seed: int) -> None:
    """Corners count from the upper left corner of the first pixel: 0.5 less gives coordinates of pixel centres."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((72, 80), bool)
    mask[20:50, 20:45] = True
    mask[28:33, 30:36] = False
    mask[55:60, 30:40] = True
    mask[20:24, 20:45] &= rng.random((4, 25)) < 0.9
    files = patient_files(ran, tmp_path, mask=mask)
    _, report = report_of(model, files)
    rings = []
    for item in items(report):
        if item.get("ValueType") == "SCOORD":
            assert item.GraphicType == "POLYLINE"
            closed = np.array(item.GraphicData, dtype=float).reshape(-1, 2)
            assert (closed[0] == closed[-1]).all()
            rings.append(closed[:-1, ::-1] - 0.5)
    assert (rasterise(rings, mask.shape) == mask).all()
    areas = [value for (scheme, code, _), value in numbers(report).items() if (scheme, code) == ("SCT", "42798000")]
    assert areas
    first = report.content.get_planar_roi_measurement_groups()[0]
    assert first.roi.value.min() == 20.0


def test_one_pixel_has_the_corners_around_it_analytic(model: Model, ran: Path, tmp_path: Path) -> None:
    """The square of 8 x 6 pixels whose first is (row 30, column 40): corners (40, 30) to (46, 38)."""
    mask = np.zeros((72, 80), bool)
    mask[30:38, 40:46] = True
    _, report = report_of(model, patient_files(ran, tmp_path, mask=mask))
    group = report.content.get_planar_roi_measurement_groups()[0]
    corners = {tuple(corner) for corner in group.roi.value.tolist()}
    assert corners == {(40.0, 30.0), (46.0, 30.0), (46.0, 38.0), (40.0, 38.0)}
    area = numbers(report)["SCT", "42798000", ""]
    assert area == pytest.approx(8 * 6 * 0.25**2, rel=1e-12)


def test_frame_is_named_where_there_are_several_analytic(model: Model, ran: Path, tmp_path: Path) -> None:
    single, one = report_of(model, patient_files(ran, tmp_path))
    several, three = report_of(model, patient_files(ran, tmp_path, frames=3, frame=1))
    assert several.probability == single.probability
    for report, frame in ((one, None), (three, 2)):
        named = [item.ReferencedSOPSequence[0] for item in items(report) if item.get("ValueType") == "IMAGE"]
        assert named
        assert {item.get("ReferencedFrameNumber") for item in named} == {frame}
        assert {item.ReferencedSOPInstanceUID for item in named} == {IDENTITY["SOPInstanceUID"]}
    assert {item.ReferencedSOPClassUID for item in named} == {ULTRASOUND_MULTI}
    evidence = three.CurrentRequestedProcedureEvidenceSequence[0]
    assert evidence.StudyInstanceUID == IDENTITY["StudyInstanceUID"]
    assert evidence.ReferencedSeriesSequence[0].SeriesInstanceUID == IDENTITY["SeriesInstanceUID"]


def test_patient_and_study_are_the_images_own_analytic(
    model: Model, ran: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = patient_files(ran, tmp_path)
    with caplog.at_level(logging.DEBUG):
        reading, report = report_of(model, files)
        again = pydicom.dcmread(io.BytesIO(reading_sr(model, files, GIVEN, reading)))
    for name in set(IDENTITY) - {"SeriesInstanceUID", "SOPInstanceUID", "SpecificCharacterSet"}:
        assert str(report[name].value) == IDENTITY[name], name
    for name in ("SeriesInstanceUID", "SOPInstanceUID"):
        assert len({report[name].value, again[name].value, IDENTITY[name]}) == 3
    assert numbers(report) == numbers(again)
    assert not any(word in caplog.text for word in ("Roe", "4711", "ACC9"))


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("GB18030", "Wang^XiaoDong=王^小东"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎"),
        ("ISO_IR 100", "Müller^Zoë"),
    ],
)
def test_names_survive_every_character_set_analytic(
    model: Model, ran: Path, tmp_path: Path, charset: str | list[str], name: str
) -> None:
    _, report = report_of(model, patient_files(ran, tmp_path, SpecificCharacterSet=charset, PatientName=name))
    assert report.SpecificCharacterSet == "ISO_IR 192"
    assert str(report.PatientName) == name


def test_where_there_can_be_no_report_one_line_says_why_analytic(model: Model, ran: Path, tmp_path: Path) -> None:
    screenshot = CaseFiles(ran / "images" / "000.png", ran / "masks" / "000.png", (0.25, 0.25))
    reading = model.score_case(screenshot, GIVEN)
    with pytest.raises(InputError, match="must be of a DICOM image"):
        reading_sr(model, screenshot, GIVEN, reading)
    files = patient_files(ran, tmp_path)
    for name in ("StudyInstanceUID", "SeriesInstanceUID", "PatientID"):
        dataset = pydicom.dcmread(files.image)
        delattr(dataset, name)
        dataset.save_as(tmp_path / "less.dcm", enforce_file_format=True)
        with pytest.raises(InputError, match=f"missing: {name}"):
            read_source(tmp_path / "less.dcm")


def test_what_the_image_leaves_out_is_empty_in_the_report_analytic(model: Model, ran: Path, tmp_path: Path) -> None:
    files = patient_files(ran, tmp_path)
    dataset = pydicom.dcmread(files.image)
    for name in ("PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID", "StudyTime", "ReferringPhysicianName"):
        delattr(dataset, name)
    dataset.save_as(files.image, enforce_file_format=True)
    _, report = report_of(model, files)
    assert not report.PatientBirthDate
    assert not report.StudyTime
    assert report.PatientID == "MRN-4711"


@pytest.mark.parametrize(
    ("unit", "code"), [("years", "a"), ("mm^2", "mm2"), ("level^2", "{level^2}"), ("岁", "1"), ("", "1")]
)
def test_units_are_ucum_analytic(unit: str, code: str) -> None:
    assert unit_code(unit).value == code


def test_codes_fit_into_dicom_and_differ_analytic() -> None:
    long = [own_code(f"P5_wavelet-LH_glcm_{'x' * at}", "m" * 90) for at in range(40)]
    assert len({code.value for code in long}) == 40
    assert all(len(code.value) <= 16 and len(code.meaning) <= 64 for code in long)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "frame", "spacing_mm", "centre"),
    [
        ("US-YBR_FULL_422-EVRLE.dcm", None, None, (300, 480)),
        ("gdcm-US-ALOKA-16.dcm", None, None, (260, 160)),
        ("gdcm-US-ALOKA-16_big.dcm", None, None, (260, 480)),
        ("examples_ybr_color.dcm", 4, (0.1, 0.1), (120, 160)),
        ("US1_J2KR.dcm", None, (0.1, 0.1), (240, 320)),
    ],
)
def test_real_ultrasound_files_analytic(
    model: Model, shared: Path, tmp_path: Path, name: str, frame: int | None, spacing_mm: tuple[float, float] | None,
    centre: tuple[int, int],
) -> None:  # fmt: skip
    path = shared / "data" / "dicom_us" / name
    header = pydicom.dcmread(path, stop_before_pixels=True)
    rows, columns = np.mgrid[: header.Rows, : header.Columns]
    mask = np.hypot(rows - centre[0], columns - centre[1]) < 20
    Pillow.fromarray(mask.astype(np.uint8) * 255).save(tmp_path / "mask.png")
    files = CaseFiles(path, tmp_path / "mask.png", spacing_mm, frame=frame)
    reading, report = report_of(model, files)
    assert numbers(report)[SCHEME, "RISK", ""] == reading.probability
    assert report.StudyInstanceUID == header.StudyInstanceUID
    assert str(report.PatientName) == str(header.PatientName)
    ring = next(item for item in items(report) if item.get("ValueType") == "SCOORD")
    corners = np.array(ring.GraphicData).reshape(-1, 2)[:-1, ::-1] - 0.5
    assert (rasterise([corners], mask.shape) == mask).all()
