"""Reporting and quality checklists, filled in where the run knows, left to the authors where only they do."""

from perirad.report.checklists.all import Checklist, checklists

__all__ = ["Checklist", "checklists"]
