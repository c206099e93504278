"""Tables of the report as text, ready to print; `perirad.report.tables.files` writes them all."""

from perirad.report.tables.all import report_tables
from perirad.report.tables.table import ReportTable

__all__ = ["ReportTable", "report_tables"]
