"""The report: the only room that draws."""
