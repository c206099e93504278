"""The new patient beside the study: read as the command reads, nearest patients, and what can be kept."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pydicom
import pytest
from fastapi import FastAPI
from PIL import Image as Pillow
from tests.hospital.dicom_case import patient_files
from tests.workbench.asked import ask

from perirad.errors import InputError
from perirad.regions.exclusion import Cause
from perirad.study.casefiles import CaseFiles
from perirad.study.model import Model, load_model
from perirad.workbench.bench import Bench
from perirad.workbench.neighbours import nearest_training
from perirad.workbench.outlines import to_runs
from perirad.workbench.patients import Drawn, Waiting, read_patient, report_patient, seen, take_picture
from perirad.workbench.rest import router
from perirad.workbench.sheet import sheet_of

GIVEN = {"age": 61.0, "menopause": "post"}


@pytest.fixture(scope="module")
def model(ran: Path) -> Model:
    return load_model(ran / "results" / "model.json")


class Client:
    """Asks the routes without a network."""

    def __init__(self, study: Path) -> None:
        bench = Bench(study.parent)
        bench.open(study)
        self.server = FastAPI()
        self.server.include_router(router(bench))

    def post(self, route: str, form: dict[str, Any]) -> httpx.Response:
        return ask(self.server, "POST", route, **form)


@pytest.fixture
def client(ran: Path) -> Client:
    return Client(ran)


def first_mask(study: Path) -> Any:
    return np.asarray(Pillow.open(study / "masks" / "000.png")) > 0


def sent(files: CaseFiles, **fields: str) -> dict[str, Any]:
    """A request's form."""
    parts = {name: (path.name, path.read_bytes()) for name, path in (("image", files.image), ("mask", files.mask))}
    return {"files": parts, "data": {"values": json.dumps(GIVEN), **fields}}


@pytest.mark.parametrize("frame", [None, 1])
def test_a_dropped_picture_is_read_as_its_files_are_analytic(
    model: Model, ran: Path, tmp_path: Path, frame: int | None
) -> None:
    files = patient_files(ran, tmp_path, frames=1 if frame is None else 3, frame=frame)
    patient = take_picture(files.image.read_bytes(), "x.dcm", None, frame)
    assert patient.no_report is None
    drawn = Drawn(tuple(to_runs(first_mask(ran))))
    reading = read_patient(model, patient, drawn, GIVEN)
    assert reading == model.score_case(files, GIVEN)
    report = pydicom.dcmread(io.BytesIO(report_patient(model, patient, drawn, GIVEN, reading)))
    assert report.PatientID == "MRN-4711"


def test_a_model_that_resamples_reads_resampled_pixels_regression(model: Model, ran: Path, tmp_path: Path) -> None:
    """The page once measured the picture's own pixels, whatever the model was learnt on."""
    assert model.file.recipe is not None
    recipe = model.file.recipe.model_copy(update={"resample_mm": 0.4})
    coarse = Model(model.file.model_copy(update={"recipe": recipe}))
    files = patient_files(ran, tmp_path)
    patient = take_picture(files.image.read_bytes(), "x.dcm", None)
    drawn = Drawn(tuple(to_runs(first_mask(ran))))
    reading = read_patient(coarse, patient, drawn, GIVEN)
    assert reading == coarse.score_case(files, GIVEN)
    assert reading.radscore != model.score_case(files, GIVEN).radscore
    image, regions = seen(coarse, patient, drawn)
    assert image.spacing_mm == (0.25, 0.25)
    assert sheet_of(coarse, image, regions, reading, "png").startswith(b"\x89PNG")


def test_what_is_left_out_on_the_canvas_is_left_out_regression(model: Model, ran: Path, tmp_path: Path) -> None:
    """The page once read the rings whole, whatever had been painted out."""
    files = patient_files(ran, tmp_path)
    patient = take_picture(files.image.read_bytes(), "x.dcm", None)
    mask = first_mask(ran)
    painted = np.zeros_like(mask)
    rows, columns = np.nonzero(mask)
    painted[rows.min() - 6 : rows.min() - 1, columns.min() : columns.max()] = True
    whole, left = (Drawn(tuple(to_runs(mask)), runs) for runs in ((), tuple(to_runs(painted))))
    Pillow.fromarray(painted.astype(np.uint8) * 255).save(tmp_path / "out.png")
    expected = model.score_case(replace(files, left_out=tmp_path / "out.png"), GIVEN)
    assert read_patient(model, patient, left, GIVEN) == expected
    assert read_patient(model, patient, whole, GIVEN).radscore != expected.radscore
    ring = seen(model, patient, left)[1][1]
    assert ring.lost_fraction[Cause.MARKED] > 0.05


def test_frames_must_be_named_and_are_gone_with_the_session_analytic(ran: Path, tmp_path: Path) -> None:
    files = patient_files(ran, tmp_path, frames=3, frame=1)
    content = files.image.read_bytes()
    with pytest.raises(InputError, match="one frame must be chosen"):
        take_picture(content, "x.dcm", None)
    with pytest.raises(InputError, match="frame must be 0 to 2"):
        take_picture(content, "x.dcm", None, 3)
    assert Waiting().picture is None


