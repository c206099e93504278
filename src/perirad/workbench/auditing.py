"""The audit of the open study: who runs it, and whether what is there belongs to the results."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from perirad.workbench.bench import Bench
from perirad.workbench.runner import Runner

__all__ = ["AuditState", "audit_page", "audit_state", "auditor"]

AuditState = Literal["missing", "stale", "done"]

_INPUTS = ("results/model.json", "results/metrics.json", "study.toml")


def auditor(bench: Bench) -> Runner:
    """Runner of the audit of the open study, beside the one of its run."""
    assert bench.desk is not None, "an audit needs an open study"
    folder = bench.desk.folder
    return bench.runners.setdefault(folder / "results" / "audit", Runner(folder, "audit"))


def audit_page(folder: Path) -> Path:
    """Page that the audit writes."""
    return folder / "results" / "audit" / "audit.html"


def audit_state(folder: Path, table: Path) -> AuditState:
    """Whether a study was audited, and since its settings, its table and its results were last changed."""
    page = audit_page(folder)
    if not page.is_file():
        return "missing"
    inputs = [path for path in (*(folder / name for name in _INPUTS), table) if path.is_file()]
    newest = max((path.stat().st_mtime_ns for path in inputs), default=0)
    return "stale" if page.stat().st_mtime_ns < newest else "done"
