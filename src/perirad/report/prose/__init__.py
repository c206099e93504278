"""Text for the manuscript, written from the run's own records."""

from perirad.report.prose.manuscript import Chapter, manuscript

__all__ = ["Chapter", "manuscript"]
