"""Files of the results that a browser may ask for: by fixed names, of the open study, and no others."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from perirad.errors import InputError
from perirad.workbench.auditing import audit_page
from perirad.workbench.bench import Bench
from perirad.workbench.outcomes import figure_file
from perirad.workbench.places import inside

__all__ = ["result_files"]

_TYPES = {".html": "text/html", ".svg": "image/svg+xml", ".png": "image/png"}
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    # Figures hold text of the study: opened by themselves they may run nothing and fetch nothing.
    "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
}


def result_files(bench: Bench) -> APIRouter:
    """Routes of the audit's page and of the figures beside the report."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/audit.html")
    def audit() -> FileResponse:
        """The page of the last audit."""
        return _send(bench, None if bench.desk is None else audit_page(bench.desk.folder))

    @routes.get("/figure/{name}")
    def figure(name: str) -> FileResponse:
        """A figure, by one of a few names."""
        return _send(bench, None if bench.desk is None else figure_file(bench.desk.folder / "results", name))

    return routes


def _send(bench: Bench, path: Path | None) -> FileResponse:
    """A file, unless it is not there, or is a link that leads out of the study."""
    if bench.desk is None or path is None or not path.is_file():
        raise HTTPException(404)
    try:
        found = inside(bench.desk.folder, str(path))
    except InputError:
        raise HTTPException(404) from None
    return FileResponse(found, media_type=_TYPES[path.suffix], headers=_HEADERS)
