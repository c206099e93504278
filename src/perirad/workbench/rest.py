"""REST beside the pages: scoring, features and the state of the study, checked as the command line checks."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, HTTPException, Response, UploadFile
from fastapi.concurrency import run_in_threadpool

from perirad.errors import InputError, StudyError
from perirad.study.casefiles import CaseFiles
from perirad.study.cells import given_frame, given_spacing
from perirad.study.model import Model, Reading, load_model
from perirad.workbench.bench import Bench
from perirad.workbench.places import upload_suffix

__all__ = ["router"]


def router(bench: Bench) -> APIRouter:
    """Routes under ``/api``; OpenAPI describes them at ``/api/openapi.json``."""
    routes = APIRouter(prefix="/api", tags=["perirad"])

    @routes.get("/study")
    def study() -> dict[str, Any]:
        """Title, number of cases and state of the open study."""
        desk = _desk(bench)
        try:
            settings = desk.study().settings
            progress = bench.runner().progress()
            return {
                "title": settings.title, "kind": settings.kind, "cases": len(desk.rows()), "state": desk.state(),
                "run": {
                    "state": progress.state, "stage": progress.stage, "done": progress.done, "total": progress.total,
                },
            }  # fmt: skip
        except (InputError, StudyError) as error:
            raise _bad(error) from None

    @routes.post("/score")
    async def score(
        image: Annotated[UploadFile, File()], mask: Annotated[UploadFile, File()],
        values: Annotated[str, Form()] = "{}", spacing_mm: Annotated[str, Form()] = "",
        centre: Annotated[str, Form()] = "", frame: Annotated[str, Form()] = "",
    ) -> dict[str, Any]:  # fmt: skip
        """Read one patient with the model of the open study; `values` is a JSON object of clinical values.

        `frame` is the frame of several, from 0.
        """
        with _refused(), tempfile.TemporaryDirectory() as folder:
            files = await _files(Path(folder), image, mask, spacing_mm, frame)
            _, reading = await run_in_threadpool(_read, bench, files, _given(values), centre)
        return reading.record()

    @routes.post("/score.dcm", response_class=Response, responses={200: {"content": {"application/dicom": {}}}})
    async def score_sr(
        image: Annotated[UploadFile, File()], mask: Annotated[UploadFile, File()],
        values: Annotated[str, Form()] = "{}", spacing_mm: Annotated[str, Form()] = "",
        centre: Annotated[str, Form()] = "", frame: Annotated[str, Form()] = "",
    ) -> Response:  # fmt: skip
        """Read one patient as `score` does; the answer is a DICOM Structured Report in the study of the DICOM image."""
        with _refused(), tempfile.TemporaryDirectory() as folder:
            files = await _files(Path(folder), image, mask, spacing_mm, frame)
            report = await run_in_threadpool(_report, bench, files, _given(values), centre)
        named = {"Content-Disposition": 'attachment; filename="reading.sr.dcm"', "Cache-Control": "no-store"}
        return Response(report, media_type="application/dicom", headers=named)

    @routes.post("/features")
    async def features(
        image: Annotated[UploadFile, File()], mask: Annotated[UploadFile, File()],
        spacing_mm: Annotated[str, Form()] = "",
    ) -> dict[str, float | None]:  # fmt: skip
        """Features of one image by the settings of the open study."""
        from perirad.study.extraction import extract_case  # noqa: PLC0415
        from perirad.study.gather import recipe_of  # noqa: PLC0415

        with _refused(), tempfile.TemporaryDirectory() as folder:
            recipe = recipe_of(_desk(bench).study().settings)
            files = await _files(Path(folder), image, mask, spacing_mm)
            table = (await run_in_threadpool(extract_case, "patient", files, recipe)).table
        row = table.values[0].tolist()
        return {name: v if math.isfinite(v) else None for name, v in zip(table.columns, row, strict=True)}

    return routes


def _desk(bench: Bench) -> Any:
    if bench.desk is None:
        raise HTTPException(409, ["no study is open"])
    return bench.desk


def _given(values: str) -> dict[str, Any]:
    try:
        given = json.loads(values)
    except ValueError:
        raise HTTPException(422, ["values must be JSON"]) from None
    if not isinstance(given, dict):
        raise InputError("values must be a JSON object", type(given).__name__)
    return given


def _read(bench: Bench, files: CaseFiles, given: dict[str, Any], centre: str) -> tuple[Model, Reading]:
    model = load_model(_desk(bench).folder / "results" / "model.json")
    return model, model.score_case(files, given, centre=centre)


def _report(bench: Bench, files: CaseFiles, given: dict[str, Any], centre: str) -> bytes:
    from perirad.hospital.sr import reading_sr  # noqa: PLC0415

    model, reading = _read(bench, files, given, centre)
    return reading_sr(model, files, given, reading)


async def _files(folder: Path, image: UploadFile, mask: UploadFile, spacing_mm: str, frame: str = "") -> CaseFiles:
    spacing = given_spacing(spacing_mm)
    number = given_frame(frame)
    paths = []
    for stem, given in (("image", image), ("mask", mask)):
        path = folder / f"{stem}{upload_suffix(given.filename or '')}"
        path.write_bytes(await given.read())
        paths.append(path)
    return CaseFiles(paths[0], paths[1], spacing, frame=number)


@contextmanager
def _refused() -> Iterator[None]:
    """Answer problems of what was sent with their lines."""
    try:
        yield
    except (InputError, StudyError) as error:
        raise _bad(error) from None


def _bad(error: InputError | StudyError) -> HTTPException:
    return HTTPException(422, [item.line() for item in error.problems])
