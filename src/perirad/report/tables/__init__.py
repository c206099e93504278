"""Tables of the report as text, ready to print; `write_tables` writes them all."""

from perirad.report.tables.all import report_tables, write_tables
from perirad.report.tables.table import ReportTable

__all__ = ["ReportTable", "report_tables", "write_tables"]