def test_a_screenshot_is_read_and_has_no_report_analytic(model: Model, ran: Path) -> None:
    content = (ran / "images" / "000.png").read_bytes()
    patient = take_picture(content, "C:\\x\\Roe Jane.png", (0.25, 0.25))
    assert patient.no_report is not None
    assert "must be of a DICOM image" in str(patient.no_report)
    assert "Roe" not in f"{patient.suffix}{patient.picture.image.name}{patient.picture.source}"
    drawn = Drawn(tuple(to_runs(first_mask(ran))))
    with (ran / "results" / "predictions.csv").open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    reading = read_patient(model, patient, drawn, GIVEN)
    assert reading.radscore == pytest.approx(float(row["radscore"]), abs=1e-12)
    with pytest.raises(InputError, match="pixel spacing must be known"):
        read_patient(model, take_picture(content, "x.png", None), drawn, GIVEN)


@pytest.mark.shared
@pytest.mark.parametrize("column", [160, 480])
def test_of_two_views_the_lesion_tells_the_one_analytic(model: Model, shared: Path, column: int) -> None:
    content = (shared / "data" / "dicom_us" / "gdcm-US-ALOKA-16.dcm").read_bytes()
    patient = take_picture(content, "x.dcm", None)
    assert patient.picture.spacing_mm == pytest.approx((0.383, 0.383), abs=0.001)
    rows, columns = np.mgrid[:480, :640]
    drawn = Drawn(tuple(to_runs(np.hypot(rows - 260, columns - column) < 15)))
    image, regions = seen(model, patient, drawn)
    assert image.field.left <= column < image.field.right
    assert image.field.right - image.field.left < 400
    assert regions[0].n_pixels == sum(drawn.runs[1::2])
    warned = read_patient(
        model, patient, drawn, GIVEN
    ).warnings  # of another organ, larger than any lesion of the study
    assert any("outside the training range" in warning for warning in warned)


def test_nearest_patients_are_nearest_in_standardised_features_naive(model: Model, ran: Path) -> None:
    results = ran / "results"
    files = CaseFiles(ran / "images" / "000.png", ran / "masks" / "000.png", (0.25, 0.25))
    reading = model.score_case(files, GIVEN)
    nearest = nearest_training(model, results, reading, n=4)
    assert nearest.by == "features"
    table = pd.read_parquet(results / "features.parquet")
    predictions = pd.read_csv(results / "predictions.csv").set_index("case_id")
    away = {}
    for case in predictions.index[predictions.cohort == "train"]:
        squares = [
            ((table.loc[case, item.column] - table.loc["c000", item.column]) / item.sd) ** 2
            for item in model.file.radscore.features
        ]
        away[case] = (sum(squares) / len(squares)) ** 0.5
    expected = sorted(away, key=lambda case: away[case])[:4]
    assert [case.case_id for case in nearest.cases] == expected
    assert predictions.cohort["c000"] == "train"
    assert nearest.cases[0].away == pytest.approx(0.0, abs=1e-9)
    for case in nearest.cases:
        assert case.away == pytest.approx(away[case.case_id], abs=1e-9)
        assert case.outcome == predictions.outcome[case.case_id]
        assert case.probability == pytest.approx(predictions.probability[case.case_id], abs=1e-12)


def test_without_features_the_nearest_are_by_risk_naive(model: Model, ran: Path, tmp_path: Path) -> None:
    (tmp_path / "predictions.csv").write_bytes((ran / "results" / "predictions.csv").read_bytes())
    reading = model.score_case(CaseFiles(ran / "images" / "003.png", ran / "masks" / "003.png", (0.25, 0.25)), GIVEN)
    nearest = nearest_training(model, tmp_path, replace(reading, probability=0.5))
    frame = pd.read_csv(tmp_path / "predictions.csv")
    train = frame[frame.cohort == "train"]
    expected = train.assign(away=(train.probability - 0.5).abs()).sort_values("away", kind="stable").case_id[:3]
    assert nearest.by == "risk"
    assert [case.case_id for case in nearest.cases] == expected.tolist()
    with pytest.raises(InputError, match="table of predictions"):
        nearest_training(model, tmp_path / "none", reading)


def test_rest_answers_the_report_as_dicom_analytic(model: Model, ran: Path, tmp_path: Path, client: Client) -> None:
    files = patient_files(ran, tmp_path, frames=3, frame=1)
    expected = model.score_case(files, GIVEN)
    answer = client.post("/api/score.dcm", sent(files, frame="1"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/dicom"
    report = pydicom.dcmread(io.BytesIO(answer.content))
    assert report.Modality == "SR"
    assert report.PatientName == "Roe^Jane"
    assert client.post("/api/score", sent(files, frame="1")).json()["probability"] == expected.probability


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "one frame must be chosen"),
        ({"frame": "x"}, "frame must be a whole number"),
        ({"frame": "1", "values": "no"}, "values must be JSON"),
        ({"frame": "1", "values": "[]"}, "values must be a JSON object"),
        ({"frame": "1", "spacing_mm": "wide"}, "positive numbers"),
    ],
)
def test_rest_refuses_in_one_line_analytic(
    ran: Path, tmp_path: Path, client: Client, fields: dict[str, str], line: str
) -> None:
    files = patient_files(ran, tmp_path, frames=3, frame=1)
    for route in ("/api/score", "/api/score.dcm"):
        answer = client.post(route, sent(files, **fields))
        assert answer.status_code == 422
        assert len(answer.json()["detail"]) == 1
        assert line in answer.json()["detail"][0]


def test_rest_has_no_report_of_a_screenshot_analytic(ran: Path, client: Client) -> None:
    files = CaseFiles(ran / "images" / "000.png", ran / "masks" / "000.png")
    answer = client.post("/api/score.dcm", sent(files, spacing_mm="0.25"))
    assert answer.status_code == 422
    assert "must be of a DICOM image" in answer.json()["detail"][0]
