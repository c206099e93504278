"""Simulated B-mode cohorts with a known truth."""
