"""The server: pages, pictures and REST behind the guard, on this machine only unless asked otherwise."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Response
from fastapi.responses import FileResponse
from nicegui import app as nicegui_app
from nicegui import ui

from perirad.errors import InputError, StudyError
from perirad.workbench.bench import Bench
from perirad.workbench.guard import Guard, Rules
from perirad.workbench.pages.audit import audit
from perirad.workbench.pages.explorer import explorer
from perirad.workbench.pages.home import home
from perirad.workbench.pages.outline import outline
from perirad.workbench.pages.patient import patient
from perirad.workbench.pages.quality import quality
from perirad.workbench.pages.readers import readers
from perirad.workbench.pages.results import results
from perirad.workbench.patients import Waiting
from perirad.workbench.rest import router
from perirad.workbench.result_files import result_files

__all__ = ["check_address", "make_app", "serve"]

_CANVAS = Path(__file__).parent / "canvas"


def make_app(bench: Bench, rules: Rules) -> Guard:
    """The application, guarded."""
    server = FastAPI(title="perirad workbench", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    server.include_router(router(bench))
    waiting = Waiting()
    _pictures(server, bench, waiting)
    nicegui_app.add_static_files("/perirad", _CANVAS)
    ui.page("/", title="perirad")(lambda: home(bench))
    ui.page("/outline", title="perirad: outlines")(lambda case=0: outline(bench, _number(case)))
    ui.page("/quality", title="perirad: quality")(
        lambda start=0, shown="all": quality(bench, _number(start), str(shown))
    )
    server.include_router(result_files(bench))
    ui.page("/results", title="perirad: results")(lambda view="report": results(bench, str(view)))
    ui.page("/explorer", title="perirad: features")(
        lambda feature="", case="": explorer(bench, str(feature), str(case))
    )
    ui.page("/audit", title="perirad: audit")(lambda: audit(bench))
    ui.page("/readers", title="perirad: readers")(lambda first="", second="": readers(bench, str(first), str(second)))
    ui.page("/patient", title="perirad: new patient")(lambda: patient(bench, waiting))
    ui.run_with(server, title="perirad", show_welcome_message=False, storage_secret=rules.token, reconnect_timeout=20)
    return Guard(server, rules)


def _number(value: Any) -> int:
    return int(value) if str(value).isdigit() else 0


def _pictures(server: FastAPI, bench: Bench, waiting: Waiting) -> None:
    private = {"Cache-Control": "no-store"}

    @server.get("/picture/{at}", include_in_schema=False)
    def picture(at: int) -> Response:
        """Picture of a case of the open study, by its place in the table."""
        if bench.desk is None:
            raise HTTPException(404)
        try:
            rows = bench.desk.rows()
            if not 0 <= at < len(rows):
                raise HTTPException(404)
            return Response(bench.desk.picture(rows[at]).png, media_type="image/png", headers=private)
        except (InputError, StudyError, OSError):
            raise HTTPException(404) from None

    @server.get("/patient/picture", include_in_schema=False)
    def patient_picture() -> Response:
        """Picture of the patient who is being read."""
        if waiting.picture is None:
            raise HTTPException(404)
        return Response(waiting.picture.png, media_type="image/png", headers=private)

    @server.get("/report.html", include_in_schema=False)
    def report() -> FileResponse:
        """The report of the open study."""
        path = None if bench.desk is None else bench.desk.folder / "results" / "report.html"
        if path is None or not path.is_file():
            raise HTTPException(404)
        return FileResponse(path, media_type="text/html", headers=private)


def check_address(host: str, *, certificate: Path | None, password: str, open_network: bool) -> None:
    """Refuse an address that others can reach without a password and TLS, or without being told twice.

    Raises
    ------
    InputError
        For any address but loopback that lacks one of them.
    """
    loop = host == "localhost" or ipaddress.ip_address(host).is_loopback
    if loop:
        return
    if not password:
        raise InputError("an address that others can reach must have a password", "none", mend="set PERIRAD_PASSWORD")
    if certificate is None and not open_network:
        mend = "give --certificate and --key, or --open-network if the network is yours alone"
        raise InputError("an address that others can reach must have TLS", "none", mend=mend)


def serve(bench: Bench, host: str, port: int, rules: Rules, *, certificate: Path | None, key: Path | None) -> None:
    """Serve until Ctrl-C."""
    import uvicorn  # noqa: PLC0415

    uvicorn.run(
        make_app(bench, rules), host=host, port=port, log_level="warning", access_log=False,
        ws_max_size=64 * 1024 * 1024,
        ssl_certfile=None if certificate is None else str(certificate), ssl_keyfile=None if key is None else str(key),
    )  # fmt: skip
